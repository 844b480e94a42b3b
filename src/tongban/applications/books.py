"""What must agree about applications: one case, one receipt, one submission for each, and what follows from them."""

from tongban.applications.actions.submitting import KIND
from tongban.applications.events import ApplicationSubmitted
from tongban.applications.rules.registers import ANSWERED
from tongban.base.books import Disagreements, Look, ask, comparison

COUNTING = "applications.count_for_most_used"
"""The handler that counts (its effect must be there exactly once for each event)."""


@comparison("applications.cases", holds="Each application has one case of its kind, and each such case its application")
def cases(look: Look) -> Disagreements:
    """Compare both ways."""
    return ask(
        look,
        """
        SELECT CASE WHEN application.id IS NULL THEN 'case ' || found.number || ' has no application'
            ELSE 'application ' || application.id || ' belongs to a case of kind ' || found.kind END
        FROM cases_case AS found LEFT JOIN applications_application AS application ON application.case_id = found.id
        WHERE (found.kind = %(kind)s) <> (application.id IS NOT NULL)
        """,
        {"kind": KIND},
    )


@comparison("applications.submissions", holds="Each application was submitted once in the ledger, with its receipt")
def submissions(look: Look) -> Disagreements:
    """Compare applications with their events and receipts, all ways."""
    return ask(
        look,
        """
        WITH told AS (
            SELECT subject_id, count(*) AS times, max(data ->> 'application_id') AS application_id,
                max(data ->> 'receipt_number') AS receipt_number
            FROM ledger_event WHERE kind = %(submitted)s GROUP BY subject_id
        ), receipts AS (
            SELECT subject_id, count(*) FILTER (WHERE voided_at IS NULL) AS papers,
                (array_agg(number ORDER BY id))[1] AS first_number
            FROM papers_paper WHERE kind = 'receipt' GROUP BY subject_id
        )
        SELECT 'case ' || COALESCE(application.case_id, told.subject_id) || ': '
            || CASE WHEN application.id IS NULL THEN 'no application' ELSE 'application ' || application.id END
            || ', submitted ' || COALESCE(told.times, 0) || ' times, ' || COALESCE(receipts.papers, 0)
            || ' receipts, receipt ' || COALESCE(receipt.number, 'none') || ', in the ledger '
            || COALESCE(told.receipt_number, 'none')
        FROM applications_application AS application
        FULL JOIN told ON told.subject_id = application.case_id
        LEFT JOIN receipts ON receipts.subject_id = application.case_id
        LEFT JOIN papers_paper AS receipt ON receipt.id = application.receipt_id
        WHERE (application.id::text, 1, 1, 'receipt', receipts.first_number, application.case_id) IS DISTINCT FROM
            (told.application_id, told.times, receipts.papers, receipt.kind, told.receipt_number, receipt.subject_id)
            OR receipt.voided_at IS NOT NULL
        """,
        {"submitted": ApplicationSubmitted.kind},
    )


@comparison("applications.drafts", holds="A draft that was submitted is gone")
def drafts(look: Look) -> Disagreements:
    """Find drafts whose submission key has an application."""
    return ask(
        look,
        """
        SELECT 'draft ' || draft.id || ' was submitted as application ' || application.id
        FROM applications_draft AS draft
        JOIN applications_application AS application ON application.idempotency_key = draft.idempotency_key
        """,
    )


@comparison("applications.results", holds="A granted application whose fees are settled has been completed")
def results(look: Look) -> Disagreements:
    """Find granted cases for which nothing happens any more."""
    return ask(
        look,
        """
        SELECT 'case ' || found.number || ' was granted on ' || found.decided_at::date || ', and nothing followed'
        FROM cases_case AS found
        WHERE found.kind = %(kind)s AND found.state = 'decided' AND NOT EXISTS (
            SELECT FROM cases_feedemand AS fee
            WHERE fee.case_id = found.id AND (fee.state = 'due' OR fee.settled_at >= %(settled_by)s)
        ) AND found.decided_at < %(settled_by)s
        """,
        {"kind": KIND},
    )


@comparison("applications.most_used", holds="Each item counts the applications that its handler has been told of")
def most_used(look: Look) -> Disagreements:
    """Compare the count of an item with the events handled: an effect that came twice, or not at all, shows here."""
    return ask(
        look,
        """
        WITH told AS (
            SELECT event.data ->> 'handling_item_id' AS item_id, count(*) AS times
            FROM ledger_event AS event
            JOIN ledger_handled AS handled ON handled.event_id = event.id AND handled.handler = %(handler)s
            WHERE event.kind = %(submitted)s GROUP BY 1
        )
        SELECT 'item ' || item.code || ' counts ' || item.times_applied || ', handled were ' || COALESCE(told.times, 0)
        FROM catalogue_handlingitem AS item LEFT JOIN told ON told.item_id = item.id::text
        WHERE item.times_applied <> COALESCE(told.times, 0)
        """,
        {"handler": COUNTING, "submitted": ApplicationSubmitted.kind},
    )


@comparison("applications.answers", holds="What a register answered was looked up for this draft or this case")
def answers(look: Look) -> Disagreements:
    """Compare the answers kept with the log of the gate."""
    return ask(
        look,
        """
        SELECT 'answer ' || answer.id || ' of application ' || application.id || ' rests on '
            || COALESCE('a look-up for ' || asked.reference_kind || ' ' || asked.reference, 'no look-up')
        FROM applications_applicationanswer AS answer
        JOIN applications_application AS application ON application.id = answer.application_id
        JOIN cases_case AS found ON found.id = application.case_id
        LEFT JOIN exchange_lookup AS asked ON asked.id = answer.look_up_id AND asked.refused = ''
        WHERE answer.outcome = %(answered)s AND COALESCE((asked.reference_kind, asked.reference) NOT IN
            (('draft', application.draft_id::text), ('case', found.number)), true)
        """,
        {"answered": ANSWERED},
    )
