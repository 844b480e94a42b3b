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


@comparison("catalogue.words", holds="An item is found by the words of its search entry, and no others")
def words(look: Look) -> Disagreements:
    """Compare what search reads with what it is made of."""
    return ask(
        look,
        """
        WITH wanted AS (
            SELECT item.id, found.word, catalogue_standing(item.applicable, item.has_guide, item.times_applied)
            FROM catalogue_searchentry AS entry
            JOIN catalogue_handlingitem AS item ON item.id = entry.handling_item_id
            CROSS JOIN LATERAL (
                SELECT unnest(tsvector_to_array(entry.words)) AS word
                UNION SELECT unnest(tsvector_to_array(entry.names))
                UNION SELECT CASE WHEN left(pair, 1) = '=' THEN pair ELSE '~' || pair END
                FROM unnest(entry.pairs) AS pair
            ) AS found
            WHERE item.state <> 'cancelled'
        ), kept AS (
            SELECT handling_item_id, word, standing::real FROM catalogue_searchword
        ), different AS (
            (SELECT * FROM wanted EXCEPT SELECT * FROM kept) UNION ALL (SELECT * FROM kept EXCEPT SELECT * FROM wanted)
        )
        SELECT 'item ' || COALESCE(item.code, different.id::text) || ' differs in ' || count(*) || ' words'
        FROM different LEFT JOIN catalogue_handlingitem AS item ON item.id = different.id
        GROUP BY different.id, item.code ORDER BY 1
        """,
    )
