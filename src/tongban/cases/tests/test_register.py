"""The register of papers, and papers that were wrong: voided with a reason, replaced under a new number."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tongban.base.books import Look
from tongban.base.errors import NotFound
from tongban.cases import actions
from tongban.cases.errors import CannotCorrect, NotComplete
from tongban.cases.models import CasePaper, Decision
from tongban.cases.tests.people import NOW, City, Staff, client_of, open_task
from tongban.ledger import actions as ledger
from tongban.notifications import queries as notifications
from tongban.papers import books
from tongban.papers.errors import VoidedAlready
from tongban.papers.models import Paper

pytestmark = pytest.mark.django_db
REASON = "理由写错"


def refused(city: City) -> Decision:
    case = city.reviewed()
    return actions.decide(
        actor=city.head.actor,
        task=open_task(case, "decision"),
        outcome="refused",
        reasons="场所面积不足 20 平方米",
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
    for one in (books.numbers, books.written_numbers, books.issued):
        assert one(Look(NOW)).number == 0
    with pytest.raises(VoidedAlready):
        actions.correct_paper(
            actor=city.head.actor, case_id=decision.case_id, paper_id=old.id, reason=REASON,
            wanted=[actions.Correction("20", "30")], now=NOW,
        )  # fmt: skip


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
        case = city.case(now=NOW)
        actions.accept(actor=city.desk.actor, task=open_task(case, "acceptance"), now=at)
        numbers.append(Paper.objects.get(subject_id=case.id, kind="acceptance"))
    assert [(paper.year, paper.serial) for paper in numbers] == [(2026, 1), (2027, 1), (2026, 2)]
    assert books.numbers(Look(NOW)).number == 0
