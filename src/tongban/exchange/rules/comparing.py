"""What one version of an entry says otherwise than another: element by element, item by item."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from tongban.exchange.rules.entries import EntryDraft, ItemDraft

_FIXED = frozenset({"items", "slug", "code", "subject_kind"})
"""What no version changes, and the items, which are compared one by one."""
ELEMENTS = tuple(one.name for one in fields(EntryDraft) if one.name not in _FIXED)
OF_ITEM = tuple(one.name for one in fields(ItemDraft) if one.name != "code")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is otherwise. `item`: code of the information item, empty for the entry itself.

    `element` is "item" where a whole item came (`before` is None) or went (`after` is None), "order" where only the
    order of the items is another.
    """

    item: str
    element: str
    before: object
    after: object


def changes_between(before: EntryDraft, after: EntryDraft) -> list[Change]:
    """Return what is otherwise, the entry's own elements first, then item by item in the newer order."""
    found = [
        Change("", name, getattr(before, name), getattr(after, name))
        for name in ELEMENTS
        if getattr(before, name) != getattr(after, name)
    ]
    old = {item.code: item for item in before.items}
    new = {item.code: item for item in after.items}
    if [code for code in old if code in new] != [code for code in new if code in old]:
        found.append(Change("", "order", tuple(old), tuple(new)))
    return [*found, *_of_items(old, new)]


def _of_items(old: Mapping[str, ItemDraft], new: Mapping[str, ItemDraft]) -> Iterator[Change]:
    for code, item in new.items():
        if code not in old:
            yield Change(code, "item", None, item)
            continue
        for name in OF_ITEM:
            was, now = getattr(old[code], name), getattr(item, name)
            if was != now:
                yield Change(code, name, was, now)
    yield from (Change(code, "item", item, None) for code, item in old.items() if code not in new)
