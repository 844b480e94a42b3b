"""What must agree in sharing: requests with their cases, grants with what was asked, answers with the ledger."""

from tongban.base.books import Disagreements, Look, ask, comparison


@comparison("sharing.requests", holds="Each request for data says of its case what its case says, and has its grant")
def requests(look: Look) -> Disagreements:
    """Compare requests with cases, decisions and grants, both ways."""
    return ask(
        look,
        """
        SELECT 'case ' || found.number || ' of kind data_request ' || CASE
            WHEN one.id IS NULL THEN 'has no request'
            WHEN given.id IS NOT NULL AND NOT (given.fields <@ one.fields) THEN 'got fields that nobody asked for'
            WHEN given.consumer_id <> one.consumer_id OR given.resource_id <> one.resource_id
                THEN 'got a grant of another office or resource'
            ELSE 'is ' || found.state || ' (' || COALESCE(decision.outcome, 'undecided') || '), its request '
                || COALESCE(NULLIF(one.outcome, ''), 'waits') END
        FROM cases_case AS found
        LEFT JOIN sharing_datarequest AS one ON one.case_id = found.id
        LEFT JOIN cases_decision AS decision ON decision.case_id = found.id
        LEFT JOIN exchange_grant AS given ON given.id = one.grant_id
        WHERE found.kind = 'data_request' AND found.submitted_at < %(settled_by)s AND (
            one.id IS NULL
            OR one.outcome IS DISTINCT FROM CASE
                WHEN found.state = 'withdrawn' AND one.answered_at IS NOT NULL THEN 'withdrawn'
                WHEN decision.outcome = 'refused' THEN 'refused'
                WHEN decision.outcome = 'granted' AND one.granted_fields = one.fields THEN 'granted'
                WHEN decision.outcome = 'granted' THEN 'partly'
                ELSE '' END
            OR one.consumer_id IS DISTINCT FROM found.applicant_organisation_id
            OR (given.id IS NOT NULL AND (
                given.fields <> one.granted_fields
                OR given.consumer_id <> one.consumer_id OR given.resource_id <> one.resource_id))
        )
        """,
    )


@comparison("sharing.disputes", holds="Each dispute says of its case what its case says, and is about a refusal")
def disputes(look: Look) -> Disagreements:
    """Compare disputes with cases, decisions and requests."""
    return ask(
        look,
        """
        SELECT 'case ' || found.number || ' of kind data_dispute is ' || found.state || ' ('
            || COALESCE(decision.outcome, 'undecided') || '), its dispute '
            || COALESCE(NULLIF(one.outcome, ''), 'is open') || ', its request ' || COALESCE(asked.outcome, 'missing')
        FROM cases_case AS found
        LEFT JOIN sharing_dispute AS one ON one.case_id = found.id
        LEFT JOIN sharing_datarequest AS asked ON asked.id = one.request_id
        LEFT JOIN cases_decision AS decision ON decision.case_id = found.id
        WHERE found.kind = 'data_dispute' AND found.submitted_at < %(settled_by)s AND (
            one.id IS NULL OR asked.outcome NOT IN ('partly', 'refused')
            OR one.outcome IS DISTINCT FROM CASE
                WHEN found.state = 'withdrawn' AND one.decided_at IS NOT NULL THEN 'withdrawn'
                WHEN decision.outcome = 'granted' THEN 'ordered'
                WHEN decision.outcome = 'refused' THEN 'stands'
                ELSE '' END
        )
        """,
    )


@comparison("sharing.answers", holds="Each answer to a request has its event in the ledger, and no other")
def answers(look: Look) -> Disagreements:
    """Compare what requests say with the events about them."""
    return ask(
        look,
        """
        SELECT 'request ' || COALESCE(one.id, event.subject_id) || CASE
            WHEN event.subject_id IS NULL THEN ' was answered without event'
            WHEN one.id IS NULL THEN ' was answered in the ledger only'
            ELSE ' is ' || one.outcome || ', in the ledger ' || event.outcome END
        FROM (SELECT id, outcome FROM sharing_datarequest
            WHERE outcome IN ('granted', 'partly', 'refused') AND answered_at < %(settled_by)s) AS one
        FULL JOIN (SELECT subject_id, data ->> 'outcome' AS outcome FROM ledger_event
            WHERE subject_kind = 'data_request' AND kind = 'sharing.request_answered'
                AND happened_at < %(settled_by)s) AS event ON event.subject_id = one.id
        WHERE one.id IS NULL OR event.subject_id IS NULL OR one.outcome <> event.outcome
        """,
    )
