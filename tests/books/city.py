"""A small city with a case in each state, for tests that break its books."""

from django.db import connection
from procrastinate.contrib.django import app as queue

from tests.people import Town, accepted, applied, at_the_head, drafted, make_town, open_task, resident
from tongban.applications import actions as applications
from tongban.base.clock import now
from tongban.cases import actions as cases
from tongban.cases.models import Case, FeeDemand
from tongban.files.actions import REMOVE
from tongban.ledger import actions as ledger

LAW = "《中华人民共和国行政许可法》第三十八条"


def make_city() -> Town:
    """Make it, with every event handled and in its place."""
    town = make_town()
    town.lin = resident(email="lin@example.com")
    drafted(town.lin)
    cases.claim(actor=town["acceptance"].actor, task=open_task(applied(town.lin), "acceptance"), now=now())
    accepted(town, applied(town.lin))
    _supplement(town)
    _not_accepted(town)
    cases.withdraw(actor=town.lin.actor, case=_case(accepted(town, applied(town.lin))), now=now())
    at_the_head(town, applied(town.lin))
    _granted(town, applied(town.lin))
    _paid(town, _granted(town, _applied_for_a_window(town)))
    delivered = _paid(town, _granted(town, applied(town.lin)))
    cases.archive(actor=town["delivery"].actor, case=_case(delivered), now=now())
    queue.configure_task(REMOVE, allow_unknown=True).defer(sha256="0" * 64)
    ledger.drain(now=now())
    seal()
    return town


def seal() -> None:
    """Give all events their positions; the sealer itself waits for the transaction of the test to end."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE ledger_event AS event SET position = placed.place
            FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM ledger_event) AS placed
            WHERE placed.id = event.id AND event.position IS NULL
            """
        )
    while ledger.grow_once(now=now()).leaves:
        continue


def _case(number: str) -> Case:
    return Case.objects.get(number=number)


def _applied_for_a_window(town: Town) -> str:
    draft = drafted(town.lin)
    applications.save_delivery(actor=town.lin.actor, draft_id=draft.id, typed={"way": "window"}, now=now())
    return applications.submit(
        actor=town.lin.actor, draft_id=draft.id, idempotency_key=draft.idempotency_key, declared=True, now=now()
    ).case.number


def _supplement(town: Town) -> None:
    task = open_task(applied(town.lin), "acceptance")
    points = [cases.Point("material", "sketch", "请补盖章的效果图。")]
    cases.ask_supplement(actor=town["acceptance"].actor, task=task, points=points, now=now())


def _not_accepted(town: Town) -> None:
    cases.refuse_acceptance(
        actor=town["acceptance"].actor,
        task=open_task(applied(town.lin), "acceptance"),
        reason="不需要许可。",
        legal_basis=LAW,
        what_else="可直接设置。",
        now=now(),
    )


def _granted(town: Town, number: str) -> str:
    """Grant an application; its result waits for the fee."""
    task = open_task(at_the_head(town, number), "decision")
    cases.decide(actor=town["approval"].actor, task=task, outcome="granted", reasons="符合条件。", now=now())
    ledger.drain(now=now())
    return number


def _paid(town: Town, number: str) -> str:
    fee = FeeDemand.objects.get(case__number=number)
    cases.settle_fee(actor=town["fees"].actor, fee=fee, receipt_number="YT1", now=now())
    ledger.drain(now=now())
    return number
