"""Item managers look at each wording with a real case: the same paper as was issued, and nothing is issued."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tongban.base.actor import SYSTEM
from tongban.cases import actions, queries
from tongban.cases.kinds import DeliveryWish, FeeTerm, TermLimit, Terms
from tongban.cases.models import Case
from tongban.cases.rules.wordings import WORDINGS
from tongban.cases.tests.people import NOW, City, client_of, open_task
from tongban.cases.tests.test_deemed import MIDNIGHT, OVER, permit, renewal
from tongban.cases.tests.test_wordings import manager
from tongban.organisations import actions as organisations
from tongban.papers import queries as papers
from tongban.papers.models import Paper

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def supplement(city: City) -> Case:
    case = city.case()
    points = [actions.Point("material", "lease", "缺签字")]
    actions.ask_supplement(actor=city.desk.actor, task=open_task(case, "acceptance"), points=points, now=NOW)
    return case


def non_acceptance(city: City) -> Case:
    case = city.case()
    actions.refuse_acceptance(
        actor=city.desk.actor, task=open_task(case, "acceptance"), reason="不属于本机关", legal_basis="第三十二条",
        what_else="请向住建局申请", now=NOW,
    )  # fmt: skip
    return case


def passing_on(city: City) -> Case:
    case, to = city.case(), city.health.organisation.id
    actions.pass_on(
        actor=city.desk.actor, task=open_task(case, "acceptance"), organisation_id=to, word="由贵局主管", now=NOW
    )
    return case


def acceptance_deemed(city: City) -> Case:
    case = city.case()
    assert actions.deem_accepted(now=OVER, limit=5) == [case.id]
    return case


def special_procedure(city: City) -> Case:
    case = city.accepted()
    actions.begin_procedure(
        actor=city.reviewer.actor, task=open_task(case, "review"), procedure="test", ground="抽样检测",
        expected=TermLimit(value=5, unit="working_day"), now=NOW,
    )  # fmt: skip
    return case


def suspension(city: City) -> Case:
    case = city.accepted()
    actions.suspend_by_law(
        actor=city.reviewer.actor, task=open_task(case, "review"), ground="待诉讼结果", basis="某条例", now=NOW
    )
    return case


def resumption(city: City) -> Case:
    case = special_procedure(city)
    stop, task = case.suspensions.get(), open_task(case, "review")
    actions.resume(actor=city.reviewer.actor, task=task, suspension_id=stop.id, outcome="合格", now=NOW + 3 * DAY)
    return case


def extension(city: City) -> Case:
    case = city.accepted()
    actions.ask_extension(actor=city.reviewer.actor, task=open_task(case, "review"), reasons="复杂", now=NOW)
    actions.answer_approval(actor=city.head.actor, task=open_task(case, "approval"), granted=True, now=NOW)
    return case


def fee_demand(city: City) -> Case:
    fee = FeeTerm(name="工本费", amount_fen=1000, basis="某办法")
    return city.accepted(terms=Terms(item_type="01", item_code="X1", fees=(fee,)))


def decided(city: City, outcome: str) -> Case:
    case = city.reviewed(delivery=DeliveryWish(way="window"))
    actions.decide(
        actor=city.head.actor, task=open_task(case, "decision"), outcome=outcome, reasons="理由",
        legal_basis="第三十八条", now=NOW,
    )  # fmt: skip
    return case


def renewal_deemed(city: City) -> Case:
    case = renewal(city, permit(city))
    actions.accept(actor=city.desk.actor, task=open_task(case, "acceptance"), now=NOW)
    assert actions.deem_renewed(now=MIDNIGHT, limit=5) == [case.id]
    return case


def delivery(city: City) -> Case:
    case, clerk = decided(city, "refused"), city.market.staff("delivery")
    actions.deliver(
        actor=clerk.actor, task=open_task(case, "delivery"), way="window", handed_to="本人，身份证已核", now=NOW
    )
    return case


def withdrawal(city: City) -> Case:
    case = city.accepted()
    actions.withdraw(actor=city.lin.actor, case=case, now=NOW)
    return case


CASES: dict[str, Callable[[City], Case]] = {
    "acceptance": lambda city: city.accepted(),
    "decision_granted": lambda city: decided(city, "granted"),
    "decision_refused": lambda city: decided(city, "refused"),
    "supplement": supplement,
    "non_acceptance": non_acceptance,
    "passing_on": passing_on,
    "acceptance_deemed": acceptance_deemed,
    "special_procedure": special_procedure,
    "suspension": suspension,
    "resumption": resumption,
    "extension": extension,
    "fee_demand": fee_demand,
    "renewal_deemed": renewal_deemed,
    "delivery": delivery,
    "withdrawal": withdrawal,
}


@pytest.mark.parametrize("kind", sorted(wording.kind for wording in WORDINGS))
def test_the_example_of_a_case_says_what_its_paper_says(city: City, kind: str) -> None:
    case = CASES[kind](city)
    issued = Paper.objects.filter(subject_id=case.id, kind=kind).get()
    number = Paper.objects.count()
    example = queries.paper_example(city.desk.actor, kind, case.number)
    assert example is not None
    said = papers.worded(kind, example, case.organisation_id, [])
    assert issued.content is not None
    kept = papers.content_of(issued)
    for part in ("office", "addressee", "paragraphs", "remarks", "rows", "table_head", "table"):
        assert getattr(said, part) == getattr(kept, part), part
    assert Paper.objects.count() == number
    assert queries.paper_example(city.health.staff("fees").actor, kind, case.number) is None
    other = city.case()
    assert queries.paper_example(city.desk.actor, kind, other.number) is None, "no such turn"


def test_the_page_shows_a_paper_of_a_kind_that_is_seldom(city: City) -> None:
    case, staff = passing_on(city), manager(city.market)
    organisations.appoint(
        actor=SYSTEM, official_id=staff.official_id, post_id=city.market.posts["acceptance"].id, now=NOW
    )
    client, address = client_of(staff.username), "/office/wordings/passing_on"
    text = papers.shipped_texts(next(one for one in WORDINGS if one.kind == "passing_on"))
    typed = {
        "paragraphs": "\n\n".join(text["zh-hans"].paragraphs),
        "paragraphs_en": "\n\n".join(text["en"].paragraphs),
        "remarks": "", "remarks_en": "", "reason": "看一看", "action": "preview",
    }  # fmt: skip
    shown = client.post(address, {**typed, "case_number": case.number})
    assert (shown.status_code, shown["Content-Type"]) == (200, "application/pdf")
    assert client.post(address, {**typed, "case_number": city.case().number}).status_code == 422
