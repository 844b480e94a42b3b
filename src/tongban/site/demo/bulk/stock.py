"""Thousands of items: variants of those that are published, under the names of the offices' many matters."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from itertools import product
from typing import Any

from tongban.site.demo import content
from tongban.site.demo.bulk.cutting import Cutter, Slot
from tongban.site.demo.bulk.moulds import Casting, Cell, Mould, rows_of
from tongban.site.demo.bulk.pouring import Pourer
from tongban.site.demo.bulk.tables import OF_AN_ITEM
from tongban.site.demo.bulk.world import Item, World

OF_THE_PATTERN = ("everyday_names", "name_en", "summary_en", "questions")
"""What a guide says of its own matter only: variants do without."""
PUBLISHED_WEEKS = 340
_HASHED = ('{"bpmn":null,"form":null,"guide":', "}")
"""See `catalogue.actions.publishing.digest_of`: a version without parts designed for it."""


def cast_items(world: World) -> dict[str, Mould]:
    """Return moulds by the version they were cast from; items with a form or process of their own have no variants."""
    moulds = {version: _cast(item) for version, item in world.items.items()}
    return {version: mould for version, mould in moulds.items() if mould is not None}


def _place(table: str, column: str, kind: str) -> Cell:
    def rule(row: dict[str, Any], casting: Casting) -> Slot:
        return (kind, [one[column] for one in casting.rows[table]].index(row[column]))

    return rule


_CELLS: dict[tuple[str, str], Cell] = {
    ("catalogue_handlingitem", "times_applied"): lambda _row, _casting: "0",
    ("catalogue_handlingitem_themes", "id"): _place("catalogue_handlingitem_themes", "id", "row"),
    ("ledger_event", "id"): _place("ledger_event", "id", "event"),
    ("ledger_event", "position"): _place("ledger_event", "id", "position"),
}


def _canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _cast(item: Item) -> Mould | None:
    version = rows_of("catalogue_handlingversion", "id = %(version)s", {"version": item.version_id})[0]
    values = {"item": item.item_id, "version": item.version_id, "form": version["form_id"]}
    rows = {table: rows_of(table, where, values) for table, where in OF_AN_ITEM.items()}
    version, form = rows["catalogue_handlingversion"][0], rows["forms_formversion"][0]
    guide, document = json.loads(version["guide"]), json.loads(form["document"])
    before, after = _HASHED
    if hashlib.sha256((before + _canonical(guide) + after).encode()).hexdigest() != version["digest"]:
        return None
    if version["version"] != "1" or hashlib.sha256(_canonical(document).encode()).hexdigest() != form["digest"]:
        return None
    guide = {key: value for key, value in guide.items() if key not in OF_THE_PATTERN}
    guide["summary"] = f"{item.name}，可在网上或窗口办理。"
    version["guide"] = json.dumps(guide, ensure_ascii=False)
    known: dict[str, Slot] = {word: ("item", name) for name, word in item.words().items() if word}
    known[rows["catalogue_catalogueitem"][0]["name"]] = ("item", "name")
    known |= {version["digest"]: ("digest", 0), form["digest"]: ("digest", 1)}
    own = {one["id"] for table in rows.values() for one in table} | {one["uid"] for one in rows["ledger_event"]}
    kin: dict[str, Slot] = {item.item_id: ("item", "item_id"), item.version_id: ("item", "version_id")}
    earliest = min(one["happened_at"][:10] for one in rows["ledger_event"])
    cutter = Cutter(known, lambda word: word in own, kin, {}, earliest=_day(earliest))
    casting = Casting(rows, cutter, _CELLS)
    casting.hashes = [
        (version["digest"], cutter.cut(_canonical(guide), copied=False, dues=False), before, after),
        (form["digest"], cutter.cut(_canonical(document), copied=False, dues=False), "", ""),
    ]
    casting.facts = {"series": [], "issued": [], "rows": len(rows["catalogue_handlingitem_themes"])}
    return casting.cast()


def _day(text: str) -> Any:  # noqa: ANN401 - a date
    from datetime import date  # noqa: PLC0415

    return date.fromisoformat(text)


def names(world: World, moulds: dict[str, Mould], offices: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Give (version cast from, office's slug, name) of all variants that can be put together, offices in turn."""
    written = content.matters()
    bases: dict[str, list[str]] = defaultdict(list)
    for version in moulds:
        bases[offices[world.items[version].code]].append(version)
    turns = [
        [
            (bases[slug][place % len(bases[slug])], slug, f"{matter}{act}（{where}）")
            for place, (act, where, matter) in enumerate(product(written["acts"], written["places"], matters))
        ]
        for slug, matters in written["matters"].items()
        if slug in bases
    ]
    for turn in range(max(map(len, turns))):
        for office in turns:
            if turn < len(office):
                yield office[turn]


def pour_items(
    pourer: Pourer, world: World, moulds: dict[str, Mould], *, number: int, first_id: Iterator[str]
) -> dict[str, list[dict[str, str]]]:
    """Pour variants; returns their words by the version they were cast from. Raises ValueError when names run out."""
    offices = {one["code"]: one["organisation"] for one in content.items()}
    made: dict[str, list[dict[str, str]]] = defaultdict(list)
    named = names(world, moulds, offices)
    for place in range(number):
        version, slug, name = next(named, ("", "", ""))
        if not version:
            message = f"no more than {place} items can be put together"
            raise ValueError(message)
        words = {
            "item_id": next(first_id),
            "version_id": next(first_id),
            "code": f"{slug}-{place + 1:05d}",
            "catalogue_code": f"9{place + 1:011d}",
            "name": name,
            "name_en": "",
        }
        pourer.pour(moulds[version], weeks=PUBLISHED_WEEKS, words={"item": words})
        made[version].append(words)
    return made
