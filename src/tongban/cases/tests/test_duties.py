"""Who may do which step: hand over, keep apart, stand aside; never a task that nobody may do."""

from datetime import timedelta
from uuid import UUID

import pytest

from tongban.base.actor import SYSTEM, Actor
from tongban.base.errors import NotFound
from tongban.cases import actions
from tongban.cases.errors import NeedsAnother, NobodyElse, NobodyLeft, NotYourself
from tongban.cases.models import Case, HandOver, Recusal, Task
from tongban.cases.tests.people import NOW, City, client_of, office, open_task
from tongban.organisations import actions as organisations
from tongban.organisations import queries as organisation_queries

BASIS = "《中华人民共和国行政许可法》第三十八条"


def decide(actor: Actor, case: Case) -> None:
    actions.decide(actor=actor, task=open_task(case, "decision"), outcome="granted", reasons="符合条件", now=NOW)


def untouched(case: Case, task: Task) -> None:
    assert Task.objects.values_list("post_id", "holder_id", "state").get(id=task.id) == (
        task.post_id, task.holder_id, task.state,
    )  # fmt: skip
    assert Case.objects.get(id=case.id).revision == case.revision
    assert not HandOver.objects.exists()


@pytest.mark.parametrize("role", ["acceptance", "review", "window", "supervisor"])
def test_a_decision_goes_to_no_post_that_may_not_decide(city: City, role: str) -> None:
    case = city.reviewed()
    case.refresh_from_db()
    task = open_task(case, "decision")
    with pytest.raises(NotFound):
        actions.hand_over(actor=city.head.actor, task=task, to_post_id=city.market.posts[role].id, word="请办", now=NOW)
    untouched(case, task)
    page = client_of(city.head.username).get(f"/office/cases/{case.number}").content.decode()
    assert f"post:{city.market.posts[role].id}" not in page


def test_each_step_goes_to_another_post_with_its_role_only(city: City) -> None:
    case = city.accepted()
    task = open_task(case, "review")
    assert task.role == "review"
    second = organisations.create_post(
        actor=SYSTEM, organisation_id=city.market.organisation.id, name="复审岗", roles=["review"], now=NOW
    )
    with pytest.raises(NobodyElse):  # nobody holds that post yet
        actions.hand_over(actor=city.reviewer.actor, task=task, to_post_id=second.id, word="请办", now=NOW)
    city.market.posts["second"] = second
    other = city.market.staff("second", "钱复审")
    actions.hand_over(actor=city.reviewer.actor, task=task, to_post_id=second.id, word="请办", now=NOW)
    actions.complete_review(actor=other.actor, task=open_task(case, "review"), choice="agree", now=NOW)
    assert open_task(case, "decision")


def test_nobody_hands_a_task_to_themselves(city: City) -> None:
    case = city.case()
    task = open_task(case, "acceptance")
    with pytest.raises(NotYourself) as refused:
        actions.hand_over(actor=city.desk.actor, task=task, to_official_id=city.desk.official_id, word="请办", now=NOW)
    assert set(refused.value.fields) == {"receiver"}
    untouched(case, task)
    page = client_of(city.desk.username).get(f"/office/cases/{case.number}").content.decode()
    assert f"official:{city.desk.official_id}" not in page


def test_who_accepted_does_not_decide_where_another_may(city: City) -> None:
    organisations.appoint(
        actor=SYSTEM, official_id=city.desk.official_id, post_id=city.market.posts["approval"].id, now=NOW
    )
    desk = organisation_queries.actor_for_account(city.desk.actor.account_id, NOW)  # type: ignore[arg-type]  # has one
    case = city.reviewed()
    task = open_task(case, "decision")
    for refused in (lambda: decide(desk, case), lambda: actions.claim(actor=desk, task=task, now=NOW)):
        with pytest.raises(NeedsAnother):
            refused()
    with pytest.raises(NeedsAnother):
        actions.hand_over(actor=city.head.actor, task=task, to_official_id=city.desk.official_id, word="请办", now=NOW)
    assert Case.objects.get(id=case.id).state == "review"
    page = client_of(city.desk.username).get(f"/office/cases/{case.number}").content.decode()
    assert "/decide" not in page
    decide(city.head.actor, case)


def test_in_a_small_office_one_official_does_all(city: City) -> None:
    organisations.end_appointment(
        actor=SYSTEM, official_id=city.head.official_id, post_id=city.market.posts["approval"].id, now=NOW
    )
    organisations.appoint(
        actor=SYSTEM, official_id=city.desk.official_id, post_id=city.market.posts["approval"].id, now=NOW
    )
    desk = organisation_queries.actor_for_account(city.desk.actor.account_id, NOW)  # type: ignore[arg-type]  # has one
    case = city.reviewed()
    decide(desk, case)
    assert Case.objects.get(id=case.id).state == "decided"


def able(task: Task) -> set[UUID]:
    holders = organisation_queries.officials_by_post([task.post_id]).get(task.post_id, ())
    return set(holders) - set(Recusal.objects.filter(case=task.case).values_list("official_id", flat=True))


@pytest.mark.parametrize("seed", range(4))
def test_no_open_task_is_left_with_nobody(city: City, seed: int) -> None:
    """Officials stand aside in any order, at any stage, until nobody more may: each open task still finds somebody."""
    government = office("云澜市人民政府", "government", roles=("approval", "supervisor"))
    type(city.market.organisation).objects.filter(id=city.market.organisation.id).update(parent=government.organisation)
    staff = [
        city.desk, city.reviewer, city.head, city.market.staff("delivery"), city.market.staff("supervisor"),
        government.staff("approval"), government.staff("supervisor"),
    ]  # fmt: skip
    case = [city.case, city.accepted, city.reviewed, city.case][seed]()
    staff = (staff[seed:] + staff[:seed])[:: -1 if seed % 2 else 1]
    refused = 0
    for one in staff:
        before = list(Recusal.objects.values_list("id", flat=True))
        try:
            actions.stand_aside(actor=one.actor, case=case, reason="近亲属", now=NOW)
        except NobodyLeft:
            refused += 1
            assert list(Recusal.objects.values_list("id", flat=True)) == before
        except NotFound:  # no business with the case, and so nothing to stand aside from
            continue
        for task in Task.objects.filter(case=case, state="open").select_related("case", "post"):
            assert able(task), (one.post.name, task.post.name)
    tasks = Task.objects.filter(case=case, state="open")
    assert tasks.count() == 1


def test_the_page_says_who_takes_over_and_the_next_step_finds_somebody_too(city: City) -> None:
    """The head stands aside at the desk already; the decision, which opens later, goes to the office above."""
    government = office("云澜市人民政府", "government", roles=("approval",))
    type(city.market.organisation).objects.filter(id=city.market.organisation.id).update(parent=government.organisation)
    mayor = government.staff("approval", "郑市长")
    case = city.reviewed()
    page = client_of(city.head.username).get(f"/office/cases/{case.number}/stand-aside").content.decode()
    assert "由云澜市人民政府approval岗接办" in page
    assert Recusal.objects.count() == 0
    second = city.accepted()
    actions.hand_over(
        actor=city.reviewer.actor,
        task=open_task(second, "review"),
        to_official_id=city.market.staff("review", "李二").official_id,
        word="请办",
        now=NOW,
    )
    Recusal.objects.create(case=second, official_id=city.head.official_id, reason="近亲属", at=NOW)
    review = open_task(second, "review")
    actions.release(actor=organisation_actor(review), task=review, now=NOW)
    actions.complete_review(actor=city.reviewer.actor, task=review, choice="agree", now=NOW)
    decide(mayor.actor, second)


def organisation_actor(task: Task) -> Actor:
    assert task.holder is not None
    return organisation_queries.actor_for_account(task.holder.account_id, NOW)


def test_a_deputy_alone_is_not_enough(city: City) -> None:
    """Their leave ends, and the case would lie with nobody: it goes on to the next one."""
    deputy = city.market.staff("review", "钱代理")
    organisations.take_leave(
        actor=city.head.actor,
        deputy_id=deputy.official_id,
        first_day=NOW.date(),
        last_day=(NOW + timedelta(days=3)).date(),
        now=NOW,
    )
    supervisor = city.market.staff("supervisor")
    case = city.reviewed()
    actions.stand_aside(actor=city.head.actor, case=case, reason="近亲属", now=NOW)
    assert open_task(case, "decision").post == supervisor.post
