"""Loads a whole city: plays lives through the actions, casts them as moulds, and pours them by COPY."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from random import Random
from uuid import UUID

import psycopg
from django.db import connection, transaction

from tongban.accounts import actions as accounts
from tongban.accounts import queries as people
from tongban.base.actor import SYSTEM
from tongban.base.clock import now as the_instant
from tongban.base.ids import new_id
from tongban.catalogue import actions as catalogue
from tongban.coordination import actions as coordination
from tongban.coordination.events import WarningRaised
from tongban.insight import actions as insight
from tongban.ledger import actions as ledger
from tongban.ledger import kinds
from tongban.ledger import queries as ledger_queries
from tongban.ledger.rules.tiles import split
from tongban.notifications import actions as notifications
from tongban.organisations import actions as organisations
from tongban.site.demo import content
from tongban.site.demo.bulk import dues, proving, residents, stock
from tongban.site.demo.bulk.copying import BINARY, WithoutRules, copy_rows, empty_but_keep
from tongban.site.demo.bulk.filling import Counters
from tongban.site.demo.bulk.hands import side_by_side
from tongban.site.demo.bulk.lives import PORTION, Lives, Town
from tongban.site.demo.bulk.pouring import Pourer
from tongban.site.demo.bulk.shapes import Shapes, cast_shapes
from tongban.site.demo.bulk.tables import OF_A_CASE, OF_A_RESIDENT, OF_AN_ENTERPRISE, OF_AN_ITEM
from tongban.site.demo.bulk.world import World, find_world

Say = Callable[[str], None]
SEED = 20261124
LETTER_ROUNDS, LETTERS_AT_ONCE = 5, 500
"""The lives that are played leave some hundreds of letters."""
GROWN_AT_ONCE = 20_000
"""Leaves of the tree; fewer that are still to come are the worker's."""
COLLEAGUES = 4
"""So many more officials hold the posts of each official of the small city."""


@dataclass(frozen=True)
class Size:
    """How large the city is to be, all told."""

    items: int
    cases: int
    open: int

    @property
    def residents(self) -> int:
        """One for 25 cases, tens of thousands at most."""
        return max(min(self.cases // 25, 60_000), 20)

    @property
    def enterprises(self) -> int:
        """One for 20 residents."""
        return max(self.residents // 20, 5)


@transaction.atomic
def more_officials(world: World, random: Random, *, now: datetime) -> None:
    """Appoint colleagues to the posts of the small city's officials: all or none, nobody signs in as one of them."""
    written = content.people()
    for place, official in enumerate(list(world.officials)):
        for turn in range(COLLEAGUES):
            staff_number = f"YT-{place + 1:03d}-{turn + 1}"
            if people.official_by_staff_number(staff_number) is not None:
                return
            made = accounts.create_official(
                actor=SYSTEM,
                name=random.choice(written["surnames"]) + random.choice(written["given"]),
                staff_number=staff_number,
                username=f"yunting-colleague-{place + 1:03d}-{turn + 1}",
                now=now,
            )
            for post_id in sorted(official.posts):
                organisations.appoint(actor=SYSTEM, official_id=made.id, post_id=UUID(post_id), now=now)


def seal() -> None:
    """Give all events that are there their positions."""
    while ledger.seal_once():
        continue


def prove() -> None:
    """Make leaves of all events that have their position."""
    while ledger.grow_once(now=the_instant(), limit=GROWN_AT_ONCE).leaves:
        continue


class City:
    """The pouring of one city."""

    def __init__(self, owner: psycopg.Connection, size: Size, world: World, shapes: Shapes, now: datetime) -> None:
        """Remember what is poured, and into what."""
        self._owner, self._size, self._world, self._shapes, self._now = owner, size, world, shapes, now
        self._random = Random(SEED)  # noqa: S311 - invented lives, not secrets
        self._edge = ledger_queries.edge(ledger_queries.tree_size())
        self._applied: Counter[str] = Counter()

    def pour(self, say: Say) -> None:
        """Pour everything, within the owner's transaction."""
        tables = sorted({*OF_A_CASE, *OF_A_RESIDENT, *OF_AN_ENTERPRISE, *OF_AN_ITEM, *BINARY})
        rules = WithoutRules(self._owner, tables)
        rules.take_off()
        empty_but_keep(self._owner, tables)
        say("residents, enterprises and items")
        pourer = Pourer(self._counters(), self._random)
        town = self._town(pourer)
        rows, hashes = pourer.taken()
        for table, some in rows.items():
            copy_rows(self._owner, table, [some])
        self._grow(hashes)
        say("cases")
        self._cases(town, pourer.counters, say)
        say("counters, keys and indexes")
        self._count(pourer.counters)
        self._sign()
        for _name in rules.put_back():
            continue

    def _counters(self) -> Counters:
        one = self._owner.execute(
            "SELECT (SELECT max(id) FROM ledger_event), (SELECT max(position) FROM ledger_event),"
            " (SELECT COALESCE(max(id), 0) FROM ledger_handled),"
            " (SELECT COALESCE(max(id), 0) FROM catalogue_handlingitem_themes)"
        ).fetchone()
        papers = self._owner.execute("SELECT series, year, last FROM papers_papercounter").fetchall()
        assert one is not None  # noqa: S101 - one row always comes
        if one[1] != self._edge.size:
            message = f"the tree ends at {self._edge.size}, the events at {one[1]}: new leaves would not fit"
            raise ValueError(message)
        return Counters(one[0], one[1], one[2], one[3], {(series, year): last for series, year, last in papers})

    def _town(self, pourer: Pourer) -> Town:
        """Pour people and items."""
        written = content.people()
        names = (list(written["surnames"]), written["given"])
        world, shapes = self._world, self._shapes
        people = residents.pour_residents(
            pourer, shapes.resident, world, number=self._size.residents, names=names, first_id=_ids()
        )
        enterprises = residents.pour_enterprises(
            pourer, shapes.enterprise, people, number=self._size.enterprises, first_id=_ids()
        )
        more_items = max(self._size.items - len(world.items), 0)
        return Town(
            residents=people,
            enterprises=enterprises,
            own_items={
                version: item.words() | {"item_id": item.item_id, "version_id": item.version_id}
                for version, item in world.items.items()
            },
            variants=stock.pour_items(pourer, world, shapes.items, number=more_items, first_id=_ids()),
            colleagues={
                one.official_id: [other for other in world.officials if other.posts == one.posts]
                for one in world.officials
            },
        )

    def _cases(self, town: Town, counters: Counters, say: Say) -> None:
        there = self._owner.execute(
            "SELECT count(*), count(*) FILTER (WHERE ended_at IS NULL) FROM cases_case"
        ).fetchone()
        assert there is not None  # noqa: S101 - one row always comes
        going_on = max(self._size.open - there[1], 0)
        ended = max(self._size.cases - there[0] - going_on, 0)
        lives = Lives(self._shapes, self._random, ended=ended, going_on=going_on, now=self._now)
        begin = lives.beginnings(counters)
        with side_by_side(lambda one: lives.pour(one, begin[one], town, seed=SEED), len(begin)) as portions:
            for number, portion in enumerate(portions, start=1):
                self._applied.update(portion.applied)
                for table, pieces in portion.tables():
                    copy_rows(self._owner, table, pieces)
                self._grow(split(portion.leaf_hashes))
                if number * PORTION % 100_000 == 0:
                    say(f"  {number * PORTION:,}")

    def _grow(self, leaf_hashes: Iterable[bytes]) -> None:
        """Grow the tree by leaves that were copied: its full tiles are copied after them."""
        full = b"".join(proving.tile(*one) for one in self._edge.grow(leaf_hashes))
        copy_rows(self._owner, "ledger_tile", [full])

    def _sign(self) -> None:
        """Sign the tree as it stands at the end of what was poured."""
        tree = ledger_queries.signed(self._edge)
        self._owner.execute(
            "INSERT INTO ledger_checkpoint (size, root, key, note, made_at) VALUES (%s, %s, %s, %s, %s)"
            " ON CONFLICT (size) DO NOTHING",  # nothing was poured: it is signed already
            [tree.size, tree.root, tree.key, tree.own, self._now],
        )

    def _count(self, counters: Counters) -> None:
        """Put counters, sequences and places beyond what was used."""
        with self._owner.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO papers_papercounter (series, year, last) VALUES (%s, %s, %s)"
                " ON CONFLICT (series, year) DO UPDATE SET last = EXCLUDED.last",
                [(series, year, last) for (series, year), last in counters.papers.items()],
            )
            cursor.executemany(
                "UPDATE catalogue_handlingitem SET times_applied = times_applied + %s WHERE id = %s",
                [(times, item) for item, times in self._applied.items()],
            )
            cursor.executemany(
                "INSERT INTO ledger_handlerplace (handler, position, began_after) VALUES (%s, %s, 0)"
                " ON CONFLICT (handler) DO UPDATE SET position = EXCLUDED.position",
                [(one.name, counters.positions) for one in kinds.HANDLERS.values()],
            )
            cursor.execute(
                "UPDATE insight_place SET position = %s WHERE reader = %s", [counters.positions, insight.READER]
            )
        for table, last in (
            ("ledger_event", counters.events),
            ("ledger_handled", counters.handled),
            ("catalogue_handlingitem_themes", counters.rows),
        ):
            self._owner.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, last])


def _ids() -> Iterator[str]:
    while True:
        yield str(new_id())


def look_anew(owner: psycopg.Connection) -> None:
    """Let PostgreSQL look at what has come, so that it plans well from the first query on."""
    owner.autocommit = True
    owner.execute("ANALYZE")


def load(owner: psycopg.Connection, size: Size, *, now: datetime, say: Say) -> None:
    """Make the small city, which is loaded already, into a large one. Minutes.

    All of it is one transaction but what `finish` does. Cut short before its end, the small city is as before.
    """
    random = Random(SEED)  # noqa: S311 - invented names
    say("letters and more officials")
    _carry_letters(now)
    more_officials(find_world(), random, now=now)
    seal()
    prove()
    insight.rebuild(now=the_instant())
    world = find_world()
    say("moulds of the lives that were played")  # all of them now: the tables are locked while they are poured
    city = City(owner, size, world, cast_shapes(world, now=now), now)
    dues.the_calendar()
    connection.close()
    city.pour(say)
    owner.commit()
    finish(owner, say)


def finish(owner: psycopg.Connection, say: Say) -> None:
    """Do what is reckoned from what was poured. May be done again when it was cut short."""
    say("statistics")
    look_anew(owner)
    say("warnings")
    _warn(owner)
    say("what items are found by")
    catalogue.index_again()
    say("what is usual, and proofs of the warnings")
    insight.reckon_usual(now=the_instant())
    prove()


def _warn(owner: psycopg.Connection) -> None:
    """Let supervision look, as if it had done so all along: who was to hear of what is late has heard of it.

    A worker would spend its first quarter of an hour on tens of thousands of letters. No order follows from this look.
    """
    coordination.look(now=the_instant())
    handlers = [one.name for one in kinds.handlers_of(WarningRaised.kind)]
    owner.execute(_HAVE_HEARD, [WarningRaised.kind, handlers])
    seal()


_HAVE_HEARD = """
    WITH heard AS (
        DELETE FROM ledger_owed AS owed USING ledger_event AS event
        WHERE event.id = owed.event_id AND event.kind = %s
        RETURNING event.id, event.happened_at
    )
    INSERT INTO ledger_handled (event_id, handler, handled_at)
    SELECT heard.id, told.handler, heard.happened_at FROM heard, unnest(%s::text[]) AS told (handler)
"""


def _carry_letters(now: datetime) -> None:
    """Carry the letters of the lives that were played, as a worker would: none is left lying in a city of the past."""
    for _round in range(LETTER_ROUNDS):
        notifications.carry_due(now=now, limit=LETTERS_AT_ONCE)
