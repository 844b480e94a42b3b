"""What the database does to reckon a piece anew, in three statements, without a row on its way through the worker.

Limits in days are reckoned from the calendar's table of ordinals, as `calendar.rules.due` does; a test holds the two
together. Hours, and clocks with stops or extensions, are reckoned there, and their ends given to the same statement.
"""

from tongban.base.clock import OFFICE_ZONE

_ZONE = OFFICE_ZONE.key

RULES = "COALESCE(found.clock_table_id::text, found.terms ->> 'item_type', '')"
"""What names the table of clocks of a case: its id, or for cases from before there were tables the type of item."""

LOCK_CASES = f"""
    WITH locked AS MATERIALIZED (
        SELECT id, {RULES} AS rules FROM cases_case AS found
        WHERE id = ANY(%(cases)s::uuid[]) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
    )
    SELECT
        ARRAY(SELECT DISTINCT rules FROM locked),
        ARRAY(SELECT id FROM unnest(%(cases)s::uuid[]) AS id WHERE id NOT IN (SELECT id FROM locked))
"""  # noqa: S608 - our own words only, here and below
"""Returns the tables of clocks of the cases that are locked, and the cases that somebody else holds."""
LOCK_TASKS = """
    WITH locked AS MATERIALIZED (
        SELECT id FROM cases_task
        WHERE case_id = ANY(%(cases)s::uuid[]) AND case_id <> ALL(%(apart)s::uuid[]) AND state = 'open'
        ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
    )
    SELECT DISTINCT case_id FROM cases_task
    WHERE case_id = ANY(%(cases)s::uuid[]) AND case_id <> ALL(%(apart)s::uuid[]) AND state = 'open'
        AND id NOT IN (SELECT id FROM locked)
"""
"""Returns cases with a task that somebody else holds."""

_OPEN = f"""
    mine AS MATERIALIZED (
        SELECT id AS case_id, organisation_id, {RULES} AS rules FROM cases_case AS found
        WHERE id = ANY(%(cases)s::uuid[]) AND id <> ALL(%(apart)s::uuid[])
    ), open AS MATERIALIZED (
        SELECT 'clock' AS source, clock.id, case_id, kind, task_id, state = 'running' AS running, limit_value AS value,
            limit_unit AS unit, started_at, started_at AT TIME ZONE '{_ZONE}' AS began, due_on AS was,
            due_at AS was_at, clock.provisional AS was_provisional,
            (
                SELECT true FROM cases_clockinterval AS stretch
                WHERE stretch.clock_id = clock.id AND NOT stretch.running LIMIT 1
            ) IS NULL AND (
                SELECT true FROM cases_clockextension AS extension WHERE extension.clock_id = clock.id LIMIT 1
            ) IS NULL AS plain
        FROM mine JOIN cases_clock AS clock USING (case_id) WHERE clock.state <> 'ended'
        UNION ALL
        SELECT 'request', request.id, case_id, 'supplement', NULL, true,
            COALESCE((found.terms ->> 'supplement_answer_days')::int, %(answer_days)s), 'calendar_day',
            asked_at, asked_at AT TIME ZONE '{_ZONE}', answer_by, NULL, request.provisional, true
        FROM mine JOIN cases_supplementrequest AS request USING (case_id) JOIN cases_case AS found ON found.id = case_id
        WHERE request.answered_at IS NULL AND found.state = 'supplement'
        UNION ALL
        SELECT 'suspension', suspension.id, case_id, '', NULL, false, expected_value, expected_unit,
            began_at, began_at AT TIME ZONE '{_ZONE}', expected_on, NULL, suspension.provisional, true
        FROM mine JOIN cases_suspension AS suspension USING (case_id)
        WHERE suspension.ended_at IS NULL AND expected_value IS NOT NULL
    )
"""  # noqa: S608
OPEN = f"WITH {_OPEN} SELECT source, id, value, unit, started_at FROM open"  # noqa: S608
"""What is open on the cases: clocks, answers awaited, and suspensions with a length expected."""

_RECKONED = f"""
    given AS MATERIALIZED (
        SELECT * FROM unnest(
            %(given)s::uuid[], %(given_on)s::date[], %(given_at)s::timestamptz[], %(given_may)s::bool[]
        ) AS given (id, due_on, due_at, provisional)
    ), reckoned AS MATERIALIZED (
        SELECT open.*,
            COALESCE(given.due_on, %(before)s::date + ends.place) AS due_on,
            COALESCE(given.due_at, (
                %(before)s::date + ends.place + (policy.closing IS NULL)::int + COALESCE(policy.closing, '00:00')
            ) AT TIME ZONE '{_ZONE}') AS due_at,
            COALESCE(given.provisional, days.provisional[ends.place] > days.provisional[start.place - 1]) AS provisional
        FROM open
        LEFT JOIN given ON given.id = open.id
        JOIN unnest(
            %(policy_from)s::date[], %(policy_until)s::date[], %(closing)s::time[], %(first_day)s::int[],
            %(thirty)s::bool[]
        ) AS policy (first, until, closing, first_day, thirty)
            ON open.began::date >= policy.first
            AND open.began::date < policy.until
        CROSS JOIN (
            SELECT %(following)s::int[] AS following, %(ordinals)s::int[] AS ordinals, %(working)s::int[] AS working,
                %(provisional)s::int[] AS provisional
        ) AS days
        CROSS JOIN LATERAL (
            SELECT open.began::date - %(before)s::date AS place,
                COALESCE(open.began::time >= policy.closing, false)::int AS late
        ) AS start
        CROSS JOIN LATERAL (
            SELECT days.following[start.place + start.late] AS place,
                days.ordinals[start.place + start.late] AS ordinal,
                CASE WHEN open.value > 0 THEN policy.first_day ELSE 0 END AS counts
        ) AS first
        CROSS JOIN LATERAL (
            SELECT CASE
                WHEN NOT open.plain OR open.value > {{longest}} THEN NULL
                WHEN open.unit = 'working_day' THEN days.working[first.ordinal + open.value - first.counts]
                WHEN open.unit = 'calendar_day' THEN days.following[first.place + open.value - first.counts]
                WHEN open.unit = 'month' AND policy.thirty
                    THEN days.following[first.place + open.value * 30 - first.counts]
                WHEN open.unit = 'month' THEN days.following[
                    (%(before)s::date + first.place + make_interval(months => open.value))::date
                        - %(before)s::date - first.counts
                ]
                WHEN open.unit = 'on_the_spot' THEN first.place
            END AS place
        ) AS ends
    )
"""  # noqa: S608
"""The new ends beside those before. What cannot be reckoned here, and was not given, has none."""

_PUT = """
    unreckoned AS MATERIALIZED (
        SELECT DISTINCT case_id FROM reckoned WHERE due_on IS NULL OR provisional IS NULL
    ), fresh AS MATERIALIZED (
        SELECT *, (was, was_provisional) IS DISTINCT FROM (due_on, provisional)
            OR (source = 'clock' AND was_at IS DISTINCT FROM due_at) AS other
        FROM reckoned WHERE case_id NOT IN (SELECT case_id FROM unreckoned)
    ), put_clocks AS (
        UPDATE cases_clock AS clock
        SET due_on = fresh.due_on, due_at = fresh.due_at, provisional = fresh.provisional
        FROM fresh WHERE clock.id = fresh.id AND fresh.source = 'clock' AND fresh.other
    ), put_answers AS (
        UPDATE cases_supplementrequest AS request SET answer_by = fresh.due_on, provisional = fresh.provisional
        FROM fresh WHERE request.id = fresh.id AND fresh.source = 'request' AND fresh.other
    ), put_expectations AS (
        UPDATE cases_suspension AS suspension SET expected_on = fresh.due_on, provisional = fresh.provisional
        FROM fresh WHERE suspension.id = fresh.id AND fresh.source = 'suspension' AND fresh.other
    )
"""
_ORDER_WORK = """
    nearest AS MATERIALIZED (
        SELECT case_id, min(due_on) FILTER (WHERE orders) AS due_on,
            (array_agg(provisional ORDER BY due_on, id) FILTER (WHERE orders))[1] AS provisional
        FROM (
            SELECT *, running AND kind <> 'step' AS orders FROM fresh WHERE source = 'clock'
        ) AS clock
        GROUP BY case_id HAVING bool_or(other)
    ), wanted AS MATERIALIZED (
        SELECT task.id AS task_id, first.due_on, first.provisional
        FROM nearest JOIN cases_task AS task USING (case_id) LEFT JOIN (
            SELECT task_id, min(due_on) AS due_on, (array_agg(provisional ORDER BY due_on))[1] AS provisional FROM fresh
            WHERE source = 'clock' AND running AND kind = 'step' AND task_id IS NOT NULL GROUP BY task_id
        ) AS step ON step.task_id = task.id CROSS JOIN LATERAL (
            SELECT LEAST(nearest.due_on, step.due_on) AS due_on, COALESCE(
                CASE WHEN nearest.due_on <= step.due_on OR step.due_on IS NULL THEN nearest.provisional
                    ELSE step.provisional END, false
            ) AS provisional
        ) AS first
        WHERE task.state = 'open' AND (task.due_on, task.provisional) IS DISTINCT FROM (first.due_on, first.provisional)
    ), put_tasks AS (
        UPDATE cases_task AS task SET due_on = wanted.due_on, provisional = wanted.provisional FROM wanted
        WHERE task.id = wanted.task_id
    )
"""
"""Open tasks carry the nearest end of the running clocks, as `clocks.order_work` does it for one case."""
_HAPPENED = """
    moved AS MATERIALIZED (
        SELECT case_id, bool_or(COALESCE(told.kind IS NOT NULL OR fresh.source = 'request', false)) AS told,
            jsonb_agg(jsonb_build_object(
                'kind', fresh.kind, 'was', was, 'now', due_on, 'provisional', provisional,
                'told', told.kind IS NOT NULL OR fresh.source = 'request'
            ) ORDER BY fresh.kind, fresh.id) AS ends
        FROM fresh
        JOIN mine USING (case_id)
        LEFT JOIN unnest(%(told_rules)s::text[], %(told_kinds)s::text[]) AS told (rules, kind)
            ON told.rules = mine.rules AND told.kind = fresh.kind AND fresh.source = 'clock'
        WHERE running AND was <> due_on
        GROUP BY case_id
    ), happened AS (
        SELECT case_id AS subject_id, jsonb_build_object(
            'revision', 0, 'organisation_id', organisation_id, 'ends', ends, 'change_id', %(change)s::bigint
        ) AS data
        FROM moved JOIN mine USING (case_id)
    )
"""


def reckoning(record_happened: str, longest: int) -> str:
    """Return the statement that reckons and writes; `record_happened` is the ledger's part of it.

    It returns how many cases had a date moved, the events of which people are to be told, how many have a date that
    only became firm or provisional, and the cases that have an end which was neither reckoned nor given.
    """
    reckoned = _RECKONED.replace("{longest}", str(longest))
    return f"""
        WITH {_OPEN}, {reckoned}, {_PUT}, {_ORDER_WORK}, {_HAPPENED}, recorded AS ({record_happened})
        SELECT (SELECT count(*) FROM moved),
            ARRAY(
                SELECT recorded.id FROM recorded JOIN moved ON moved.case_id = recorded.subject_id
                WHERE moved.told ORDER BY recorded.id
            ),
            (
                SELECT count(DISTINCT case_id) FROM fresh
                WHERE was_provisional <> provisional AND case_id NOT IN (SELECT case_id FROM moved)
            ),
            ARRAY(SELECT case_id FROM unreckoned)
    """  # noqa: S608
