"""What must agree in exchange: every look-up has its event in the ledger, every answer its look-up."""

from tongban.base.books import Disagreements, Look, ask, comparison


@comparison(
    "exchange.look_ups", holds="Every look-up that was refused or answered has its event in the ledger, and no other"
)
def look_ups(look: Look) -> Disagreements:
    """Find look-ups without event, and events without look-up."""
    return ask(
        look,
        """
        SELECT 'look-up ' || coalesce(event.subject_id, used.id) || CASE
            WHEN used.id IS NULL THEN ' stands in the ledger only' ELSE ' has no event' END
        FROM (
            SELECT id FROM exchange_lookup AS one
            WHERE at < %(settled_by)s AND (
                refused <> '' OR EXISTS (SELECT FROM exchange_lookupanswer WHERE look_up_id = one.id)
            )
        ) AS used
        FULL JOIN (
            SELECT subject_id FROM ledger_event
            WHERE subject_kind = 'look_up' AND kind = 'exchange.looked_up' AND happened_at < %(settled_by)s
        ) AS event ON event.subject_id = used.id
        WHERE used.id IS NULL OR event.subject_id IS NULL
        """,
    )


@comparison("exchange.grants", holds="No look-up was allowed for a field that its grant does not name")
def grants(look: Look) -> Disagreements:
    """Find look-ups that went beyond their grant."""
    return ask(
        look,
        """
        SELECT 'look-up ' || used.id || ' asked for more than grant ' || given.id
        FROM exchange_lookup AS used JOIN exchange_grant AS given ON given.id = used.grant_id
        WHERE used.refused = '' AND NOT used.fields <@ given.fields
        """,
    )
