"""The register of papers, and papers that were wrong: voided with a reason, replaced under a new number."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tongban.base.actor import SYSTEM
from tongban.base.books import Look
from tongban.base.errors import NotFound
from tongban.cases import actions
from tongban.cases.books import states as state_books
from tongban.cases.errors import CannotCorrect, CannotVoid, NotComplete
from tongban.cases.kinds import FeeTerm, Terms
from tongban.cases.models import Case, CasePaper, Decision, FeeDemand, Result
from tongban.cases.tests.people import NOW, City, Staff, client_of, open_task
from tongban.ledger import actions as ledger
from tongban.notifications import queries as notifications
from tongban.papers import books
from tongban.papers.errors import VoidedAlready
from tongban.papers.kinds import PaperContent
from tongban.papers.models import Paper

pytestmark = pytest.mark.django_db
REASON = "理由写错"


def refused(city: City, reasons: str = "场所面积不足 20 平方米") -> Decision:
    case = city.reviewed()
    return actions.decide(
        actor=city.head.actor,
        task=open_task(case, "decision"),
        outcome="refused",
        reasons=reasons,
        legal_basis="《食品安全法》第三十三条",
        now=NOW,
    )


def correct(by: Staff, decision: Decision, wrong: str = "20 平方米", right: str = "30 平方米") -> Paper:
    assert decision.paper_id is not None
    return actions.correct_paper(
        actor=by.actor,
        case_id=decision.case_id,
        paper_id=decision.paper_id,
        reason=REASON,
        wanted=[actions.Correction(wrong, right)],
        now=NOW,
    )


def test_a_wrong_paper_is_void_and_another_takes_its_place(city: City) -> None:
    decision = refused(city)
    old = decision.paper
    made = correct(city.head, decision)
    assert old is not None
    old.refresh_from_db()
    decision.refresh_from_db()
    assert (old.void_reason, made.serial, old.serial) == (REASON, 2, 1)
    assert decision.paper_id == made.id
    assert made.content is not None
    text = "".join(made.content["paragraphs"])
    assert "30 平方米" in text
    assert "行政复议" in text, "what law demands stays"
    assert made.content["predecessor"] == old.number
    assert old.number in made.content["remarks"][-1]
    assert REASON in made.content["remarks"][-1]
    ledger.drain(NOW)
    assert any(made.number in told.body for told in notifications.box_of(city.lin.actor))
    no_paper_is_lost()
    with pytest.raises(VoidedAlready):
        actions.correct_paper(
            actor=city.head.actor, case_id=decision.case_id, paper_id=old.id, reason=REASON,
            wanted=[actions.Correction("20", "30")], now=NOW,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("不予", "准予"),
        ("不足", "足"),
        ("未达到", "已达到"),
        ("达到", "未达到"),
        ("60", "30"),
        ("行政复议", "行政裁决"),
        ("林知夏", "别人"),
        ("2026年3月2日", "2026年3月1日"),
    ],
)
def test_no_correction_changes_what_is_decided(city: City, wrong: str, right: str) -> None:
    """Outcome, dates, remedies and whom it concerns are no slips of the pen: they need a decision of their own."""
    decision = refused(city, "场所 20 平方米，自2026年3月2日起不足，未达到 30 平方米。")
    assert decision.paper is not None
    assert decision.paper.content is not None
    assert wrong in "".join(map(str, decision.paper.content.values()))
    with pytest.raises(NotComplete) as raised:
        correct(city.head, decision, wrong, right)
    assert "wrong" in raised.value.fields
    assert "不属于笔误" in raised.value.fields["wrong"][0]
    assert not Paper.objects.exclude(voided_at=None).exists()
    decision.refresh_from_db()
    assert decision.paper.kind == "decision_refused"
    no_paper_is_lost()


@pytest.mark.parametrize(("wrong", "right"), [("2031年3月1日", "2041年3月1日"), ("准予", "不准予")])
def test_no_correction_changes_the_term_of_a_result(city: City, wrong: str, right: str) -> None:
    result = granted(city, rows=(("有效期至", "2031年3月1日"),))
    assert result.paper is not None
    with pytest.raises(NotComplete):
        mend(city.head, result.case, result.paper, wrong, right)
    assert not Paper.objects.exclude(voided_at=None).exists()


def test_only_who_accepts_or_decides_in_that_office_corrects(city: City) -> None:
    decision = refused(city)
    stranger, reviewer = city.health.staff("acceptance"), city.reviewer
    for nobody in (stranger, reviewer):
        with pytest.raises(NotFound):
            correct(nobody, decision)
    for wrong, right in (("没有这样的话", "x"), (" ", "x"), ("20", "")):
        with pytest.raises(NotComplete):
            correct(city.head, decision, wrong, right)
    assert not Paper.objects.exclude(voided_at=None).exists()
    assert CasePaper.objects.filter(case=decision.case, paper__kind="decision_refused").count() == 1


def test_papers_of_archived_cases_stand(city: City) -> None:
    decision = refused(city)
    decision.case.archived_at = NOW
    decision.case.save(update_fields=["archived_at"])
    with pytest.raises(CannotCorrect):
        correct(city.head, decision)
    assert not Paper.objects.exclude(voided_at=None).exists()


def test_the_register_shows_numbers_and_corrects(city: City) -> None:
    decision = refused(city)
    client = client_of(city.head.username)
    assert decision.paper is not None
    year = {"year": str(decision.paper.year), "series": decision.paper.series}
    page = client.get("/office/papers", year).content.decode()
    for words in (decision.paper.number, decision.case.number, f"/office/papers/{decision.paper_id}/correct"):
        assert words in page
    address = f"/office/papers/{decision.paper_id}/correct"
    wrong = client.post(address, {"wrong": "没有这样的话", "right": "x", "reason": REASON})
    assert wrong.status_code == 422
    assert "没有这样的话" in wrong.content.decode()
    sent = {"wrong": "20 平方米", "right": "30 平方米", "reason": REASON}
    assert client.post(address, sent).status_code == 302
    page = client.get("/office/papers", year).content.decode()
    assert REASON in page
    assert client_of(city.reviewer.username).get("/office/papers").status_code == 403
    assert client_of(city.health.staff("acceptance").username).get(address).status_code == 404
    assert REASON not in client_of(city.health.staff("acceptance").username).get("/office/papers").content.decode()


def test_the_register_asks_no_more_for_more_rows(city: City) -> None:
    client = client_of(city.desk.username)
    city.accepted()
    client.get("/office/papers")
    with CaptureQueriesContext(connection) as few:
        client.get("/office/papers")
    for _number in range(4):
        city.accepted()
    with CaptureQueriesContext(connection) as many:
        client.get("/office/papers")
    assert len(many) == len(few)


def test_the_year_of_a_number_is_that_of_the_office(city: City) -> None:
    """At 23:59:59 and 00:00 in China; in London it is the same afternoon."""
    last, first = datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC), datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    numbers = []
    for at in (last, first, last):
        case = city.case(now=last - timedelta(hours=1))
        actions.accept(actor=city.desk.actor, task=open_task(case, "acceptance"), now=at)
        numbers.append(Paper.objects.get(subject_id=case.id, kind="acceptance"))
    assert [(paper.year, paper.serial) for paper in numbers] == [(2026, 1), (2027, 1), (2026, 2)]
    assert books.numbers(Look(NOW)).number == 0


def no_paper_is_lost() -> None:
    """Numbers are whole, and each step of each case has one paper that is not void."""
    for one in (books.numbers, books.written_numbers, books.issued, state_books.papers):
        assert list(one(Look(NOW)).named) == [], one.__name__


def granted(city: City, rows: tuple[tuple[str, str], ...] = ()) -> Result:
    case = city.reviewed()
    actions.decide(actor=city.head.actor, task=open_task(case, "decision"), outcome="granted", reasons="符合", now=NOW)
    result = actions.issue_result(
        actor=SYSTEM,
        case_id=case.id,
        name="食品经营许可证",
        valid_from=NOW.date(),
        valid_to=date(2031, 3, 1),
        content=PaperContent(
            office="市场监管局",
            title="食品经营许可证",
            rows=(("持有人", case.applicant_name), ("经营场所", "和平路 l0 号"), *rows),
            paragraphs=("准予经营。",),
        ),
        now=NOW,
    )
    assert result is not None
    return result


def mend(by: Staff, case: Case, paper: Paper, wrong: str, right: str) -> Paper:
    wanted = [actions.Correction(wrong, right)]
    return actions.correct_paper(
        actor=by.actor, case_id=case.id, paper_id=paper.id, reason=REASON, wanted=wanted, now=NOW
    )


def test_a_slip_of_the_pen_on_a_result_is_corrected_by_who_decides(city: City) -> None:
    result = granted(city)
    old = result.paper
    assert old is not None
    with pytest.raises(NotFound):
        mend(city.desk, result.case, old, "l0 号", "10 号")
    for wrong, right in ((result.case.applicant_name, "别人"), ("持有人", "")):
        with pytest.raises(NotComplete):
            mend(city.head, result.case, old, wrong, right)
    assert not Paper.objects.exclude(voided_at=None).exists()
    made = mend(city.head, result.case, old, "l0 号", "10 号")
    result.refresh_from_db()
    assert (result.paper_id, result.number, result.valid_to) == (made.id, made.number, date(2031, 3, 1))
    assert made.content is not None
    assert (made.content["valid_to"], made.content["predecessor"]) == ("2031-03-01", "")
    assert ["经营场所", "和平路 10 号"] in [list(row) for row in made.content["rows"]]
    assert old.number in made.content["remarks"][-1]
    no_paper_is_lost()


def test_a_result_that_another_has_succeeded_stands(city: City) -> None:
    old, later = granted(city), granted(city)
    Result.objects.filter(id=later.id).update(predecessor=old)
    assert old.paper is not None
    with pytest.raises(CannotCorrect):
        mend(city.head, old.case, old.paper, "l0 号", "10 号")
    assert not Paper.objects.exclude(voided_at=None).exists()


def void(by: Staff, case: Case, paper: Paper, reason: str = "重复缴费通知") -> Paper:
    return actions.void_paper(actor=by.actor, case_id=case.id, paper_id=paper.id, reason=reason, now=NOW)


def demanded(city: City) -> tuple[Case, FeeDemand]:
    fee = FeeTerm(name="工本费", amount_fen=1000)
    case = city.accepted(terms=Terms(item_type="01", item_code="X1", fees=(fee,)))
    return case, FeeDemand.objects.select_related("paper").get(case=case)


def test_a_demand_that_was_waived_is_voided_without_another(city: City) -> None:
    case, fee = demanded(city)
    assert fee.paper is not None
    with pytest.raises(CannotVoid):
        void(city.desk, case, fee.paper)
    assert Paper.objects.get(id=fee.paper.id).voided_at is None
    cashier = city.market.staff("fees")
    actions.waive_fee(actor=cashier.actor, fee=fee, reason="低保户", now=NOW)
    with pytest.raises(NotComplete):
        void(city.desk, case, fee.paper, "  ")
    for nobody in (city.health.staff("acceptance"), city.reviewer):
        with pytest.raises(NotFound):
            void(nobody, case, fee.paper)
    assert Paper.objects.get(id=fee.paper.id).voided_at is None
    void(city.desk, case, fee.paper)
    gone = Paper.objects.get(id=fee.paper.id)
    assert (gone.number, gone.void_reason) == (fee.paper.number, "重复缴费通知")
    assert Paper.objects.filter(subject_id=case.id, kind="fee_demand").count() == 1
    no_paper_is_lost()
    ledger.drain(NOW)
    assert any(gone.number in told.body for told in notifications.box_of(city.lin.actor))
    with pytest.raises(VoidedAlready):
        void(city.desk, case, gone)


def test_what_the_case_rests_on_is_not_only_voided(city: City) -> None:
    decision, result = refused(city), granted(city)
    for case in (decision.case, result.case):
        for row in CasePaper.objects.filter(case=case).select_related("paper"):
            with pytest.raises(CannotVoid):
                void(city.head, case, row.paper)
    assert not Paper.objects.exclude(voided_at=None).exists()


def test_a_paper_is_voided_on_its_page_and_the_register_tells_why(city: City) -> None:
    _case, fee = demanded(city)
    address = f"/office/papers/{fee.paper_id}/void"
    client = client_of(city.desk.username)
    assert fee.paper is not None
    year = {"year": str(fee.paper.year), "series": fee.paper.series}
    assert "不能只作废" in client.get(address).content.decode()
    assert client.post(address, {"reason": "错发"}).status_code == 422
    actions.waive_fee(actor=city.market.staff("fees").actor, fee=fee, reason="低保户", now=NOW)
    assert address in client.get("/office/papers", year).content.decode()
    assert client.post(address, {"reason": ""}).status_code == 422
    assert Paper.objects.get(id=fee.paper.id).voided_at is None
    assert client.post(address, {"reason": "免缴，错发"}).status_code == 302
    page = client.get("/office/papers", year).content.decode()
    assert "免缴，错发" in page
    assert address not in page
    assert client_of(city.health.staff("acceptance").username).get(address).status_code == 404
    assert client_of(city.reviewer.username).get(address).status_code == 403
