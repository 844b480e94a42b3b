"""The case itself: its state follows from the ledger, and it has all that its state says."""

from collections.abc import Mapping

from tongban.base.books import Disagreements, Look, ask, comparison
from tongban.cases import events
from tongban.cases.rules import life

STATE_AFTER: Mapping[type[events.CaseEvent], str] = {
    events.CaseOpened: "submitted",
    events.SupplementAsked: "supplement",
    events.SupplementGiven: "submitted",
    events.CasePassedOn: "submitted",
    events.CaseAccepted: "review",
    events.CaseDeemedAccepted: "review",
    events.CaseSuspended: "suspended",
    events.CaseResumed: "review",
    events.CaseNotAccepted: "not_accepted",
    events.CaseDecided: "decided",
    events.CaseCompleted: "completed",
    events.CaseDelivered: "delivered",
    events.CaseWithdrawn: "withdrawn",
    events.CaseLapsed: "lapsed",
}
"""Which state a case is in after an event; all other events leave the state as it is.

So does the end of a suspension beside which another one stands (`goes_on`)."""
STATES = sorted({*STATE_AFTER.values(), *life.ENDED, *life.WITH_THE_OFFICE})
ENDED = sorted(life.ENDED)
STEPS_WITH_PAPER = [
    "acceptance", "acceptance_deemed", "renewal_deemed", "decision_granted", "decision_refused",
    "delivery", "withdrawal", "non_acceptance", "result", "supplement", "fee_demand",
]  # fmt: skip
"""Kinds of papers that can be counted by rows of this room."""


@comparison("cases.states", holds="State and revision of each case are those of its last events in the ledger")
def states(look: Look) -> Disagreements:
    """Go through the ledger once; of each case the last event that moves it counts, and the highest revision.

    Events of a case are written under its lock, so their ids are in order. One number holds id and state together, so
    that the last one is found by a maximum, without sorting.
    """
    return ask(
        look,
        """
        WITH moving AS (
            SELECT * FROM unnest(%(kinds)s::text[], %(codes)s::int[]) AS moving (kind, code)
        ), told AS (
            SELECT event.subject_id, max(event.id * 100 + moving.code) %% 100 AS code,
                max((event.data ->> 'revision')::int) AS revision,
                count(*) FILTER (WHERE event.kind = %(opened)s) AS opened
            FROM ledger_event AS event LEFT JOIN moving ON moving.kind = event.kind
                AND (event.data ->> 'goes_on') IS DISTINCT FROM 'false'
            WHERE event.subject_kind = 'case' AND event.kind LIKE 'cases.%%'
            GROUP BY event.subject_id
        )
        SELECT 'case ' || COALESCE(found.number, told.subject_id::text) || CASE
            WHEN found.id IS NULL THEN ' is in the ledger only'
            WHEN told.subject_id IS NULL THEN ' is not in the ledger'
            WHEN told.opened <> 1 THEN ' was opened ' || told.opened || ' times in the ledger'
            ELSE ' is ' || found.state || ' at revision ' || found.revision || ', in the ledger '
                || COALESCE((%(states)s::text[])[told.code], 'without state')
                || ' at revision ' || COALESCE(told.revision, 0) END
        FROM cases_case AS found FULL JOIN told ON told.subject_id = found.id
        WHERE (found.state, found.revision, 1) IS DISTINCT FROM
            ((%(states)s::text[])[told.code], told.revision, told.opened)
        """,
        {
            "kinds": [event.kind for event in STATE_AFTER],
            "codes": [STATES.index(state) + 1 for state in STATE_AFTER.values()],
            "states": STATES,
            "opened": events.CaseOpened.kind,
        },
    )


@comparison("cases.dates", holds="A case has the dates of the states that it has been through, and of no others")
def dates(look: Look) -> Disagreements:
    """Compare the state with the instants on the case."""
    return ask(
        look,
        """
        SELECT 'case ' || number || ' is ' || state || ': ' || concat_ws(', ',
            'accepted ' || accepted_at::date, 'decided ' || decided_at::date, 'completed ' || completed_at::date,
            'delivered ' || delivered_at::date, 'ended ' || ended_at::date, 'kept until ' || retain_until)
        FROM cases_case
        WHERE (accepted_at IS NULL AND state IN ('review', 'suspended', 'decided', 'completed', 'delivered')
                AND NOT EXISTS (SELECT FROM cases_decision WHERE case_id = cases_case.id AND is_deemed))
            OR (accepted_at IS NULL AND acceptance_is_deemed)
            OR (accepted_at IS NOT NULL AND state IN ('submitted', 'supplement', 'not_accepted', 'lapsed'))
            OR (decided_at IS NOT NULL) <> (state IN ('decided', 'completed', 'delivered'))
            OR (completed_at IS NOT NULL) <> (state IN ('completed', 'delivered'))
            OR (delivered_at IS NOT NULL) <> (state = 'delivered')
            OR (ended_at IS NOT NULL) <> (state = ANY(%(ended)s))
            OR (retain_until IS NOT NULL) <> (state = ANY(%(ended)s))
        """,
        {"ended": ENDED},
    )


@comparison(
    "cases.parts", holds="A case has the decision, the request, the refusal or the withdrawal that its state says"
)
def parts(look: Look) -> Disagreements:
    """Compare the state with the rows that belong to it."""
    return ask(
        look,
        """
        SELECT 'case ' || found.number || ' is ' || found.state || ': ' || part.words
        FROM cases_case AS found
        LEFT JOIN cases_decision AS decision ON decision.case_id = found.id
        LEFT JOIN cases_nonacceptance AS refusal ON refusal.case_id = found.id
        LEFT JOIN cases_withdrawal AS withdrawal ON withdrawal.case_id = found.id
        LEFT JOIN cases_delivery AS delivery ON delivery.case_id = found.id
        LEFT JOIN cases_supplementrequest AS request ON request.case_id = found.id AND request.answered_at IS NULL
        LEFT JOIN cases_archive AS archive ON archive.case_id = found.id
        CROSS JOIN LATERAL (VALUES
            ('decision', decision.id IS NOT NULL, found.state IN ('decided', 'completed', 'delivered')),
            ('refusal to accept', refusal.id IS NOT NULL, found.state = 'not_accepted'),
            ('withdrawal', withdrawal.id IS NOT NULL, found.state = 'withdrawn'),
            ('delivery', delivery.id IS NOT NULL, true),
            ('date of delivery', delivery.delivered_at IS NOT NULL, found.state = 'delivered'),
            ('unanswered request', request.id IS NOT NULL,
                found.state = 'supplement' OR (
                    request.id IS NOT NULL AND (found.state IN ('withdrawn', 'lapsed') OR decision.is_deemed)
                )),
            ('archive', archive.id IS NOT NULL, found.archived_at IS NOT NULL)
        ) AS part (words, is_there, ought)
        WHERE part.is_there <> part.ought
        """,
    )


@comparison(
    "cases.papers", holds="Each paper is in the file of its own case; each step of a case has one that is not void"
)
def papers(look: Look) -> Disagreements:
    """Compare papers with the steps that issue them; what a room above adds (the receipt) it compares itself."""
    return ask(
        look,
        """
        WITH filed AS (
            SELECT held.case_id, paper.kind, count(*) AS papers
            FROM cases_casepaper AS held JOIN papers_paper AS paper ON paper.id = held.paper_id
            WHERE paper.voided_at IS NULL
            GROUP BY held.case_id, paper.kind
        ), steps AS (
            SELECT id AS case_id, CASE WHEN acceptance_is_deemed THEN 'acceptance_deemed' ELSE 'acceptance' END AS kind,
                1 AS papers FROM cases_case WHERE accepted_at IS NOT NULL
            UNION ALL SELECT case_id, CASE WHEN is_deemed THEN 'renewal_deemed' ELSE 'decision_' || outcome END, 1
                FROM cases_decision
            UNION ALL SELECT id, 'delivery', 1 FROM cases_case WHERE delivered_at IS NOT NULL
            UNION ALL SELECT case_id, 'withdrawal', 1 FROM cases_withdrawal
            UNION ALL SELECT case_id, 'non_acceptance', 1 FROM cases_nonacceptance
            UNION ALL SELECT case_id, 'result', 1 FROM cases_result WHERE paper_id IS NOT NULL
            UNION ALL SELECT case_id, 'supplement', count(*) FROM cases_supplementrequest GROUP BY case_id
            UNION ALL SELECT fee.case_id, 'fee_demand', count(*) FROM cases_feedemand AS fee
                LEFT JOIN papers_paper AS paper ON paper.id = fee.paper_id
                WHERE fee.state <> 'not_due' AND NOT (fee.state = 'waived' AND paper.voided_at IS NOT NULL)
                GROUP BY fee.case_id
        )
        SELECT 'case ' || COALESCE(filed.case_id, steps.case_id) || ' has ' || COALESCE(filed.papers, 0) || ' of '
            || COALESCE(steps.papers, 0) || ' papers ' || COALESCE(filed.kind, steps.kind)
        FROM (SELECT * FROM filed WHERE kind = ANY(%(kinds)s)) AS filed
        FULL JOIN steps ON steps.case_id = filed.case_id AND steps.kind = filed.kind
        WHERE filed.papers IS DISTINCT FROM steps.papers
        UNION ALL
        SELECT 'paper ' || paper.number || ' of case ' || paper.subject_id || CASE
            WHEN held.id IS NULL THEN ' is in no file' ELSE ' is in the file of case ' || held.case_id END
        FROM papers_paper AS paper LEFT JOIN cases_casepaper AS held ON held.paper_id = paper.id
        WHERE held.case_id IS DISTINCT FROM paper.subject_id
            AND (held.id IS NOT NULL OR EXISTS (SELECT FROM cases_case WHERE cases_case.id = paper.subject_id))
        """,
        {"kinds": STEPS_WITH_PAPER},
    )
