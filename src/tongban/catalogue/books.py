"""What must agree in the catalogue: items, their versions, and what they are found by."""

from tongban.base.books import Disagreements, Look, ask, comparison


@comparison(
    "catalogue.versions", holds="An item shows its last version, and its versions are numbered from 1 without gap"
)
def versions(look: Look) -> Disagreements:
    """Compare items with their versions."""
    return ask(
        look,
        """
        WITH numbered AS (
            SELECT handling_item_id, count(*) AS number, max(version) AS last
            FROM catalogue_handlingversion GROUP BY handling_item_id
        )
        SELECT 'item ' || item.code || ' shows version ' || COALESCE(shown.version::text, 'none') || ' of '
            || COALESCE(numbered.number, 0) || ', the last is ' || COALESCE(numbered.last, 0)
        FROM catalogue_handlingitem AS item
        LEFT JOIN numbered ON numbered.handling_item_id = item.id
        LEFT JOIN catalogue_handlingversion AS shown
            ON shown.id = item.current_id AND shown.handling_item_id = item.id
        WHERE (shown.version, numbered.number) IS DISTINCT FROM (numbered.last, numbered.last)
            OR (item.has_guide AND shown.id IS NULL)
        """,
    )


@comparison("catalogue.found", holds="Each item in use can be found")
def found(look: Look) -> Disagreements:
    """Find items without an entry in the search."""
    return ask(
        look,
        """
        SELECT 'item ' || item.code || ' is in use and not in the search'
        FROM catalogue_handlingitem AS item
        LEFT JOIN catalogue_searchentry AS entry ON entry.handling_item_id = item.id
        WHERE item.state = 'in_use' AND entry.handling_item_id IS NULL
        """,
    )
