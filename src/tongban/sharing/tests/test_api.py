"""`findUsage` of the data tracker: the shape, whose log, what is narrowed."""

from datetime import timedelta
from typing import Any

from tests.standing import nothing_changes

from tongban.accounts import actions as accounts
from tongban.accounts import queries as people
from tongban.accounts.tests.people import credit_code
from tongban.base.actor import SYSTEM
from tongban.base.clock import now, office_date
from tongban.cases.tests.people import client_of
from tongban.registers.tests.town import Town
from tongban.sharing.tests.seen import lasting, looked, neighbour

API = "/api/v1/my-data"


def test_usages_in_the_trackers_shape_the_newest_first(town: Town) -> None:
    lasting(town, "name", "address")
    number = town.case()
    town.ask(town.call(number, "name"), now=now() - timedelta(days=3))
    town.ask(town.call(number, "address"), now=now())
    client = client_of(town.lin.username)
    told = client.get(f"{API}/findUsage").json()
    assert told["totalUsages"] == 2
    first, second = told["usages"]
    assert set(first) == {"logtime", "action", "receiverCode", "receiverName", "receiverSystem"}
    assert first["logtime"] > second["logtime"]
    assert (first["receiverCode"], first["receiverName"]) == ("asking", "云澜市民政局")
    assert "住址" in first["action"]
    assert "办理居住证" in first["action"]
    today = office_date(now()).isoformat()
    assert client.get(f"{API}/findUsage?periodStart={today}&periodEnd={today}").json()["totalUsages"] == 1
    for ends in ("periodStart=0001-01-01", "periodEnd=9999-12-31", "periodStart=0001-01-01&periodEnd=9999-12-31"):
        assert client.get(f"{API}/findUsage?{ends}").json() == told
    paged = client.get(f"{API}/findUsage?offset=1&limit=1").json()
    assert (paged["totalUsages"], paged["usages"]) == (2, [second])
    period = client.get(f"{API}/usagePeriod").json()
    assert period["periodStart"] == second["logtime"]
    assert client.get(f"{API}/heartbeat").json()["status"] == "ok"


def test_whose_log_is_read_is_judged(town: Town) -> None:
    looked(town)
    mine, number = client_of(town.lin.username), people.person_by_id(town.lin.person_id).identity_number
    assert mine.get(f"{API}/findUsage?userCode={number}").json()["totalUsages"] == 1
    described = mine.get("/api/v1/openapi.json").json()["paths"]["/api/v1/my-data/findUsage"]["get"]["responses"]
    assert "404" in described  # as somebody else's number is answered
    stranger, official = client_of(neighbour().username), client_of(town.steward.username)
    with nothing_changes():
        assert stranger.get(f"{API}/findUsage?userCode={number}").status_code == 404
        assert stranger.get(f"{API}/findUsage?userCode=x").status_code == 404
        assert official.get(f"{API}/findUsage").status_code == 403
        assert mine.get(f"{API}/findUsage?limit=0").status_code == 422
        assert mine.get(f"{API}/findUsage?periodStart=x").status_code == 422


def test_enterprises_read_theirs(town: Town) -> None:
    code = credit_code()
    firm: dict[str, Any] = {"name": "林知夏面馆", "credit_code": code}
    registered = accounts.register_enterprise(actor=town.lin.actor, **firm, now=now())
    mine = client_of(town.lin.username)
    with nothing_changes():
        assert mine.get(f"{API}/findUsage?userCode={code}").status_code == 403  # she has only said that it is hers
    assert "营业执照" in mine.get(f"/my/data/?for={registered.id}").content.decode()
    accounts.register_enterprise(actor=SYSTEM, **firm, representative_id=town.lin.person_id, now=now())
    stranger = client_of(neighbour().username)
    assert mine.get(f"{API}/findUsage?userCode={code}").json() == {"totalUsages": 0, "usages": []}
    assert stranger.get(f"{API}/findUsage?userCode={code}").status_code == 404
    page = mine.get("/my/data/").content.decode()
    assert "林知夏面馆" in page
