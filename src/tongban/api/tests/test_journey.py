"""The journey over HTTP with JSON, from finding a matter to holding its result."""

from typing import Any

import pytest

from tongban.api.tests.town import CODE, Town, new_key, open_task_of, picture
from tongban.applications.models import Application
from tongban.base.clock import now
from tongban.ledger import actions as ledger

pytestmark = pytest.mark.django_db


def test_a_matter_is_found_and_its_guide_read(town: Town) -> None:
    found = town.stranger.get("/items", q="食品").json()
    assert [row["code"] for row in found["results"]] == [CODE]
    whole = town.stranger.get(f"/items/{CODE}").json()
    assert not whole["applied"]["complete"]
    assert [one["key"] for one in whole["applied"]["open_questions"]] == ["premises"]
    rented = town.stranger.get(f"/items/{CODE}", premises="rented").json()["applied"]
    assert [one["key"] for one in rented["materials"]] == ["plan", "lease"]
    own = town.stranger.get(f"/items/{CODE}", premises="own", applicant="person").json()["applied"]
    assert own["complete"]
    assert [one["key"] for one in own["materials"]] == ["plan"]


def test_themes_and_departments_are_listed(town: Town) -> None:
    assert town.stranger.get("/themes").status_code == 200
    offices = town.stranger.get("/departments").json()["results"]
    assert [(one["code"], one["count"]) for one in offices] == [("market", 1)]


def test_an_application_is_written_and_submitted_once(town: Town) -> None:
    draft = town.ready()
    assert draft["next_part"] in {"materials", "review"}
    assert not [one for one in draft["materials"] if one["is_missing"]]
    key = {"Idempotency-Key": draft["submission_key"]}
    first = town.resident.post(f"/drafts/{draft['id']}/submit", {"declared": True}, **key)
    again = town.resident.post(f"/drafts/{draft['id']}/submit", {"declared": True}, **key)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["receipt_number"]
    assert Application.objects.count() == 1
    assert town.resident.get(f"/drafts/{draft['id']}").status_code == 404
    assert town.resident.get("/cases").json()["total"] == 1


def test_the_key_of_another_draft_submits_nothing(town: Town) -> None:
    draft = town.ready()
    answer = town.resident.post(f"/drafts/{draft['id']}/submit", {"declared": True}, **{"Idempotency-Key": new_key()})
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_submission_key")
    assert not Application.objects.exists()


def test_beginning_twice_with_one_key_begins_once(town: Town) -> None:
    key = {"Idempotency-Key": new_key()}
    wanted = {"item_code": CODE, "situation": {"premises": "own"}}
    first, again = (town.resident.post("/drafts", wanted, **key) for _time in range(2))
    assert first.json()["id"] == again.json()["id"]
    assert first.json()["submission_key"] == key["Idempotency-Key"]
    other = town.city.lin.actor
    assert town.resident.get("/drafts").json()["total"] == 1
    assert first.json()["applicant_name"] == other.name


def test_what_is_wrong_in_a_step_is_named_and_the_rest_is_kept(town: Town) -> None:
    draft = town.begin()
    step = next(one for one in draft["steps"] if any(q["type"] in {"mobile", "phone"} for q in one["questions"]))
    phone = next(q["key"] for q in step["questions"] if q["type"] in {"mobile", "phone"})
    address = f"/drafts/{draft['id']}/steps/{step['key']}"
    wrong = town.resident.send("PUT", address, {"answers": {phone: "12"}})
    assert wrong.status_code == 422
    assert f"answers.{phone}" in wrong.json()["fields"]
    strange = town.resident.send("PUT", address, {"answers": {"no_such_question": "x"}})
    assert strange.json()["fields"].keys() == {"answers.no_such_question"}
    stale = town.resident.send("PUT", address, {"answers": {phone: "13800138000"}, "revision": 1})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_draft")


def test_nothing_is_submitted_while_something_is_missing(town: Town) -> None:
    draft = town.begin()
    key = {"Idempotency-Key": draft["submission_key"]}
    answer = town.resident.post(f"/drafts/{draft['id']}/submit", {"declared": True}, **key)
    assert answer.status_code == 422
    assert {"plan", "delivery"} <= answer.json()["fields"].keys()


def test_files_are_added_and_taken_away(town: Town) -> None:
    draft = town.begin()
    added = town.resident.upload(f"/drafts/{draft['id']}/materials/plan/files", picture()).json()
    assert (added["media_type"], added["way"]) == ("image/png", "file")
    assert town.resident.client.get(added["address"]).status_code == 200
    assert town.resident.send("DELETE", f"/drafts/{draft['id']}/files/{added['id']}").status_code == 204
    forged = town.resident.upload(f"/drafts/{draft['id']}/materials/plan/files", b"MZ nothing", "plan.png")
    assert (forged.status_code, forged.json()["code"]) == (422, "file_type_unknown")
    word = town.resident.post(
        f"/drafts/{draft['id']}/materials/plan/word", {"way": "not_applicable", "word": "没有厨房"}
    )
    assert word.status_code == 201


def test_the_office_works_over_the_api(town: Town) -> None:
    case = town.submitted()
    row = town.desk.get("/tasks", view="open").json()["results"][0]
    assert row["case_number"] == case.number
    assert _post(town.desk, f"/tasks/{row['id']}/claim")["state"] == "submitted"
    seen = town.desk.get(f"/cases/{case.number}").json()
    assert [one["id"] for one in seen["tasks"]] == [row["id"]]
    accepted = _post(town.desk, f"/tasks/{row['id']}/accept", {"revision": seen["revision"]})
    assert accepted["state"] == "review"
    late = town.desk.post(f"/tasks/{row['id']}/accept", {})
    assert (late.status_code, late.json()["code"]) == (409, "task_done")
    review = open_task_of(case, "review")
    _post(town.reviewer, f"/tasks/{review.id}/review", {"choice": "agree"})
    decision = open_task_of(case, "decision")
    _post(town.head, f"/tasks/{decision.id}/decision", {"outcome": "granted", "reasons": "符合条件。"})
    ledger.drain(now=now())
    followed = town.resident.get(f"/cases/{case.number}").json()
    assert followed["state"] == "delivered"
    assert followed["decision"]["outcome"] == "granted"
    assert followed["result"]["name"] == "食品经营许可证"
    assert {paper["kind"] for paper in followed["papers"]} >= {"receipt", "acceptance", "decision_granted", "result"}
    assert all(town.resident.client.get(paper["address"]).status_code == 200 for paper in followed["papers"][:1])
    assert followed["can_rate"]
    assert _post(town.resident, f"/cases/{case.number}/rating", {"level": 1, "words": "很好"})["state"] == "delivered"
    twice = town.resident.post(f"/cases/{case.number}/rating", {"level": 1})
    assert (twice.status_code, twice.json()["code"]) == (409, "rated_already")


def _post(caller: Any, path: str, body: Any = None) -> Any:
    answer = caller.post(path, body)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def test_a_supplement_is_asked_for_and_answered(town: Town) -> None:
    case = town.submitted()
    task = open_task_of(case, "acceptance")
    empty = town.desk.post(f"/tasks/{task.id}/supplement", {"points": []})
    assert (empty.status_code, list(empty.json()["fields"])) == (422, ["points"])
    points = [{"kind": "material", "key": "plan", "words": "请补一张清楚的平面图。"}]
    assert _post(town.desk, f"/tasks/{task.id}/supplement", {"points": points})["state"] == "supplement"
    seen = town.resident.get(f"/cases/{case.number}").json()
    assert [(one["kind"], one["key"]) for one in seen["points"]] == [("material", "plan")]
    missing = town.resident.post(f"/cases/{case.number}/supplement", {})
    assert list(missing.json()["fields"]) == ["plan"]
    file = town.resident.upload(f"/cases/{case.number}/supplement/plan/files", picture())
    assert file.status_code == 201, file.content.decode()
    sent = {"files": {"plan": [file.json()["file_id"]]}}
    assert _post(town.resident, f"/cases/{case.number}/supplement", sent)["state"] == "submitted"


def test_a_case_is_taken_back(town: Town) -> None:
    case = town.submitted()
    assert _post(town.resident, f"/cases/{case.number}/withdraw", {"reason": "不办了"})["state"] == "withdrawn"
    again = town.resident.post(f"/cases/{case.number}/withdraw", {})
    assert (again.status_code, again.json()["code"]) == (409, "case_state")
