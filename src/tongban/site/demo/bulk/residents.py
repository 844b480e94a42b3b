"""Tens of thousands of residents and some enterprises, poured from those who signed up."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from stdnum.cn import uscc

from tongban.accounts import queries as accounts
from tongban.site.demo.bulk.cutting import Cutter, Slot
from tongban.site.demo.bulk.moulds import Casting, Cell, Mould, rows_of
from tongban.site.demo.bulk.pouring import Pourer
from tongban.site.demo.bulk.tables import OF_A_RESIDENT, OF_AN_ENTERPRISE
from tongban.site.demo.bulk.world import World
from tongban.site.demo.people import AREAS, resident_number

TEMPLATE = "yunting-001"
FIRST = 1000
FIRST_USERNAME = f"yunting-{FIRST:06d}"
SIGNED_UP_WEEKS = 340
"""They had signed up before the first of their cases."""
FIRST_BIRTH, BIRTHS = date(1940, 1, 1), 23_000
"""Days on which residents were born; each identity number is one area and one day."""
TRADES = ("餐饮", "商贸", "物流", "建材", "电子", "服装", "印刷", "食品", "家政", "园林", "汽修", "文化传播")
SHAPES = ("有限公司", "商行", "经营部", "合作社")


def cast_resident(world: World) -> Mould:
    """Return the mould of somebody who has signed up."""
    account = rows_of("accounts_account", "username = %(username)s", {"username": TEMPLATE})[0]
    person = rows_of("accounts_person", "account_id = %(account)s", {"account": account["id"]})[0]
    values = {"account": account["id"], "person": person["id"]}
    rows = {table: rows_of(table, where, values) for table, where in OF_A_RESIDENT.items()}
    known: dict[str, Slot] = {
        account["username"]: ("person", "username"),
        account["phone"]: ("person", "phone"),
        person["name"]: ("person", "name"),
        person["identity_number"]: ("person", "identity_number"),
    }
    return _cast(rows, known, {account["id"]: ("person", "account_id"), person["id"]: ("person", "person_id")}, world)


_CELLS: dict[tuple[str, str], Cell] = {
    ("accounts_account", "password"): lambda _row, _casting: "!",
    ("accounts_person", "identity_index"): lambda _row, _casting: ("person", "identity_index"),
    ("accounts_person", "birth_date"): lambda _row, _casting: ("person", "birth_date"),
    ("ledger_event", "id"): lambda row, casting: ("event", _place(casting, row)),
    ("ledger_event", "position"): lambda row, casting: ("position", _place(casting, row)),
}


def _place(casting: Casting, row: dict[str, Any]) -> int:
    return [one["id"] for one in casting.rows["ledger_event"]].index(row["id"])


def _cast(rows: dict[str, list[dict[str, Any]]], known: dict[str, Slot], kin: dict[str, Slot], world: World) -> Mould:
    own = {one["id"] for table in rows.values() for one in table} | {one["uid"] for one in rows["ledger_event"]}
    earliest = min(datetime.fromisoformat(one["happened_at"]).date() for one in rows["ledger_event"])
    cutter = Cutter(known, lambda word: word in own, kin, {}, earliest)
    return Casting(rows, cutter, _CELLS, facts={"series": [], "issued": []}).cast()


def cast_enterprise(world: World) -> Mould:
    """Return the mould of an enterprise that its representative has registered."""
    enterprise = next(iter(world.enterprises.values()))
    owner = world.people[enterprise.person_id]
    values = {"enterprise": enterprise.enterprise_id}
    rows = {table: rows_of(table, where, values) for table, where in OF_AN_ENTERPRISE.items()}
    known: dict[str, Slot] = {word: ("person", name) for name, word in enterprise.words().items() if word}
    kin: dict[str, Slot] = {
        owner.person_id: ("person", "person_id"),
        owner.account_id: ("person", "account_id"),
        enterprise.enterprise_id: ("person", "enterprise_id"),
    }
    return _cast(rows, known, kin, world)


def pour_residents(
    pourer: Pourer,
    mould: Mould,
    world: World,
    *,
    number: int,
    names: tuple[list[str], list[str]],
    first_id: Iterator[str],
) -> list[dict[str, str]]:
    """Pour residents; returns their words. Each has an identity number that nobody had before."""
    known = {person.identity_number for person in world.people.values()}
    drawn = pourer.random.sample(range(BIRTHS * len(AREAS)), number + len(known))
    born = (_resident(FIRST_BIRTH + timedelta(days=one // len(AREAS)), AREAS[one % len(AREAS)]) for one in drawn)
    fresh = (words for words in born if words["identity_number"] not in known)
    surnames, given = names
    made = []
    for place, words in zip(range(number), fresh, strict=False):
        words |= {
            "username": f"yunting-{place + FIRST:06d}",
            "phone": f"138{place:08d}",
            "email": "",
            "name": pourer.random.choice(surnames) + pourer.random.choice(given),
            "person_id": next(first_id),
            "account_id": next(first_id),
        }
        pourer.pour(mould, weeks=SIGNED_UP_WEEKS, words={"person": words})
        made.append(words)
    return made


def _resident(born: date, area: str) -> dict[str, str]:
    number = resident_number(area, f"{born:%Y%m%d}")
    index = accounts.identity_index("resident_identity_card", number)
    return {
        "identity_number": number,
        "identity_index": "\\\\x" + index.hex(),
        "birth_date": born.isoformat(),
    }


def pour_enterprises(
    pourer: Pourer, mould: Mould, residents: list[dict[str, str]], *, number: int, first_id: Iterator[str]
) -> list[dict[str, str]]:
    """Pour enterprises, each with a resident who represents it; returns the words of both together."""
    made = []
    for place in range(number):
        owner = pourer.random.choice(residents)
        code = f"91990102MA1{place:06d}"
        words = owner | {
            "enterprise_id": next(first_id),
            "enterprise_name": f"云汀市{owner['name']}{pourer.random.choice(TRADES)}{pourer.random.choice(SHAPES)}",
            "credit_code": code + uscc.calc_check_digit(code),
            "enterprise_address": f"云汀市汀南区长桥路 {place % 400 + 1} 号",
        }
        pourer.pour(mould, weeks=SIGNED_UP_WEEKS, words={"person": words})
        made.append(words)
    return made
