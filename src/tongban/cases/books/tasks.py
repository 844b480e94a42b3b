"""Work: the open tasks that a state demands, one holder for each, and the process that waits for them."""

from tongban.base.books import Disagreements, Look, ask, comparison
from tongban.cases import events
from tongban.processes import queries as processes

CLAIMS = (events.TaskClaimed, events.TaskReleased, events.TaskHandedOver, events.OfficialStoodAside)
"""What changes who holds an open task."""


@comparison("cases.open_tasks", holds="Each case has exactly the open tasks that its state demands")
def open_tasks(look: Look) -> Disagreements:
    """Submitted: one acceptance. Review: one decision, or reviews. Completed: one delivery. Otherwise none."""
    return ask(
        look,
        """
        WITH work AS (
            SELECT case_id, count(*) FILTER (WHERE kind = 'acceptance') AS acceptance,
                count(*) FILTER (WHERE kind = 'review') AS review,
                count(*) FILTER (WHERE kind = 'decision') AS decision,
                count(*) FILTER (WHERE kind = 'delivery') AS delivery
            FROM cases_task WHERE state = 'open' GROUP BY case_id
        ), counted AS (
            SELECT found.number, found.state, COALESCE(acceptance, 0) AS acceptance, COALESCE(review, 0) AS review,
                COALESCE(decision, 0) AS decision, COALESCE(delivery, 0) AS delivery
            FROM cases_case AS found LEFT JOIN work ON work.case_id = found.id
        )
        SELECT 'case ' || number || ' is ' || state || ' with ' || concat_ws(', ', acceptance || ' acceptance',
            review || ' review', decision || ' decision', delivery || ' delivery') || ' to do'
        FROM counted
        WHERE acceptance <> (state = 'submitted')::int
            OR delivery <> (state = 'completed')::int
            OR decision > 1
            OR (review > 0)::int + decision <> (state IN ('review', 'suspended'))::int
        """,
    )


@comparison("cases.holders", holds="A task is held by whom the ledger says, and was done by whom held it")
def holders(look: Look) -> Disagreements:
    """For an open task the last claim, release or hand-over counts; for one that is over, its own columns."""
    return ask(
        look,
        """
        SELECT 'open task ' || task.id || ' is held by ' || COALESCE(task.holder_id::text, 'nobody')
            || ', in the ledger by ' || COALESCE(said.holder_id::text, 'nobody')
        FROM cases_task AS task LEFT JOIN LATERAL (
            SELECT CASE event.kind WHEN %(claimed)s THEN event.official_id
                WHEN %(handed)s THEN (event.data ->> 'to_official_id')::uuid END AS holder_id, event.id
            FROM ledger_event AS event
            WHERE event.subject_kind = 'case' AND event.subject_id = task.case_id AND event.kind = ANY(%(claims)s)
                AND event.data ->> 'task_id' = task.id::text
            ORDER BY event.id DESC LIMIT 1
        ) AS said ON true
        WHERE task.state = 'open' AND task.holder_id IS DISTINCT FROM said.holder_id AND NOT EXISTS (
            SELECT FROM ledger_event AS event
            WHERE event.subject_kind = 'case' AND event.subject_id = task.case_id AND event.kind = %(aside)s
                AND event.id > said.id AND event.official_id = said.holder_id AND task.holder_id IS NULL
        )
        UNION ALL
        SELECT 'task ' || id || ' is ' || state || ', held by ' || COALESCE(holder_id::text, 'nobody') || ', done by '
            || COALESCE(done_by_id::text, 'nobody') || ', ended ' || COALESCE(ended_at::text, 'never')
        FROM cases_task
        WHERE (state = 'open') <> (ended_at IS NULL) OR (state = 'done') <> (done_by_id IS NOT NULL)
            OR (done_by_id <> holder_id OR (done_by_id IS NOT NULL AND holder_id IS NULL))
            OR (state = 'open' AND (holder_id IS NULL) <> (claimed_at IS NULL))
        """,
        {
            "claimed": events.TaskClaimed.kind,
            "handed": events.TaskHandedOver.kind,
            "aside": events.OfficialStoodAside.kind,
            "claims": [event.kind for event in CLAIMS if event is not events.OfficialStoodAside],
        },
    )


@comparison("cases.came_in", holds="Each task says when its case came in, as lists of a post go by it")
def came_in(look: Look) -> Disagreements:
    """Compare what is kept twice, so that the newest cases of a post stand in one index."""
    return ask(
        look,
        """
        SELECT 'task ' || task.id || ' of case ' || found.number || ' says that it came in at '
            || COALESCE(task.case_submitted_at::text, 'no time') || ', not at ' || found.submitted_at
        FROM cases_task AS task JOIN cases_case AS found ON found.id = task.case_id
        WHERE task.case_submitted_at IS DISTINCT FROM found.submitted_at
        """,
    )


@comparison("cases.processes", holds="The steps at which a process waits are the open review tasks of its case")
def steps(look: Look) -> Disagreements:
    """Compare the waiting turns of the runs with open tasks, both ways; a run belongs to one case that needs it."""
    return ask(
        look,
        f"""
        SELECT 'case ' || COALESCE(task.number, waiting.number, 'none') || ': step '
            || COALESCE(task.engine_id, waiting.turn) || CASE WHEN task.engine_id IS NULL
                THEN ' waits in the process without an open task' ELSE ' is open, the process does not wait there' END
        FROM (
            SELECT found.number, found.run_id, task.engine_id FROM cases_task AS task
            JOIN cases_case AS found ON found.id = task.case_id WHERE task.state = 'open' AND task.kind = 'review'
        ) AS task
        FULL JOIN (
            SELECT found.number, turns.run_id, turns.turn
            FROM ({processes.WAITING_TURNS}) AS turns LEFT JOIN cases_case AS found ON found.run_id = turns.run_id
        ) AS waiting ON waiting.run_id = task.run_id AND waiting.turn = task.engine_id
        WHERE task.engine_id IS NULL OR waiting.turn IS NULL
        UNION ALL
        SELECT 'case ' || COALESCE(found.number, 'none') || ' is ' || COALESCE(found.state, 'not there') || ': run '
            || COALESCE(run.id::text, 'missing') || CASE WHEN run.ended_at IS NULL THEN ' goes on' ELSE ' has ended' END
        FROM cases_case AS found FULL JOIN processes_processrun AS run ON run.id = found.run_id
        WHERE found.id IS NULL
            OR (run.id IS NOT NULL AND found.accepted_at IS NULL)
            OR (run.id IS NULL AND found.process_id IS NOT NULL AND found.accepted_at IS NOT NULL)
            OR (run.ended_at IS NULL AND run.id IS NOT NULL AND found.state NOT IN ('review', 'suspended'))
        """,  # noqa: S608 - put together of constants of ours
    )
