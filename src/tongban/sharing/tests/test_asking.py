"""From a look-up to a question, from a value to its correction: a case with a deadline, and what comes of it."""

import pytest
from django.test import Client
from tests.standing import nothing_changes

from tongban.base.actor import SYSTEM
from tongban.base.clock import now
from tongban.base.errors import NotFound
from tongban.cases import actions as cases
from tongban.cases.models import Case, Clock, Decision, Task
from tongban.cases.tests.people import client_of, open_task
from tongban.exchange.models import LookUp
from tongban.ledger import actions as ledger
from tongban.ledger.models import Event
from tongban.organisations import actions as organisations
from tongban.papers.models import Paper
from tongban.registers.tests.town import NOW, Town
from tongban.sharing import actions, errors, queries
from tongban.sharing.models import Correction, Question
from tongban.sharing.tests.seen import looked, neighbour, whose

HELD = "/my/data/held/population"
CORRECT = f"{HELD}/address/correct"
WORDS = {"wanted": "书院路 81 号", "words": "门牌登记有误，附不动产权证号。"}


def asked_about(town: Town) -> str:
    """Look 林知夏 up; returns the address for asking about it."""
    looked(town)
    return f"/my/data/look-ups/{LookUp.objects.get(purpose='residence_permit').id}/ask"


def post(client: Client, address: str, sent: dict[str, str]) -> int:
    """Send a form."""
    return int(client.post(address, sent).status_code)


def test_a_question_becomes_a_case_of_the_office_that_looked(town: Town) -> None:
    address, client = asked_about(town), client_of(town.lin.username)
    assert client.get(address).status_code == 200
    assert post(client, address, {"kind": "question", "words": "为什么查我的住址？"}) == 302
    question = Question.objects.get()
    case = question.case
    assert case.organisation_id == town.asking.organisation.id
    assert case.kind == "data_question"
    clock = Clock.objects.get(case=case, kind="checking")
    assert (clock.limit_value, clock.limit_unit) == (3, "working_day")
    assert "为什么查我的住址？" in client.get(f"/my/cases/{case.number}").content.decode()
    desk = client_of(town.staff["acceptance"].username)
    shown = desk.get(f"/office/cases/{case.number}").content.decode()
    assert "办理居住证" in shown
    # sent again, it is the same case; an objection is another
    assert post(client, address, {"kind": "question", "words": "再问一次"}) == 302
    assert post(client, address, {"kind": "objection", "words": "不应当查询"}) == 302
    assert sorted(Case.objects.filter(kind__startswith="data_").values_list("kind", flat=True)) == [
        "data_objection",
        "data_question",
    ]


def test_what_is_missing_is_said_beside_its_field_and_nothing_is_lost(town: Town) -> None:
    address, client = asked_about(town), client_of(town.lin.username)
    with nothing_changes("sharing_logreading", "ledger_event", "accounts_account"):
        answer = client.post(address, {"kind": "", "words": "只写了这一句"})
        assert answer.status_code == 422
    assert "只写了这一句" in answer.content.decode()
    assert not Question.objects.exists()


def test_an_answer_is_a_paper_in_its_own_words_and_completes_the_case(town: Town) -> None:
    client = client_of(town.lin.username)
    town.asking.posts["approval"] = organisations.create_post(
        actor=SYSTEM, organisation_id=town.asking.organisation.id, name="审批岗", roles=["approval"], now=NOW
    )
    head = town.asking.staff("approval", "赵答复")
    post(client, asked_about(town), {"kind": "question", "words": "为什么？"})
    case = Question.objects.get().case
    cases.accept(actor=town.staff["acceptance"].actor, task=open_task(case, "acceptance"), now=now())
    assert Clock.objects.get(case=case, kind="answer").limit_value == 10
    task = open_task(case, "decision")
    cases.decide(actor=head.actor, task=task, outcome="granted", reasons="办理居住证需核对住址。", now=now())
    ledger.drain(now=now())
    case.refresh_from_db()
    assert case.state == "delivered"
    paper = Paper.objects.filter(subject_id=case.id, kind="decision_granted").get()
    assert paper.content["title"] == "数据查询答复书"
    assert "办理居住证需核对住址。" in "".join(paper.content["paragraphs"])
    assert "准予" not in "".join(paper.content["paragraphs"])


def test_own_readings_are_nobodys_to_explain(town: Town) -> None:
    client = client_of(town.lin.username)
    client.get(HELD)
    address = f"/my/data/look-ups/{LookUp.objects.get().id}/ask"
    with nothing_changes("sharing_logreading", "ledger_event", "accounts_account"):
        assert post(client, address, {"kind": "question", "words": "?"}) == 409


def test_somebody_asks_no_more_than_offices_can_answer(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tongban.sharing.actions.asking.MOST_A_DAY", 1)
    client, address = client_of(town.lin.username), asked_about(town)
    assert post(client, address, {"kind": "question", "words": "一"}) == 302
    assert post(client, address, {"kind": "objection", "words": "二"}) == 429
    assert Question.objects.count() == 1


def corrected_case(town: Town) -> Case:
    """Have 林知夏 ask for a correction, and the keeper accept it."""
    client = client_of(town.lin.username)
    shown = client.get(CORRECT)
    assert "书院路 18 号" in shown.content.decode()
    assert post(client, CORRECT, WORDS) == 302
    case = Correction.objects.get().case
    desk = town.keeper.staff("acceptance")
    cases.accept(actor=desk.actor, task=open_task(case, "acceptance"), now=now())
    return case


def test_a_correction_is_made_by_the_keepers_steward_and_the_person_reads_it(town: Town) -> None:
    case = corrected_case(town)
    task = open_task(case, "decision")
    assert task.post_id == town.keeper.posts["steward"].id
    steward, address = client_of(town.steward.username), f"/office/sharing/corrections/{case.number}"
    assert address in steward.get(f"/office/cases/{case.number}").content.decode()
    page = steward.get(address).content.decode()
    assert "书院路 18 号" in page
    assert "书院路 81 号" in page
    sent = {"outcome": "corrected", "value": "书院路 81 号", "reasons": "已核对产权证。"}
    assert post(steward, address, sent) == 302
    ledger.drain(now=now())
    case.refresh_from_db()
    assert case.state == "delivered"
    assert Correction.objects.get().corrected_at is not None
    client = client_of(town.lin.username)
    assert "书院路 81 号" in client.get(HELD).content.decode()
    assert "已核对产权证。" in str(Paper.objects.get(subject_id=case.id, kind="decision_granted").content)
    assert steward.get(address).status_code == 404  # it is settled
    assert post(client, CORRECT, WORDS) == 302  # and may be questioned again


def test_where_the_keeper_has_no_steward_another_offices_stands_in(town: Town) -> None:
    """No clerk to whom the task happens to come: it is a data steward who decides what a register says."""
    case = corrected_case(town)
    task, address = open_task(case, "decision"), f"/office/sharing/corrections/{case.number}"
    sent = {"outcome": "corrected", "value": "书院路 81 号", "reasons": "已核对产权证。"}
    clerk, steward = client_of(town.staff["acceptance"].username), client_of(town.reviewer.username)
    Task.objects.filter(id=task.id).update(post=town.asking.posts["acceptance"])
    with nothing_changes():
        assert post(clerk, address, sent) == 403
    Task.objects.filter(id=task.id).update(post=town.asking.posts["steward"])
    assert post(steward, address, sent) == 302
    made = Event.objects.get(kind="sharing.correction_made")
    assert made.official_id == town.reviewer.official_id
    assert "书院路 81 号" in client_of(town.lin.username).get(HELD).content.decode()


def test_a_register_that_is_right_stays_and_the_reasons_are_told(town: Town) -> None:
    case = corrected_case(town)
    steward, address = client_of(town.steward.username), f"/office/sharing/corrections/{case.number}"
    sent = {"outcome": "refused", "value": "书院路 81 号", "reasons": "产权证为 18 号。"}
    with nothing_changes():
        assert post(steward, address, sent) == 422  # a refusal names the law
    assert post(steward, address, {**sent, "legal_basis": "《户口登记条例》第三条"}) == 302
    assert Decision.objects.get(case=case).outcome == "refused"
    client = client_of(town.lin.username)
    assert "书院路 18 号" in client.get(HELD).content.decode()
    assert "产权证为 18 号。" in client.get(f"/my/cases/{case.number}").content.decode()


def test_a_wrong_value_changes_nothing_at_all(town: Town) -> None:
    client = client_of(town.lin.username)
    post(client, f"{HELD}/birth_date/correct", {"wanted": "1990 年三月八日", "words": "出生证。"})
    case = Correction.objects.get().case
    cases.accept(actor=town.keeper.staff("acceptance").actor, task=open_task(case, "acceptance"), now=now())
    steward, address = client_of(town.steward.username), f"/office/sharing/corrections/{case.number}"
    sent = {"outcome": "corrected", "reasons": "已核对。"}
    with nothing_changes():
        assert post(steward, address, {**sent, "value": "三月八日"}) == 422
    assert post(steward, address, {**sent, "value": "1990-03-08"}) == 302
    assert "1990年3月8日" in client.get(HELD).content.decode()


def test_the_page_of_cases_does_not_decide_a_correction_beside_the_register(town: Town) -> None:
    case = corrected_case(town)
    task, steward = open_task(case, "decision"), client_of(town.steward.username)
    sent = {"outcome": "granted", "reasons": "同意", "revision": str(case.revision)}
    with nothing_changes("accounts_account"):
        assert steward.post(f"/office/cases/{case.number}/tasks/{task.id}/decide", sent).status_code == 409


def test_only_the_keepers_steward_settles(town: Town) -> None:
    case = corrected_case(town)
    address = f"/office/sharing/corrections/{case.number}"
    others = [client_of(who.username) for who in (town.reviewer, town.staff["acceptance"])]
    person = client_of(town.lin.username)
    sent = {"outcome": "corrected", "value": "x", "reasons": "x"}
    with nothing_changes():
        assert {post(client, address, sent) for client in others} == {404}
        assert post(person, address, sent) == 403


def test_a_field_that_is_not_read_here_cannot_be_corrected_here(town: Town) -> None:
    client = client_of(town.lin.username)
    assert client.get(f"{HELD}/secret_word/correct").status_code == 404
    assert client.get("/my/data/held/unheard-of/address/correct").status_code == 404
    with pytest.raises(NotFound):
        queries.held_for(whose(town.lin), "unheard-of", now())


def test_withdrawn_it_may_be_asked_again(town: Town) -> None:
    client = client_of(town.lin.username)
    assert post(client, CORRECT, WORDS) == 302
    assert post(client, CORRECT, {**WORDS, "words": "又一次"}) == 302
    first = Correction.objects.get().case  # sent again, it is the same one
    cases.withdraw(actor=town.lin.actor, case=first, reason="", now=now())
    ledger.drain(now=now())
    assert post(client, CORRECT, WORDS) == 302
    assert Correction.objects.count() == 2


def test_what_was_written_is_erased_after_its_time(town: Town) -> None:
    client = client_of(town.lin.username)
    post(client, CORRECT, WORDS)
    post(client, asked_about(town), {"kind": "objection", "words": "不该查"})
    for case in Case.objects.filter(kind__startswith="data_"):
        actions.erase_asked(case_id=case.id, now=now())
    correction, question = Correction.objects.get(), Question.objects.get()
    assert (correction.wanted, correction.words, correction.stated, correction.record_key) == ("", "", None, "")
    assert question.words == ""
    assert "不该查" not in client.get(f"/my/cases/{question.case.number}").content.decode()


def test_a_stranger_asks_about_nothing(town: Town) -> None:
    looked(town)
    line = queries.look_up_for(town.lin.actor, whose(town.lin), LookUp.objects.get().id, now())
    with pytest.raises(NotFound):
        queries.look_up_for(neighbour().actor, whose(neighbour()), line.look_up.id, now())
    with pytest.raises(errors.IdentityNotSeen):
        actions.ask(actor=SYSTEM, whose=whose(town.lin), line=line, kind="question", words="x", now=now())
