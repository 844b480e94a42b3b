"""What must agree in the ledger: every event sealed, in its place and in the tree, and handled once by each handler.

Whether what was sealed is still what it was, `tongban ledger verify` tells; it reckons every hash anew.
"""

from tongban.base.books import Disagreements, Look, ask, comparison, gathered
from tongban.ledger import kinds, log_of_ours, queries
from tongban.ledger.rules.notes import Checkpoint, Note


@comparison("ledger.positions", holds="Positions of events run from 1 without gap or double")
def positions(look: Look) -> Disagreements:
    """Count first; look for the gaps only when there are some."""
    return ask(
        look,
        """
        SELECT 'position ' || place.position || ' follows ' || place.before
        FROM (
            SELECT position, lag(position, 1, 0::bigint) OVER (ORDER BY position) AS before
            FROM ledger_event
            WHERE position IS NOT NULL AND (
                SELECT count(position) <> COALESCE(max(position), 0) OR min(position) < 1 FROM ledger_event
            )
        ) AS place
        WHERE place.position <> place.before + 1
        """,
    )


@comparison("ledger.sealed", holds="Every event has its position, unless it happened a moment ago")
def sealed(look: Look) -> Disagreements:
    """Find what the sealer has passed over."""
    return ask(
        look,
        """
        SELECT 'event ' || id || ' ' || kind || ' of ' || to_char(happened_at, 'YYYY-MM-DD HH24:MI:SS') || ' not sealed'
        FROM ledger_event WHERE position IS NULL AND happened_at < %(settled_by)s
        """,
    )


@comparison("ledger.handled", holds="Every event was handled by each handler that is owed it")
def handled(look: Look) -> Disagreements:
    """Find what a handler missed: all since it began, but for what happened a moment ago.

    A handler begins with the events after its `began_after`; a place of an earlier release does not say where, and
    then only what lies beyond its place is looked at. One that no sweep has seen yet is owed nothing so far.
    """
    handlers = kinds.HANDLERS.values()
    return ask(
        look,
        """
        SELECT 'event ' || event.id || ' ' || event.kind || ' not handled by ' || owed.handler
        FROM (
            SELECT wanted.kind, wanted.handler, CASE
                WHEN place.handler IS NOT NULL THEN COALESCE(place.began_after, place.position)
                WHEN NOT EXISTS (SELECT FROM ledger_handlerplace) THEN 0
                END AS began_after
            FROM unnest(%(kinds)s::text[], %(handlers)s::text[]) AS wanted (kind, handler)
            LEFT JOIN ledger_handlerplace AS place ON place.handler = wanted.handler
        ) AS owed
        JOIN ledger_event AS event ON event.kind = owed.kind
            AND (event.position IS NULL OR event.position > owed.began_after)
        LEFT JOIN ledger_handled AS handled ON handled.event_id = event.id AND handled.handler = owed.handler
        WHERE owed.began_after IS NOT NULL AND handled.event_id IS NULL AND event.happened_at < %(settled_by)s
        """,
        {"kinds": [one.kind for one in handlers], "handlers": [one.name for one in handlers]},
    )


@comparison("ledger.handled_by_right", holds="No event was handled by a handler that does not want it")
def handled_by_right(look: Look) -> Disagreements:
    """Find marks of a handler on events of another kind; that there is only one mark of each, the table sees to."""
    handlers = kinds.HANDLERS.values()
    return ask(
        look,
        """
        SELECT 'event ' || handled.event_id || ' ' || event.kind || ' marked by ' || handled.handler
        FROM ledger_handled AS handled
        JOIN unnest(%(kinds)s::text[], %(handlers)s::text[]) AS wanted (kind, handler)
            ON wanted.handler = handled.handler
        JOIN ledger_event AS event ON event.id = handled.event_id
        WHERE event.kind <> wanted.kind
        """,
        {"kinds": [one.kind for one in handlers], "handlers": [one.name for one in handlers]},
    )


@comparison("ledger.leaves", holds="Each leaf of the tree stands for the event at its position, without gap or double")
def leaves(look: Look) -> Disagreements:
    """Find leaves that are missing, that nothing stands behind, and events that were passed over."""
    return ask(
        look,
        """
        SELECT 'leaf ' || leaf.position || ' is of event ' || leaf.event_id || ', which stands at '
            || COALESCE(event.position::text, 'none')
        FROM ledger_leaf AS leaf LEFT JOIN ledger_event AS event ON event.id = leaf.event_id
        WHERE event.position IS DISTINCT FROM leaf.position
        UNION ALL
        SELECT 'event ' || event.id || ' at ' || event.position || ' has no leaf'
        FROM ledger_event AS event
        WHERE event.position <= (SELECT max(position) FROM ledger_leaf)
            AND NOT EXISTS (SELECT FROM ledger_leaf AS leaf WHERE leaf.position = event.position)
        """,
    )


@comparison("ledger.grown", holds="The tree goes on growing as long as events have a position and no leaf")
def grown(look: Look) -> Disagreements:
    """Find a sealer that stands still; one that still takes in what an earlier release left is at work."""
    return ask(
        look,
        """
        SELECT 'the tree ends at ' || tree.size || ', events at ' || last.position
        FROM (SELECT COALESCE(max(position), 0) AS size FROM ledger_leaf) AS tree,
            (SELECT max(position) AS position FROM ledger_event WHERE happened_at < %(settled_by)s) AS last
        WHERE last.position > tree.size
            AND NOT EXISTS (SELECT FROM ledger_checkpoint WHERE made_at > %(settled_by)s)
        """,
    )


@comparison("ledger.tiles", holds="The tree has just the full tiles that it must have")
def tiles(look: Look) -> Disagreements:
    """Count the tiles of each level, and find those beyond."""
    return ask(
        look,
        """
        SELECT 'level ' || level || ' has ' || count(tile.number) || ' tiles up to ' || max(tile.number) || ', '
            || (tree.size >> (8 * (level + 1))) || ' are wanted'
        FROM (SELECT COALESCE(max(position), 0) AS size FROM ledger_leaf) AS tree
        CROSS JOIN generate_series(0, 6) AS level
        LEFT JOIN ledger_tile AS tile USING (level)
        GROUP BY level, tree.size
        HAVING count(tile.number) <> tree.size >> (8 * (level + 1))
            OR max(tile.number) >= tree.size >> (8 * (level + 1))
        """,
    )


@comparison("ledger.checkpoint", holds="The newest checkpoint is signed, and over the tree as it is kept")
def checkpoint(look: Look) -> Disagreements:
    """Reckon the root from tiles and leaves, and check the signature."""
    found, size = queries.latest_checkpoint(), queries.tree_size()
    if found is None:
        return gathered(look, [f"a tree of {size} leaves has no checkpoint"] if size else [])
    wrong = []
    note = Note.parse(found.note)
    told = Checkpoint.parse(note.text)
    if note.signed_by(log_of_ours.key()) is None:
        wrong.append(f"the checkpoint of {found.size} is not signed with the key of this ledger")
    if found.size != size:
        wrong.append(f"the checkpoint is of {found.size}, and the tree has {size} leaves")
    elif (told.size, told.root) != (size, queries.root_at(size)) or told.root != found.root:
        wrong.append(f"the checkpoint of {found.size} is not over the tree as it is kept")
    return gathered(look, wrong)


@comparison("ledger.chains", holds="Each chain has as many links as it says, numbered from 1, the last one its head")
def chains(look: Look) -> Disagreements:
    """Compare chains with their links."""
    return ask(
        look,
        """
        SELECT 'a chain begun at ' || chain.begun || ' says ' || chain.count || ' links, has ' || count(link.position)
        FROM ledger_chain AS chain LEFT JOIN ledger_chainlink AS link ON link.chain_id = chain.key
        GROUP BY chain.key
        HAVING count(link.position) <> chain.count OR max(link.number) <> chain.count OR min(link.number) <> 1
            OR min(link.position) <> chain.begun
            OR NOT bool_or(link.number = chain.count AND link.hash = chain.head) OR count(link.position) = 0
        """,
    )
