"""What must agree between finished cases and the rows kept of them. `tongban verify-figures` compares them whole."""

from tongban.base.books import Disagreements, Look, ask, comparison
from tongban.insight.actions import READER


@comparison("insight.rows", holds="Each case that has come to its end has one row for the figures, and says the same")
def rows(look: Look) -> Disagreements:
    """Compare what can be compared in one question. Cases are looked at up to when the reader last had read all."""
    return ask(
        look,
        """
        WITH ended AS (
            SELECT found.id, found.number, found.organisation_id, found.channel, found.erased_at,
                COALESCE(found.decided_at, found.ended_at) AS ended_at,
                CASE WHEN found.decided_at IS NOT NULL THEN decision.outcome ELSE found.state END AS outcome
            FROM cases_case AS found LEFT JOIN cases_decision AS decision ON decision.case_id = found.id
            WHERE COALESCE(found.decided_at, found.ended_at) IS NOT NULL AND found.applicant_organisation_id IS NULL
        )
        SELECT 'case ' || COALESCE(ended.number, found.number) || CASE
            WHEN kept.case_id IS NULL THEN ' has ended and has no row'
            WHEN ended.id IS NULL THEN ' has a row and has not ended'
            ELSE ' is counted with another day, office, channel or outcome' END
        FROM ended FULL JOIN insight_finishedcase AS kept ON kept.case_id = ended.id
        LEFT JOIN cases_case AS found ON found.id = kept.case_id
        WHERE (kept.case_id IS NULL AND ended.erased_at IS NULL AND ended.ended_at < LEAST(
                %(settled_by)s, (SELECT caught_up_at - interval '1 minute' FROM insight_place WHERE reader = %(reader)s)
            ) AND EXISTS (SELECT FROM insight_place WHERE reader = %(reader)s AND caught_up_at IS NOT NULL))
            OR (kept.case_id IS NOT NULL AND ended.id IS NULL)
            OR kept.ended_on <> (ended.ended_at AT TIME ZONE 'Asia/Shanghai')::date
            OR kept.organisation_id <> ended.organisation_id OR kept.channel <> ended.channel
            OR kept.outcome <> ended.outcome
        """,
        {"reader": READER},
    )
