"""Loads a whole city: plays lives through the actions, casts them as moulds, and pours them by COPY."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import psycopg
from django.db import connection, transaction

from tongban.accounts import actions as accounts
from tongban.accounts import queries as people
from tongban.base.actor import SYSTEM
from tongban.base.clock import now as the_instant
from tongban.base.clock import office_date
from tongban.base.ids import new_id
from tongban.cases import actions as cases
from tongban.cases import queries as case_queries
from tongban.catalogue import actions as catalogue
from tongban.coordination import actions as coordination
from tongban.coordination.events import WarningRaised
from tongban.insight import actions as insight
from tongban.ledger import actions as ledger
from tongban.ledger import kinds
from tongban.notifications import actions as notifications
from tongban.organisations import actions as organisations
from tongban.site.demo import content
from tongban.site.demo.bulk import residents, stock
from tongban.site.demo.bulk.cases import mould_of
from tongban.site.demo.bulk.copying import Copier, WithoutRules, copy_rows, empty_but_keep
from tongban.site.demo.bulk.filling import Counters, due_of
from tongban.site.demo.bulk.moulds import Mould, rows_of
from tongban.site.demo.bulk.pouring import Pourer
from tongban.site.demo.bulk.tables import OF_A_CASE, OF_A_RESIDENT, OF_AN_ENTERPRISE, OF_AN_ITEM
from tongban.site.demo.bulk.world import World, find_world

Say = Callable[[str], None]
SEED = 20261124
PORTION = 5000
"""Lives that are filled before they are handed over to be copied, 120 MB: each COPY leaves some empty pages behind."""
OLDEST_WEEKS = 312
ARCHIVED_DAYS = 32
"""What ended longer ago has been archived."""
LETTERS_DAYS = 25
"""Letters of older cases have been forgotten."""
LETTER_ROUNDS, LETTERS_AT_ONCE = 5, 500
"""The lives that are played leave some hundreds of letters."""
GROWN_AT_ONCE = 20_000
"""Leaves of the tree; fewer that are still to come are the worker's."""
COLLEAGUES = 4
"""So many more officials hold the posts of each official of the small city."""
ITEM_OF_ITS_OWN = 0.35
"""How often a case is about one of the items that lives were played for, and not about one of their variants."""


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


@dataclass
class Shapes:
    """Moulds: of residents, enterprises, items; of open cases, and of ended ones, before and after their archive."""

    resident: Mould
    enterprise: Mould
    items: dict[str, Mould]
    open: list[Mould] = field(default_factory=list)
    ended: list[tuple[Mould, Mould]] = field(default_factory=list)


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


def cast_shapes(world: World, *, now: datetime) -> Shapes:
    """Cast each case of the small city. An ended one is archived for its second mould, which is undone again."""
    shapes = Shapes(residents.cast_resident(world), residents.cast_enterprise(world), stock.cast_items(world))
    for row in rows_of("cases_case", "kind = 'application'", {}):
        mould = mould_of(UUID(row["id"]), world, now=now)
        if mould.facts["language"] != "zh-hans":
            continue
        if mould.facts["open"]:
            shapes.open.append(mould)
            continue
        case = case_queries.case_by_id(UUID(row["id"]))
        if case.archived_at is not None or case.ended_at is None:
            continue
        with transaction.atomic():
            point = transaction.savepoint()
            cases.archive(actor=SYSTEM, case=case, now=case.ended_at + timedelta(days=ARCHIVED_DAYS - 1))
            archived = mould_of(case.id, world, now=now)
            transaction.savepoint_rollback(point)
        shapes.ended.append((mould, archived))
    return shapes


def seal() -> None:
    """Give all events that are there their positions."""
    while ledger.seal_once():
        continue


class City:
    """The pouring of one city."""

    def __init__(self, owner: psycopg.Connection, size: Size, world: World, shapes: Shapes, now: datetime) -> None:
        """Remember what is poured, and into what."""
        self._owner, self._size, self._world, self._shapes, self._now = owner, size, world, shapes, now
        self._random = Random(SEED)  # noqa: S311 - invented lives, not secrets
        self._applied: Counter[str] = Counter()
        self._colleagues = {
            one.official_id: [other for other in world.officials if other.posts == one.posts] for one in world.officials
        }
        self._own_items = {
            version: item.words() | {"item_id": item.item_id, "version_id": item.version_id}
            for version, item in world.items.items()
        }

    def pour(self, say: Say) -> None:
        """Pour everything, within the owner's transaction."""
        tables = sorted({*OF_A_CASE, *OF_A_RESIDENT, *OF_AN_ENTERPRISE, *OF_AN_ITEM})
        rules = WithoutRules(self._owner, tables)
        rules.take_off()
        empty_but_keep(self._owner, tables)
        pourer = Pourer(self._counters(), self._random)
        say("residents and enterprises")
        self._people(pourer)
        say("items")
        there = len(self._world.items)
        self._variants = stock.pour_items(
            pourer, self._world, self._shapes.items, number=max(self._size.items - there, 0), first_id=_ids()
        )
        copy_rows(self._owner, pourer.taken())
        say("cases")
        self._cases(pourer, say)
        say("counters, keys and indexes")
        self._count(pourer.counters)
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
        return Counters(one[0], one[1], one[2], one[3], {(series, year): last for series, year, last in papers})

    def _people(self, pourer: Pourer) -> None:
        written = content.people()
        names = (list(written["surnames"]), written["given"])
        self._residents = residents.pour_residents(
            pourer, self._shapes.resident, self._world, number=self._size.residents, names=names, first_id=_ids()
        )
        self._enterprises = residents.pour_enterprises(
            pourer,
            self._shapes.enterprise,
            self._residents,
            number=self._size.enterprises,
            first_id=_ids(),
        )

    def _cases(self, pourer: Pourer, say: Say) -> None:
        there = self._owner.execute(
            "SELECT count(*), count(*) FILTER (WHERE ended_at IS NULL) FROM cases_case"
        ).fetchone()
        assert there is not None  # noqa: S101 - one row always comes
        open_cases = max(self._size.open - there[1], 0)
        ended = max(self._size.cases - there[0] - open_cases, 0)
        ages = sorted((self._age() for _case in range(ended)), reverse=True)
        copier = Copier(self._owner)
        for place in range(ended + open_cases):
            if place < ended:
                self._pour_ended(pourer, ages[place])
            else:
                self._pour_open(pourer)
            if place % PORTION == PORTION - 1:
                copier.put(pourer.taken())
            if place % 100_000 == 100_000 - 1:
                say(f"  {place + 1:,}")
        copier.put(pourer.taken())
        copier.finish()

    def _age(self) -> int:
        """Return weeks since a case ended: the younger, the more there are."""
        return int(OLDEST_WEEKS * (1 - (1 - self._random.random()) ** 0.5))

    def _pour_ended(self, pourer: Pourer, age: int) -> None:
        mould, archived = self._random.choice(self._shapes.ended)
        own = (self._now - mould.facts["last"]).days // 7
        weeks = max(age - own, 0)
        days = (self._now - mould.facts["last"]).days + 7 * weeks
        self._pour(pourer, archived if days >= ARCHIVED_DAYS else mould, weeks)

    def _pour_open(self, pourer: Pourer) -> None:
        mould = self._random.choice(self._shapes.open)
        weeks = min(int(self._random.expovariate(0.7)), 9)
        for origin in mould.facts["answers"]:
            while weeks and due_of(origin, weeks).day < office_date(self._now):
                weeks -= 1
        self._pour(pourer, mould, weeks)

    def _pour(self, pourer: Pourer, mould: Mould, weeks: int) -> None:
        draw = self._random.random
        parties = self._enterprises if mould.facts["enterprise"] else self._residents
        version = mould.facts["item"]
        item = self._own_items[version]
        variants = self._variants.get(version)
        if variants and draw() > ITEM_OF_ITS_OWN:
            item = variants[int(len(variants) * draw() ** 4)]
        officials = {slot[1]: self._random.choice(self._colleagues[slot[1]]) for slot in mould.facts["officials"]}
        self._applied[item["item_id"]] += 1
        age = (self._now - mould.facts["last"]).days + 7 * weeks
        pourer.pour(
            mould,
            weeks=weeks,
            words={
                "person": parties[int(len(parties) * draw() ** 1.6)],
                "item": item,
                "official": {key: one.official_id for key, one in officials.items()},
                "official_account": {key: one.account_id for key, one in officials.items()},
            },
            without=_NO_LETTERS if age > LETTERS_DAYS else frozenset(),
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
        for table, last in (
            ("ledger_event", counters.events),
            ("ledger_handled", counters.handled),
            ("catalogue_handlingitem_themes", counters.rows),
        ):
            self._owner.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, last])


_NO_LETTERS = frozenset({"notifications_carriage"})


def _ids() -> Iterator[str]:
    while True:
        yield str(new_id())


def look_anew(owner: psycopg.Connection) -> None:
    """Let PostgreSQL look at what has come, so that it plans well from the first query on."""
    owner.autocommit = True
    owner.execute("ANALYZE")


def load(owner: psycopg.Connection, size: Size, *, now: datetime, say: Say) -> None:
    """Make the small city, which is loaded already, into a large one. Minutes.

    All of it is one transaction but what `open_doors` does. Cut short before its end, the small city is as before.
    """
    random = Random(SEED)  # noqa: S311 - invented names
    say("letters and more officials")
    _carry_letters(now)
    more_officials(find_world(), random, now=now)
    seal()
    world = find_world()
    say("moulds of the lives that were played")  # all of them now: the tables are locked while they are poured
    shapes = cast_shapes(world, now=now)
    connection.close()
    City(owner, size, world, shapes, now).pour(say)
    owner.commit()
    open_doors(owner, say)


def open_doors(owner: psycopg.Connection, say: Say) -> None:
    """Do what people who use the city wait for. May be done again when it was cut short."""
    say("statistics")
    look_anew(owner)
    say("warnings")
    _warn(owner)
    say("what items are found by")
    catalogue.index_again()


def catch_up(say: Say) -> None:
    """Reckon the figures of the city's past and prove it: the rooms do it by the clock, of what happens from now on.

    May be done again when it was cut short. Proofs are last.
    """
    say("figures")
    insight.rebuild(now=the_instant(), side_by_side=2)
    insight.reckon_usual(now=the_instant())
    say("proofs")
    while ledger.grow_once(now=the_instant(), limit=GROWN_AT_ONCE).leaves:
        continue


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
