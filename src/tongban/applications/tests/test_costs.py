"""What the main job costs in statements, so that it cannot creep up unseen: no more than here, however much is there."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tongban.applications.tests.people import Town
from tongban.cases import actions as cases
from tongban.cases.tests.people import NOW, client_of, open_task
from tongban.ledger import actions as ledger


class AtMost:
    """Fails with the statements when there are more than allowed; a test's own savepoints are not counted."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.captured = CaptureQueriesContext(connection)

    def __enter__(self) -> None:
        self.captured.__enter__()

    def __exit__(self, *fault: object) -> None:
        self.captured.__exit__(None, None, None)
        said = [query["sql"] for query in self.captured.captured_queries if "SAVEPOINT" not in query["sql"]]
        if fault[0] is None:
            assert len(said) <= self.most, "\n".join(statement[:150] for statement in said)


def test_submitting(town: Town) -> None:
    town.submitted()
    draft = town.fill(town.begin())
    with AtMost(3):
        town.submit(draft)


def test_submitting_on_the_page(town: Town) -> None:
    """The session, the account, and the action: draft and all it hangs on with the post, number, all that is written."""
    client = client_of(town.lin.username)
    town.submitted()
    draft = town.fill(town.begin())
    address = reverse("applications:review", args=[draft.id])
    with AtMost(5):
        sent = client.post(address, {"declared": "on", "key": str(draft.idempotency_key)})
    assert sent.status_code == 302


@pytest.mark.parametrize("number", [1, 3])
def test_telling_of_it(town: Town, number: int) -> None:
    """However many came in: what is owed, cases, accounts, messages, addresses, letters, counts."""
    town.submitted()
    ledger.drain(NOW)
    for _case in range(number):
        town.submitted()
    with AtMost(9):
        ledger.hand_on(now=NOW)


def test_the_steps_of_a_case(town: Town) -> None:
    town.granted(town.submitted())
    case = town.submitted().case
    with AtMost(28):  # with a fee and its paper, and who stands aside
        cases.accept(actor=town.city.desk.actor, task=open_task(case, "acceptance"), now=NOW)
    with AtMost(13):
        cases.complete_review(
            actor=town.city.reviewer.actor, task=open_task(case, "review"), choice="agree", opinion="齐全", now=NOW
        )
    with AtMost(16):
        cases.decide(
            actor=town.city.head.actor, task=open_task(case, "decision"), outcome="granted", reasons="符合", now=NOW
        )


@pytest.mark.parametrize("others", [0, 3])
def test_completing_a_review_on_the_page(town: Town, others: int) -> None:
    """The session, the account, the posts, the task with its case, and the action: whatever else is in the inbox."""
    for _case in range(others + 2):
        case = town.submitted().case
        cases.accept(actor=town.city.desk.actor, task=open_task(case, "acceptance"), now=NOW)
    client: Client = client_of(town.city.reviewer.username)
    task = open_task(case, "review")
    with AtMost(15):
        sent = client.post(
            reverse("cases:act", args=[case.number, task.id, "review"]), {"choice": "agree", "opinion": "材料齐全。"}
        )
    assert sent.status_code == 302
