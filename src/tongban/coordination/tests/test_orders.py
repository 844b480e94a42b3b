"""Orders issued in error, and orders whose day depends on a notice that has not come."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.urls import reverse

from tongban.base.actor import SYSTEM
from tongban.base.errors import NotFound
from tongban.calendar import actions as calendar
from tongban.calendar.rules import NamedDay
from tongban.cases import actions as case_actions
from tongban.cases.kinds import TermLimit, Terms
from tongban.cases.models import Case
from tongban.cases.tests.people import NOW, City, Staff, actor_of, client_of, office
from tongban.coordination import actions, queries
from tongban.coordination.actions import escalating
from tongban.coordination.errors import NotComplete, NotYourTurn
from tongban.coordination.models import Finding, Order
from tongban.ledger import actions as ledger
from tongban.ledger.models import Event
from tongban.ledger.queries import history_of
from tongban.notifications.models import Message
from tongban.organisations import actions as organisations
from tongban.papers import queries as papers
from tongban.papers.models import Paper

pytestmark = pytest.mark.django_db
TERMS = Terms(item_type="01", item_code="X1", promised=TermLimit(value=5, unit="working_day"), retention_years=1)
LATE = NOW + timedelta(days=8)
NEW_YEARS_EVE = datetime.fromisoformat("2026-12-30T02:00:00+00:00")
"""A Wednesday; the notice for the year after is not there."""
HOLIDAYS = [NamedDay(date(2027, 1, day), "元旦", False) for day in (1, 4, 5, 6, 7, 8)]


@pytest.fixture
def supervisor(city: City) -> Staff:
    return city.market.staff("supervisor", "鉴明")


@pytest.fixture
def late(city: City) -> Case:
    case = city.accepted(terms=TERMS)
    actions.look(now=LATE)
    return case


def ordered(supervisor: Staff, case: Case, *, now: datetime = LATE) -> Order:
    return actions.issue_order(actor=supervisor.actor, case=case, demand="请说明超时原因。", days=3, now=now)


def told(staff: Staff, number: str) -> list[str]:
    found = Message.objects.filter(account_id=staff.actor.account_id, subject__contains=number)  # type: ignore[misc]  # staff has one
    return list(found.order_by("created_at", "id").values_list("subject", flat=True))


def everything() -> list[object]:
    """Return what a withdrawal could change: orders, their papers, what has happened, what is told."""
    kept = (Order, Paper, Event, Message)
    return [list(model.objects.order_by("id").values()) for model in kept]


def test_an_order_issued_in_error_is_withdrawn(city: City, supervisor: Staff, late: Case) -> None:
    order = ordered(supervisor, late)
    ledger.drain(LATE)
    browser, desk = client_of(supervisor.username), client_of(city.reviewer.username)
    page, address = (reverse(f"coordination:{name}", args=[order.id]) for name in ("order", "withdraw"))
    assert address in browser.get(page).content.decode()
    assert address not in desk.get(page).content.decode()
    assert browser.post(address, {"reason": " "}).status_code == 422
    order.refresh_from_db()
    assert (order.state, order.withdrawn_why) == ("waiting", "")
    assert browser.post(address, {"reason": "该件已依法中止，不应督办"}).status_code == 302
    order.refresh_from_db()
    assert (order.state, order.withdrawn_why, order.closed_by_id) == (
        "closed", "该件已依法中止，不应督办", supervisor.official_id,
    )  # fmt: skip
    ledger.drain(LATE)
    assert "已撤回" in told(city.reviewer, order.number)[-1]
    assert "该件已依法中止" in Message.objects.filter(subject=told(city.reviewer, order.number)[-1])[0].body
    shown = desk.get(page).content.decode()
    assert "该件已依法中止，不应督办" in shown
    assert 'name="words"' not in shown
    paper = papers.paper(order.paper_id)
    assert (paper.number, paper.void_reason) == (order.number, "该件已依法中止，不应督办")
    assert order.number in browser.get("/office/supervision/orders/?state=withdrawn").content.decode()
    assert order.number not in browser.get("/office/supervision/orders/?state=closed").content.decode()
    kinds = [event.kind for event in history_of("case", late.id)]
    assert kinds.count("coordination.order_withdrawn") == 1
    assert "不再跟进" in client_of(city.lin.username).get(f"/my/cases/{late.number}").content.decode()


def test_the_register_tells_which_case_an_order_is_about(city: City, supervisor: Staff, late: Case) -> None:
    paper = papers.paper(ordered(supervisor, late).paper_id)
    asked = {"year": str(paper.year), "series": paper.series}
    page = client_of(city.desk.username).get("/office/papers", asked).content.decode()
    assert paper.number in page
    assert late.number in page
    assert f"/office/papers/{paper.id}/correct" not in page, "supervision withdraws its orders itself"


def test_its_clock_ends_and_another_order_may_follow(city: City, supervisor: Staff, late: Case) -> None:
    order = ordered(supervisor, late)
    browser = client_of(city.reviewer.username)
    assert "请答复" in browser.get("/office/").content.decode()
    actions.withdraw_order(actor=supervisor.actor, order=order, reason="发错办件", now=LATE)
    assert "请答复" not in browser.get("/office/").content.decode()
    assert actions.escalate(now=LATE + timedelta(days=30)) == 0
    order.refresh_from_db()
    assert order.escalated_at is None
    assert Finding.objects.filter(case=late, ended_at=None).exists()
    again = ordered(supervisor, late)
    assert again.number != order.number


def test_an_answer_that_waits_is_withdrawn_with_its_order(city: City, supervisor: Staff, late: Case) -> None:
    order = ordered(supervisor, late)
    actions.answer_order(actor=city.reviewer.actor, order=order, words="系统误报", measures="请撤回", now=LATE)
    actions.withdraw_order(actor=supervisor.actor, order=order, reason="系统误报", now=LATE)
    with pytest.raises(NotYourTurn):
        actions.accept_answer(actor=supervisor.actor, order=order, now=LATE)
    assert queries.order_for(supervisor.actor, order.id).answers[0].judged_at is None


def test_whoever_may_not_withdraw_changes_nothing(city: City, supervisor: Staff, late: Case) -> None:
    order = ordered(supervisor, late)
    elsewhere = office("云澜市城管局", "urban", roles=("supervisor",)).staff("supervisor")
    before = everything()
    for actor in (city.reviewer.actor, city.head.actor, city.lin.actor, elsewhere.actor):
        with pytest.raises(NotFound):
            actions.withdraw_order(actor=actor, order=order, reason="x", now=LATE)
    with pytest.raises(NotComplete):
        actions.withdraw_order(actor=supervisor.actor, order=order, reason=" ", now=LATE)
    assert everything() == before
    actions.withdraw_order(actor=supervisor.actor, order=order, reason="发错", now=LATE)
    after = everything()
    assert after != before
    with pytest.raises(NotYourTurn):
        actions.withdraw_order(actor=supervisor.actor, order=order, reason="再撤", now=LATE)
    assert everything() == after


def test_a_provisional_day_is_shown_so_and_never_acted_upon(city: City, supervisor: Staff, late: Case) -> None:
    order = ordered(supervisor, late, now=NEW_YEARS_EVE)
    assert (order.due_on, order.provisional) == (date(2027, 1, 5), True)
    content = papers.content_of(papers.paper(order.paper_id))
    assert any("暂定" in paragraph for paragraph in content.paragraphs)
    assert "暂定" in client_of(city.reviewer.username).get(
        reverse("coordination:order", args=[order.id])
    ).content.decode()  # fmt: skip
    january = NEW_YEARS_EVE + timedelta(days=20)
    assert actions.escalate(now=january) == 0
    order.refresh_from_db()
    assert (order.escalated_at, order.provisional) == (None, True)


def test_the_notice_moves_it_and_whoever_must_answer_hears(city: City, supervisor: Staff, late: Case) -> None:
    order = ordered(supervisor, late, now=NEW_YEARS_EVE)
    calendar.publish_year(year=2027, days=HOLIDAYS, source="国办发明电〔2026〕7号", now=NEW_YEARS_EVE)
    assert actions.escalate(now=NEW_YEARS_EVE) == 0
    order.refresh_from_db()
    assert (order.due_on, order.provisional, order.escalated_at) == (date(2027, 1, 12), False, None)
    ledger.drain(NEW_YEARS_EVE)
    assert "2027年1月12日" in told(city.reviewer, order.number)[-1]
    kinds = [event.kind for event in history_of("case", late.id)]
    assert kinds.count("coordination.order_moved") == 1
    assert actions.escalate(now=datetime.fromisoformat("2027-01-12T10:00:00+00:00")) == 0
    assert actions.escalate(now=datetime.fromisoformat("2027-01-13T01:00:00+00:00")) == 1
    ledger.drain(NEW_YEARS_EVE)
    assert told(city.head, order.number)
    actions.escalate(now=datetime.fromisoformat("2027-01-13T01:00:00+00:00"))
    assert [event.kind for event in history_of("case", late.id)].count("coordination.order_moved") == 1


def test_whoever_answered_as_the_superior_does_not_judge_the_answer(city: City, supervisor: Staff, late: Case) -> None:
    """The head of the office supervises, too: told as the superior, she answers; somebody else judges."""
    organisations.appoint(actor=SYSTEM, official_id=city.head.official_id, post_id=supervisor.post.id, now=LATE)
    head = actor_of(city.head.actor.account_id, LATE)  # type: ignore[arg-type]  # she has an account
    order = ordered(supervisor, late)
    actions.escalate(now=LATE + timedelta(days=10))
    order.refresh_from_db()
    assert order.superior_post_id == city.head.post.id
    actions.answer_order(actor=head, order=order, words="已催办", measures="专人跟办", now=LATE)
    assert not queries.order_for(head, order.id).may_judge
    before = everything()
    with pytest.raises(NotFound):
        actions.accept_answer(actor=head, order=order, now=LATE)
    with pytest.raises(NotFound):
        actions.send_back(actor=head, order=order, word="重写", now=LATE)
    assert everything() == before
    assert queries.order_for(supervisor.actor, order.id).may_judge
    assert actions.accept_answer(actor=supervisor.actor, order=order, now=LATE).state == "closed"


def test_one_order_that_fails_keeps_no_other_from_being_escalated(
    city: City, supervisor: Staff, late: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = city.accepted(terms=TERMS)
    first, second = ordered(supervisor, late), ordered(supervisor, other)
    found = escalating.superior_of

    def fails_for_the_first(post_id: UUID | None, organisation_id: UUID) -> UUID:
        if not Order.objects.exclude(escalated_at=None).exists() and fails:
            fails.pop()
            message = "no post above"
            raise LookupError(message)
        return found(post_id, organisation_id)

    fails = [True]
    monkeypatch.setattr(escalating, "superior_of", fails_for_the_first)
    much_later = LATE + timedelta(days=10)
    assert actions.escalate(now=much_later) == 1
    waiting = [one.id for one in Order.objects.filter(escalated_at=None)]
    assert len(waiting) == 1
    assert actions.escalate(now=much_later) == 1
    assert not Order.objects.filter(id__in=[first.id, second.id], escalated_at=None).exists()


def test_who_stands_aside_is_not_shown_the_duty_to_answer(city: City, supervisor: Staff, late: Case) -> None:
    order = ordered(supervisor, late)
    client = client_of(city.reviewer.username)
    assert order.number in client.get(reverse("cases:inbox")).content.decode()
    colleague = city.market.staff("review", "孙审查")
    case_actions.stand_aside(actor=city.reviewer.actor, case=late, reason="亲属申请", now=LATE)
    assert order.number not in client.get(reverse("cases:inbox")).content.decode()
    assert order.number in client_of(colleague.username).get(reverse("cases:inbox")).content.decode()
