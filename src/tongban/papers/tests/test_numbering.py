import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from datetime import datetime

import pytest
from django.db import connection, transaction

from tongban.base.books import Look
from tongban.base.ids import new_id
from tongban.organisations.models import Organisation
from tongban.papers import actions, books
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
    assert books.numbers(Look(now)).number == 0


HOLDER = """
    import sys, time
    import django
    django.setup()
    from django.db import connection, transaction
    connection.settings_dict.update(NAME=sys.argv[1], USER=sys.argv[2])
    from tongban.base.clock import now
    from tongban.base.ids import new_id
    from tongban.organisations.models import Organisation
    from tongban.papers import actions
    from tongban.papers.kinds import PaperContent

    office, at = Organisation.objects.get(), now().replace(year=int(sys.argv[3]))
    with transaction.atomic():
        for _number in range(3):
            paper = actions.issue(
                kind="acceptance", organisation=office, subject_id=new_id(), content=PaperContent(office="x"), now=at
            )
        print(paper.serial, flush=True)
        time.sleep(60)
"""


@pytest.mark.django_db(transaction=True)
def test_a_desk_that_is_killed_gives_its_numbers_back(
    office: Organisation, content: PaperContent, now: datetime
) -> None:
    """A process dies by kill -9 in the middle of its transaction, while another one waits for the counter."""
    known = connection.settings_dict
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(HOLDER), str(known["NAME"]), str(known["USER"]), str(now.year)],
        stdout=subprocess.PIPE,
        env=dict(os.environ),
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "3\n"
    issued: list[Paper] = []

    def waits() -> None:
        issued.append(
            actions.issue(kind="acceptance", organisation=office, subject_id=new_id(), content=content, now=now)
        )
        connection.close()

    other = threading.Thread(target=waits)
    other.start()
    time.sleep(0.3)
    assert issued == [], "the counter is held"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    other.join(timeout=10)
    assert [paper.serial for paper in issued] == [1]
    assert Paper.objects.count() == 1
    assert books.numbers(Look(now)).number == 0
