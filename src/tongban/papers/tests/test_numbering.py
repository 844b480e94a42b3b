import threading
from datetime import datetime

import pytest
from django.db import connection, transaction

from tongban.base.ids import new_id
from tongban.organisations.models import Organisation
from tongban.papers import actions
from tongban.papers.kinds import PaperContent
from tongban.papers.models import Paper

THREADS, EACH, GIVEN_UP = 8, 25, 5


class ChangedMind(Exception):  # noqa: N818 - not an error
    """The transaction is given up after its paper was issued."""


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gaps_and_no_doubles_under_load(
    office: Organisation, content: PaperContent, now: datetime
) -> None:
    """Eight offices' desks at once, each issuing 25 papers and giving up every fifth one."""
    faults: list[BaseException] = []

    def desk() -> None:
        try:
            for place in range(EACH):
                one_paper(give_up=place % GIVEN_UP == 0)
        except Exception as fault:  # noqa: BLE001 - told by the test
            faults.append(fault)
        finally:
            connection.close()

    def one_paper(*, give_up: bool) -> None:
        try:
            with transaction.atomic():
                actions.issue(kind="acceptance", organisation=office, subject_id=new_id(), content=content, now=now)
                change_mind(give_up)
        except ChangedMind:
            pass

    def change_mind(give_up: bool) -> None:  # noqa: FBT001 - read beside its only call
        if give_up:
            raise ChangedMind

    desks = [threading.Thread(target=desk) for _desk in range(THREADS)]
    for one in desks:
        one.start()
    for one in desks:
        one.join()
    assert faults == []
    kept = THREADS * (EACH - EACH // GIVEN_UP)
    serials = sorted(serial or 0 for serial in Paper.objects.values_list("serial", flat=True))
    assert serials == list(range(1, kept + 1))
    assert Paper.objects.values("number").distinct().count() == kept
