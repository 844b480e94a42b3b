"""After the retention period no table of this room holds a word that somebody wrote about the case."""

from datetime import timedelta

import pytest
from django.db import connection

from tongban.cases import actions
from tongban.cases.actions.archiving import ARCHIVED_AFTER
from tongban.cases.kinds import FeeTerm, TermLimit, Terms
from tongban.cases.models import Case
from tongban.cases.tests.people import NOW, City, open_task

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
WORD = "林知夏之母患病"


def places_of(word: str, room: str) -> list[str]:
    """Return the columns of a room's tables in which a word stands."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
            " AND table_name LIKE %s AND data_type IN ('text', 'character varying', 'jsonb')",
            [f"{room}\\_%"],
        )
        columns = cursor.fetchall()
        found = []
        for table, column in columns:
            cursor.execute(f'SELECT count(*) FROM "{table}" WHERE "{column}"::text LIKE %s', [f"%{word}%"])  # noqa: S608 - names of the catalogue
            found += [f"{table}.{column}"] if cursor.fetchone()[0] else []
    return sorted(found)


def eventful(city: City) -> Case:
    """Return a case that has ended, with a word in everything that is written about one."""
    terms = Terms(item_type="01", retention_years=1, fees=(FeeTerm(name="工本费"),))
    case = city.case(terms=terms)
    points = [("material", "lease", WORD)]
    desk, reviewer, head = city.desk.actor, city.reviewer.actor, city.head.actor
    actions.ask_supplement(actor=desk, task=open_task(case, "acceptance"), points=points, word=WORD, now=NOW)
    actions.give_supplement(actor=city.lin.actor, case_id=case.id, now=NOW)
    actions.ask_late_supplement(
        actor=desk,
        task=open_task(case, "acceptance"),
        points=[("field", "address", WORD)],
        word=WORD,
        reasons=WORD,
        now=NOW,
    )
    actions.answer_approval(actor=head, task=open_task(case, "approval"), granted=False, word=WORD, now=NOW)
    actions.accept(
        actor=desk,
        task=open_task(case, "acceptance"),
        word=WORD,
        fee_amounts={"工本费": 0},
        fee_reasons={"工本费": WORD},
        now=NOW,
    )
    suspension = actions.begin_procedure(
        actor=reviewer,
        task=open_task(case, "review"),
        procedure="hearing",
        ground=WORD,
        expected=TermLimit(value=5, unit="working_day"),
        now=NOW,
    )
    task = open_task(case, "review")
    actions.resume(actor=reviewer, task=task, suspension_id=suspension.id, outcome=WORD, now=NOW + DAY)
    actions.ask_extension(actor=reviewer, task=task, reasons=WORD, now=NOW + DAY)
    actions.answer_approval(actor=head, task=open_task(case, "approval"), granted=True, word=WORD, now=NOW + DAY)
    actions.complete_review(actor=reviewer, task=task, choice="agree", opinion=WORD, now=NOW + DAY)
    task = open_task(case, "decision")
    actions.decide(actor=head, task=task, outcome="refused", reasons=WORD, legal_basis="第三十八条", now=NOW + DAY)
    ended = Case.objects.get(id=case.id)
    actions.rate(actor=city.lin.actor, case=ended, level=5, words=WORD, now=NOW + DAY)
    actions.answer_rating(actor=head, case=ended, words=WORD * 3, now=NOW + DAY)
    return ended


def test_no_word_is_left_in_any_table(city: City) -> None:
    eventful(city)
    before = places_of(WORD, "cases")
    assert {"cases_suspension.ground", "cases_clockextension.reasons", "cases_approval.proposal"} <= set(before)
    actions.archive_ended(now=NOW + DAY + ARCHIVED_AFTER + DAY)
    assert actions.erase_due(now=NOW + 370 * DAY) == 1
    assert places_of(WORD, "cases") == []
