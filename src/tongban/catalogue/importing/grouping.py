"""Records to items: which mapping fits, which rows belong together, which sheets belong to which item."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from tongban.catalogue.importing import values
from tongban.catalogue.importing.mapping import Mapping, PartTable
from tongban.catalogue.importing.records import Broken, Problem, Record

MOST_NAMES_TOLD = 12


@dataclass(slots=True)
class RawItem:
    """What the source holds of one item: its record, its further rows, rows of other sheets."""

    mapping: Mapping
    record: Record
    rows: list[Record] = field(default_factory=list)
    parts: dict[str, list[Record]] = field(default_factory=dict)


def items_of(records: Iterable[Record], mappings: Sequence[Mapping], problems: list[Problem]) -> list[RawItem]:
    """Return items in the order of the files; what fits nowhere is added to `problems`."""
    items: list[RawItem] = []
    grouped: dict[tuple[str, ...], RawItem] = {}
    parts: list[tuple[PartTable, Record]] = []
    unknown: dict[str, Record] = {}
    for record in records:
        filled = [name for name in record.fields if name]
        mapping = next((one for one in mappings if one.fits(filled)), None)
        if mapping is not None:
            _put(mapping, record, items, grouped)
            continue
        part = next((found for one in mappings if (found := one.part_of(filled)) is not None), None)
        if part is not None:
            parts.append((part, record))
        else:
            unknown.setdefault(record.place, record)
    for part, record in parts:
        _attach(part, record, items, problems)
    problems += [_unknown(record) for record in unknown.values()]
    return items


def _put(mapping: Mapping, record: Record, items: list[RawItem], grouped: dict[tuple[str, ...], RawItem]) -> None:
    """A row whose group is there already holds a further part of the same item."""
    key = _key(mapping.group, record)
    group = (mapping.name, record.place, *key)
    if any(key) and group in grouped:
        grouped[group].rows.append(record)
        return
    item = RawItem(mapping, record, rows=[record])
    items.append(item)
    if any(key):
        grouped[group] = item


def _key(names: Sequence[str], record: Record) -> tuple[str, ...]:
    return tuple(_text(record, name) for name in names)


def _text(record: Record, name: str) -> str:
    try:
        return values.plain(record.fields.get(name), name)
    except Broken:
        return ""


def _attach(part: PartTable, record: Record, items: list[RawItem], problems: list[Problem]) -> None:
    """A row of another sheet belongs to every item whose key agrees wherever both state it."""
    keys = [(name, value) for name in part.key if (value := _text(record, name))]
    owners = [
        item
        for item in items
        if keys
        and item.record.fields.keys() & {name for name, _value in keys}
        and all(_text(item.record, name) in ("", value) for name, value in keys)
    ]
    if not owners:
        told = ", ".join(f"{name} {value}" for name, value in keys) or ", ".join(part.key)
        reason = _("Belongs to no matter in these files: %(key)s.") % {"key": told}
        problems.append(Problem(record.place, record.row, part.key[0], reason))
    for item in owners:
        if part.merge:
            item.record.fields.update(
                {name: value for name, value in record.fields.items() if item.record.fields.get(name) in (None, "")}
            )
        else:
            item.parts.setdefault(part.name, []).append(record)


def _unknown(record: Record) -> Problem:
    names = [name for name in record.fields if name]
    told = ", ".join(names[:MOST_NAMES_TOLD]) + (" …" if len(names) > MOST_NAMES_TOLD else "")
    reason = _("No mapping fits these fields: %(names)s. Write one and give it by --mapping.") % {"names": told}
    return Problem(record.place, record.row, "", reason)
