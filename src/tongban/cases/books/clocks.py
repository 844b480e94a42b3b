"""The clocks: those that the law demands in each state, running or ended rightly, and the order of work by them."""

from tongban.base.books import Disagreements, Look, ask, comparison
from tongban.cases.rules import clocks as rules


@comparison("cases.clocks", holds="Each case has the clocks that its state demands, and no others are open")
def clocks(look: Look) -> Disagreements:
    """See `rules.clocks`: at receipt one for naming what is missing, from acceptance those of the decision."""
    return ask(
        look,
        """
        WITH open AS (
            SELECT case_id, array_agg(kind ORDER BY kind) AS kinds, array_agg(DISTINCT state) AS states
            FROM cases_clock WHERE state <> 'ended' GROUP BY case_id
        ), demanded AS (
            SELECT id, CASE
                WHEN state = 'submitted' THEN ARRAY[CASE item_type WHEN %(permit)s THEN 'notice' ELSE 'policy' END]
                WHEN state NOT IN ('review', 'suspended') THEN NULL
                WHEN has_statutory OR has_promised THEN array_remove(ARRAY[
                    CASE WHEN has_promised THEN 'promised' END, CASE WHEN has_statutory THEN 'statutory' END], NULL)
                ELSE ARRAY['policy'] END::varchar[] AS kinds,
                ARRAY[CASE state WHEN 'suspended' THEN 'stopped' ELSE 'running' END]::varchar[] AS states
            FROM (
                SELECT id, state, terms ->> 'item_type' AS item_type,
                    terms ->> 'promised' IS NOT NULL AS has_promised,
                    terms ->> 'statutory' IS NOT NULL OR terms ->> 'item_type' = %(permit)s AS has_statutory
                FROM cases_case WHERE state IN ('submitted', 'review', 'suspended')
            ) AS terms
        )
        SELECT 'case ' || found.number || ' is ' || found.state || ': clocks '
            || COALESCE(array_to_string(open.kinds || open.states, ' '), 'none') || ', demanded '
            || COALESCE(array_to_string(demanded.kinds || demanded.states, ' '), 'none')
        FROM open FULL JOIN demanded ON demanded.id = open.case_id
        JOIN cases_case AS found ON found.id = COALESCE(open.case_id, demanded.id)
        WHERE open.kinds IS DISTINCT FROM demanded.kinds OR open.states IS DISTINCT FROM demanded.states
        """,
        {"permit": rules.PERMIT},
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


@comparison("cases.order_of_work", holds="Cases and open tasks carry the nearest date of the running clocks")
def order_of_work(look: Look) -> Disagreements:
    """A delivery has a date of its own, which its case carries too."""
    return ask(
        look,
        """
        WITH nearest AS (
            SELECT case_id, min(due_on) AS due_on FROM cases_clock WHERE state = 'running' GROUP BY case_id
            UNION ALL
            SELECT case_id, due_on FROM cases_task WHERE state = 'open' AND kind = 'delivery'
        )
        SELECT 'case ' || found.number || ' is due on ' || COALESCE(found.due_on::text, 'no day')
            || ', its clocks on ' || COALESCE(nearest.due_on::text, 'no day')
        FROM cases_case AS found LEFT JOIN nearest ON nearest.case_id = found.id
        WHERE found.due_on IS DISTINCT FROM nearest.due_on
        UNION ALL
        SELECT 'task ' || task.id || ' is due on ' || COALESCE(task.due_on::text, 'no day') || ', its case on '
            || COALESCE(found.due_on::text, 'no day')
        FROM cases_task AS task JOIN cases_case AS found ON found.id = task.case_id
        WHERE task.state = 'open' AND task.due_on IS DISTINCT FROM found.due_on
        """,
    )
