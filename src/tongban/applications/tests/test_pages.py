"""The pages: everything works without script, nothing typed is lost, lists do not grow dearer."""

from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tongban.accounts.models import HeldInput
from tongban.applications import actions, queries
from tongban.applications.models import Application, Draft, DraftMaterial
from tongban.applications.tests.people import SHOP, TYPED, Town, picture
from tongban.applications.tests.test_afterwards import held_result
from tongban.applications.tests.test_strangers import take_in
from tongban.cases import actions as cases
from tongban.cases.models import Case
from tongban.cases.tests.people import NOW, client_of, open_task
from tongban.site.demo.people import resident_number

SENT = {key: value for key, value in TYPED["shop"].items() if key != "opened"} | {
    "opened_year": "2026",
    "opened_month": "1",
    "opened_day": "5",
}
"""The step as the page's inputs send it: a date in three."""


@pytest.fixture
def lin(town: Town) -> Client:
    return client_of(town.lin.username)


@pytest.fixture
def clerk(town: Town) -> Client:
    return client_of(town.clerk.username)


def page(answer: Any) -> str:
    return str(answer.content.decode())


def test_who_applies_again_for_what_is_under_way_is_told(town: Town, lin: Client) -> None:
    draft = town.fill(town.begin())
    root = f"/drafts/{draft.id}"
    words = "同样的事已在办理"
    assert words not in page(lin.get(f"{root}/review/"))
    first = town.submitted().case
    theirs = town.submit(town.fill(town.begin(town.other.actor), town.other.actor), town.other.actor).case
    for part in ("form/who/", "review/"):
        shown = page(lin.get(f"{root}/{part}"))
        assert words in shown
        assert f'href="/my/cases/{first.number}"' in shown
        assert theirs.number not in shown
    assert words not in page(lin.get(f"{root}/form/shop/")), "once at the beginning, once before the end"
    Case.objects.filter(id=first.id).update(state=Case.State.WITHDRAWN)
    assert words not in page(lin.get(f"{root}/review/"))


def test_a_window_is_told_of_what_it_may_see_and_of_nothing_else(town: Town, clerk: Client) -> None:
    def told() -> str:
        draft = actions.begin_at_window(
            actor=town.clerk.actor, post_id=town.clerk.post.id, item_code=SHOP, person_id=town.lin.person_id,
            situation={"premises": "own"}, now=NOW,
        )  # fmt: skip
        return page(clerk.get(f"/drafts/{draft.id}/form/who/"))

    online = town.submitted().case
    assert online.number not in told(), "which came in online, and with which this window has nothing to do"
    taken_in = take_in(town, town.lin).case
    shown = told()
    assert f'href="/office/cases/{taken_in.number}"' in shown
    assert online.number not in shown
    assert "请问清是否确实要再办一件。" in shown


def test_another_licence_of_the_same_kind_is_another_matter(town: Town) -> None:
    result = held_result(town)
    first = town.submitted().case
    draft = town.begin()
    assert list(queries.under_way_alike(town.lin.actor, draft)) == [first]
    Draft.objects.filter(id=draft.id).update(predecessor=result)
    draft.refresh_from_db()
    assert list(queries.under_way_alike(town.lin.actor, draft)) == []
    Case.objects.filter(id=first.id).update(predecessor=result)
    assert list(queries.under_way_alike(town.lin.actor, draft)) == [first]


def test_from_the_guide_to_the_receipt(town: Town, lin: Client) -> None:
    assert lin.get(f"/apply/{SHOP}/?premises=own").status_code == 200
    assert lin.post(f"/apply/{SHOP}/", {"applicant": "somebody"}).status_code == 422
    begun = lin.post(f"/apply/{SHOP}/", {"applicant": "self", "situation_premises": "own"})
    draft = Draft.objects.get()
    assert begun["Location"] == f"/drafts/{draft.id}/"
    root = f"/drafts/{draft.id}"
    assert lin.get(f"{root}/")["Location"] == f"{root}/form/who/"
    identity = draft.person.identity_number
    shown = page(lin.get(f"{root}/form/who/"))
    assert "林知夏" in shown
    assert lin.post(f"{root}/form/who/", TYPED["who"] | {"identity": identity})["Location"] == f"{root}/form/shop/"
    wrong = lin.post(f"{root}/form/shop/", SENT | {"area": "很大"})
    assert wrong.status_code == 422
    assert "很大" in page(wrong)
    assert "望江面馆" in page(wrong)
    assert lin.post(f"{root}/form/shop/", SENT)["Location"] == f"{root}/materials/"
    assert lin.post(f"{root}/materials/", {}).status_code == 422
    assert lin.post(f"{root}/materials/", {"plan": picture()})["Location"] == f"{root}/delivery/"
    assert lin.post(f"{root}/delivery/", {"way": "post", "recipient": "林"}).status_code == 422
    assert lin.post(f"{root}/delivery/", {"way": "online"})["Location"] == f"{root}/review/"
    review = page(lin.get(f"{root}/review/"))
    assert "望江面馆" in review
    assert str(identity) not in review
    key = str(draft.idempotency_key)
    assert lin.post(f"{root}/review/", {"key": key}).status_code == 422
    sent = lin.post(f"{root}/review/", {"key": key, "declared": "on"})
    case = Case.objects.get()
    assert sent["Location"] == lin.post(f"{root}/review/", {"key": key, "declared": "on"})["Location"]
    assert sent["Location"] == f"/cases/{case.number}/receipt/"
    assert case.number in page(lin.get(sent["Location"]))
    assert client_of(town.other.username).get(sent["Location"]).status_code == 404


def test_review_names_all_that_is_missing_with_a_way_there(town: Town, lin: Client) -> None:
    draft = town.begin()
    answer = lin.post(f"/drafts/{draft.id}/review/", {"key": str(draft.idempotency_key), "declared": "on"})
    assert answer.status_code == 422
    for part in ("form/shop", "materials", "delivery"):
        assert f'href="/drafts/{draft.id}/{part}/"' in page(answer)
    assert lin.post(f"/drafts/{draft.id}/review/", {"key": "x"}).status_code == 404


def test_a_draft_goes_on_on_another_device(town: Town, lin: Client) -> None:
    draft = town.begin()
    town.save(draft, "who")
    other_device = client_of(town.lin.username)
    assert other_device.get(f"/drafts/{draft.id}/")["Location"].endswith("/form/shop/")
    assert str(draft.id) in page(other_device.get("/my/drafts/"))
    town.save(draft, "shop", words="先到")
    stale = lin.post(f"/drafts/{draft.id}/form/shop/", SENT | {"words": "后到", "revision": "1"})
    assert stale.status_code == 409
    assert "后到" in page(stale)
    draft.refresh_from_db()
    assert draft.values["words"] == "先到"


def test_a_step_that_is_not_asked_leads_on(town: Town, lin: Client) -> None:
    draft = town.begin()
    root = f"/drafts/{draft.id}"
    for method in (lin.get, lin.post):
        assert method(f"{root}/form/kitchen_step/")["Location"] == f"{root}/form/who/"
        assert method(f"{root}/form/no-such-step/").status_code == 404


def test_what_was_typed_without_a_session_comes_back_to_its_writer(town: Town, lin: Client) -> None:
    draft = town.begin()
    address = f"/drafts/{draft.id}/form/shop/"
    assert "held=" not in Client().post(address, SENT | {"words": "我写了很久"})["Location"]
    other_tab = client_of(town.lin.username)
    other_tab.post("/sign-out")
    sent = other_tab.post(address, SENT | {"words": "我写了很久"})
    back = parse_qs(urlsplit(sent["Location"]).query)["next"][0]
    assert back.startswith(address)
    assert "我写了很久" in page(lin.get(back))
    assert client_of(town.other.username).get(back).status_code == 404
    assert lin.post(back, SENT | {"words": "我写了很久"}).status_code == 302
    assert not HeldInput.objects.exists()
    draft.refresh_from_db()
    assert draft.values["words"] == "我写了很久"


def test_strangers_cannot_make_a_fault_of_a_path(db: None) -> None:
    for address in (f"/drafts/{UUID(int=1)}/form/{'x' * 400}/", "/my/cases/%00/supplement/"):
        assert Client().post(address, {"a": "b"}).status_code in {302, 404}
    assert not HeldInput.objects.exists()


def test_files_come_and_go_with_and_without_script(town: Town, lin: Client) -> None:
    draft = town.begin()
    upload = f"/drafts/{draft.id}/materials/plan/files/"
    told = lin.post(upload, {"plan": picture()}, headers={"accept": "application/json"})
    assert told.status_code == 201
    assert told.json()["name"] == "plan.png"
    assert lin.post(told.json()["remove_url"], headers={"accept": "application/json"}).status_code == 200
    assert lin.post(upload, {}, headers={"accept": "application/json"})["Content-Type"] == "application/problem+json"
    assert lin.post(upload, {}).status_code == 422
    assert lin.post(upload, {"plan": picture()}).status_code == 302
    row = DraftMaterial.objects.get()
    other = client_of(town.other.username)
    assert other.get(f"/files/{row.file_id}").status_code == 404
    assert other.post(f"/drafts/{draft.id}/files/{row.id}/remove/").status_code == 404
    assert lin.get(f"/files/{row.file_id}").status_code == 200
    word = lin.post(f"/drafts/{draft.id}/materials/report/word/", {"way": "follows"})
    assert word.status_code == 302
    assert lin.post(f"/drafts/{draft.id}/materials/plan/word/", {"way": "paper"}).status_code == 403
    assert lin.post(f"/drafts/{draft.id}/materials/plan/word/", {"way": "not_applicable"}).status_code == 422


def test_a_draft_is_thrown_away_after_one_question(town: Town, lin: Client) -> None:
    draft = town.begin()
    assert lin.get(f"/drafts/{draft.id}/discard/").status_code == 200
    assert Draft.objects.count() == 1
    assert lin.post(f"/drafts/{draft.id}/discard/")["Location"] == "/my/drafts/"
    assert not Draft.objects.exists()


def window_form(**changes: str) -> dict[str, str]:
    return {
        "applicant_kind": "person",
        "name": "阿依古丽",
        "identity_kind": "passport",
        "identity_number": "e12345678",
        "by_proxy": "yes",
        "proxy_name": "林知夏",
        "proxy_identity_kind": "passport",
        "proxy_identity_number": "E87654321",
        "proxy_authority": "委托书，3 月 1 日",
        "identity_seen": "on",
        "situation_premises": "own",
        **changes,
    }


def test_a_clerk_finds_the_matter_and_takes_it_in(town: Town, clerk: Client, lin: Client) -> None:
    found = page(clerk.get("/office/window/", {"q": "开设店铺"}))
    assert f"/office/window/{SHOP}/" in found
    assert clerk.get("/office/window/", {"q": "zzzzqqqq \x00"}).status_code == 200
    wrong = clerk.post(f"/office/window/{SHOP}/", window_form(identity_number="1", proxy_name=""))
    assert wrong.status_code == 422
    assert "阿依古丽" in page(wrong)
    begun = clerk.post(f"/office/window/{SHOP}/", window_form())
    draft = Draft.objects.get()
    assert begun["Location"] == f"/drafts/{draft.id}/"
    assert draft.proxy["identity_number"] == "E87654321"
    assert draft.person.identity_number == "E12345678"
    assert clerk.get(begun["Location"], follow=True).status_code == 200
    assert "阿依古丽" in page(clerk.get("/office/window/"))
    assert lin.get(begun["Location"]).status_code == 404
    assert lin.get("/office/window/").status_code == 403
    assert client_of(town.city.desk.username).get("/office/window/").status_code == 403


def test_nobody_is_kept_from_applying_for_want_of_a_telephone(town: Town, clerk: Client, lin: Client) -> None:
    clerk.post(f"/office/window/{SHOP}/", window_form(by_proxy="no"))
    draft = Draft.objects.get()
    form = f"/drafts/{draft.id}/form/who/"
    typed = {"name": "阿依古丽", "identity": resident_number("110101", "19900101"), "phone": ""}
    assert clerk.post(form, typed)["Location"] == f"/drafts/{draft.id}/form/shop/"
    online = town.begin()
    asked = lin.post(f"/drafts/{online.id}/form/who/", typed | {"name": "林知夏"})
    assert asked.status_code == 422
    assert "手机号码" in page(asked)


def test_english_readers_get_the_english_titles(town: Town, lin: Client) -> None:
    lin.cookies["django_language"] = "en"
    draft = town.begin()
    materials = page(lin.get(f"/drafts/{draft.id}/materials/"))
    assert "Plan" in materials
    assert "平面图" not in materials


def test_a_supplement_is_answered_on_one_page(town: Town, lin: Client) -> None:
    application = town.submitted()
    points = [("material", "plan", "看不清"), ("field", "area", "不符")]
    task = open_task(application.case, "acceptance")
    cases.ask_supplement(actor=town.city.desk.actor, task=task, points=points, now=NOW)
    address = f"/my/cases/{application.case.number}/supplement/"
    assert "看不清" in page(lin.get(address))
    wrong = lin.post(address, {"area": "很大", "upload_plan": picture("kept.png")})
    assert wrong.status_code == 422
    assert "kept.png" in page(wrong)
    assert "很大" in page(wrong)
    kept = page(wrong).split('name="file_plan" value="')[1][:36]
    assert lin.post(address, {"area": "18", "file_plan": "not-an-id"}).status_code == 404
    sent = lin.post(address, {"area": "18", "file_plan": kept})
    assert sent["Location"] == f"/my/cases/{application.case.number}"
    assert Application.objects.get().values["area"] == "18"
    assert client_of(town.other.username).get(address).status_code == 404
    assert lin.post(address, {"area": "18"}).status_code == 409


@pytest.mark.parametrize(("who", "address"), [("lin", "/my/drafts/"), ("clerk", "/office/window/")])
def test_a_longer_list_asks_the_database_no_more(town: Town, who: str, address: str, request: Any) -> None:
    client: Client = request.getfixturevalue(who)
    clerk = request.getfixturevalue("clerk")

    def add() -> None:
        town.begin()
        number = f"E{Draft.objects.count():08}"
        assert clerk.post(f"/office/window/{SHOP}/", window_form(identity_number=number)).status_code == 302

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    add()
    count()
    one = count()
    for _more in range(4):
        add()
    assert count() == one
