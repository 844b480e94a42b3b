"""The clocks: those that the law demands in each state, running or ended rightly, and the order of work by them."""

import json
from collections.abc import Iterable, Iterator
from itertools import combinations

from tongban.base.books import Disagreements, Look, ask, comparison
from tongban.cases.kinds import TermLimit, Terms
from tongban.cases.models import ClockTable
from tongban.cases.rules.clock_table import PERMIT, SHIPPED, ClockRules
from tongban.cases.rules.clocks import starting


@comparison(
    "cases.clocks", holds="Each case has the clocks that its state and its table demand, and no others are open"
)
def clocks(look: Look) -> Disagreements:
    """See `rules.clocks`: at receipt those for naming what is missing, from acceptance those of the decision.

    While an answer is awaited those of receipt stand, where their table lets them go on afterwards. After the decision
    that of delivery runs, and stands for nothing but a fee that is due.
    """
    return ask(
        look,
        """
        WITH expected AS (
            SELECT table_id, begins, own, kinds::varchar[], goes_on FROM jsonb_to_recordset(%(expected)s::jsonb)
                AS rows(table_id text, begins text, own text, kinds text, goes_on boolean)
        ), open AS (
            SELECT case_id, array_agg(kind ORDER BY kind) AS kinds, array_agg(DISTINCT state) AS states
            FROM cases_clock WHERE state <> 'ended' AND kind <> 'step' AND at_end <> 'deemed_renewed' GROUP BY case_id
        ), demanded AS (
            SELECT terms.id, expected.kinds,
                ARRAY[CASE WHEN state IN ('suspended', 'supplement') THEN 'stopped' ELSE 'running' END]::varchar[]
                    AS states
            FROM (
                SELECT id, state,
                    CASE WHEN state IN ('submitted', 'supplement') THEN 'receipt' ELSE 'acceptance' END AS begins,
                    COALESCE(
                        clock_table_id::text, CASE terms ->> 'item_type' WHEN %(permit)s THEN %(permit)s ELSE '' END
                    ) AS table_id,
                    array_remove(ARRAY[
                        CASE WHEN terms ->> 'policy_limit' IS NOT NULL THEN 'policy' END,
                        CASE WHEN terms ->> 'promised' IS NOT NULL THEN 'promised' END,
                        CASE WHEN terms ->> 'statutory' IS NOT NULL THEN 'statutory' END], NULL)::text AS own
                FROM cases_case WHERE state IN ('submitted', 'supplement', 'review', 'suspended')
            ) AS terms
            JOIN expected USING (table_id, begins, own)
            WHERE state <> 'supplement' OR goes_on
        )
        SELECT 'case ' || found.number || ' is ' || found.state || ': clocks '
            || COALESCE(array_to_string(open.kinds || open.states, ' '), 'none') || ', demanded '
            || COALESCE(array_to_string(demanded.kinds || demanded.states, ' '), 'none')
        FROM open FULL JOIN demanded ON demanded.id = open.case_id
        JOIN cases_case AS found ON found.id = COALESCE(open.case_id, demanded.id)
        WHERE (open.kinds IS DISTINCT FROM demanded.kinds OR open.states IS DISTINCT FROM demanded.states)
            AND found.state NOT IN ('decided', 'completed')
        UNION ALL
        SELECT 'case ' || found.number || ' is ' || found.state || ': the clock ' || clock.kind || ' is ' || clock.state
            || CASE WHEN clock.started_at < found.decided_at THEN ' beyond the decision' ELSE ', and no fee is due' END
        FROM cases_clock AS clock JOIN cases_case AS found ON found.id = clock.case_id
        WHERE clock.state <> 'ended' AND clock.kind <> 'step' AND found.state IN ('decided', 'completed') AND (
            clock.started_at < found.decided_at
            OR clock.state = 'stopped' AND NOT EXISTS (
                SELECT FROM cases_feedemand AS fee WHERE fee.case_id = found.id AND fee.state = 'due'
            )
        )
        """,
        {"permit": PERMIT, "expected": json.dumps(list(_expected()))},
    )


def _expected() -> Iterator[dict[str, str | bool]]:
    """Return for each table, and for each set of limits of the matter's own, which clocks begin with what."""
    tables = {str(table.id): ClockRules.model_validate(table.content) for table in ClockTable.objects.all()}
    tables |= {item_type: rules for item_type, (rules, _source) in SHIPPED.items()}
    some = TermLimit(value=1, unit="working_day")
    for name, rules in tables.items():
        for owned in _subsets(("policy", "promised", "statutory")):
            terms = Terms().model_copy(update={_FIELDS[own]: some for own in owned})
            for begins in ("receipt", "acceptance"):
                kinds = sorted(start.kind for start in starting(rules, begins, terms))
                if kinds:
                    yield {
                        "table_id": name,
                        "begins": begins,
                        "own": _array(owned),
                        "kinds": _array(kinds),
                        "goes_on": not rules.supplement_begins_anew,
                    }


_FIELDS = {"policy": "policy_limit", "promised": "promised", "statutory": "statutory"}


def _array(names: Iterable[str]) -> str:
    return f"{{{','.join(names)}}}"


def _subsets(names: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for size in range(len(names) + 1):
        yield from combinations(names, size)


@comparison(
    "cases.renewal_clocks", holds="The clock of a renewal runs as long as its case is not decided, and no longer"
)
def renewal_clocks(look: Look) -> Disagreements:
    """Only a case that succeeds a result has one; it ends with that result's last day, and nothing stops it."""
    return ask(
        look,
        """
        SELECT 'case ' || found.number || ' is ' || found.state || ': its renewal clock is ' || clock.state
            || ', due on ' || clock.due_on || ', the permit ends on ' || COALESCE(permit.valid_to::text, 'no day')
        FROM cases_clock AS clock JOIN cases_case AS found ON found.id = clock.case_id
        LEFT JOIN cases_result AS permit ON permit.id = found.predecessor_id
        WHERE clock.at_end = 'deemed_renewed' AND (
            clock.due_on IS DISTINCT FROM permit.valid_to
            OR clock.state = 'stopped'
            OR (clock.state = 'running') AND found.state NOT IN ('submitted', 'supplement', 'review', 'suspended')
        )
        """,
    )


@comparison("cases.intervals", holds="An open clock has one open stretch of its own state, an ended one none")
def intervals(look: Look) -> Disagreements:
    """Compare clocks with their stretches."""
    return ask(
        look,
        """
        WITH stretches AS (
            SELECT clock_id, count(*) AS number, count(*) FILTER (WHERE until IS NULL) AS open,
                bool_or(running) FILTER (WHERE until IS NULL) AS running, max(until) AS last
            FROM cases_clockinterval GROUP BY clock_id
        )
        SELECT 'clock ' || clock.id || ' is ' || clock.state || ' with ' || COALESCE(stretches.open, 0)
            || ' open stretches of ' || COALESCE(stretches.number, 0)
        FROM cases_clock AS clock LEFT JOIN stretches ON stretches.clock_id = clock.id
        WHERE COALESCE(stretches.open, 0) <> (clock.state <> 'ended')::int
            OR COALESCE(stretches.number, 0) = 0
            OR stretches.running <> (clock.state = 'running')
            OR (clock.state = 'ended') <> (clock.ended_at IS NOT NULL)
            OR (clock.state = 'ended') <> (clock.ended_by <> '')
            OR stretches.last > clock.ended_at
        """,
    )


@comparison("cases.step_clocks", holds="An open clock of a step has an open task of the same case")
def step_clocks(look: Look) -> Disagreements:
    """A clock that is left running after its step would be told as late for ever."""
    return ask(
        look,
        """
        SELECT 'clock ' || clock.id || ' of a step is ' || clock.state || ', its task '
            || COALESCE(task.id::text || ' is ' || task.state, 'is not there')
        FROM cases_clock AS clock LEFT JOIN cases_task AS task ON task.id = clock.task_id
        WHERE clock.kind = 'step' AND clock.state <> 'ended'
            AND (task.id IS NULL OR task.state <> 'open' OR task.case_id <> clock.case_id)
        """,
    )


@comparison("cases.order_of_work", holds="Open tasks carry the nearest date of the running clocks of their case")
def order_of_work(look: Look) -> Disagreements:
    """A task whose step has a clock of its own carries the nearer of the two dates."""
    return ask(
        look,
        """
        WITH nearest AS (
            SELECT case_id, min(due_on) AS due_on FROM cases_clock
            WHERE state = 'running' AND kind <> 'step' GROUP BY case_id
        ), steps AS (
            SELECT task_id, min(due_on) AS due_on FROM cases_clock
            WHERE state = 'running' AND kind = 'step' GROUP BY task_id
        )
        SELECT 'task ' || task.id || ' is due on ' || COALESCE(task.due_on::text, 'no day')
            || ', the clocks of its case on ' || COALESCE(nearest.due_on::text, 'no day')
        FROM cases_task AS task LEFT JOIN nearest ON nearest.case_id = task.case_id
            LEFT JOIN steps ON steps.task_id = task.id
        WHERE task.state = 'open' AND task.due_on IS DISTINCT FROM LEAST(nearest.due_on, steps.due_on)
        """,
    )
