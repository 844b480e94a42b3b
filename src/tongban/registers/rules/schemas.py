"""Schemas of registers: a list of fields, each an information item; what may change from one version to the next."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _

from tongban.exchange.rules.entries import ItemDraft


def written(fields: Sequence[ItemDraft]) -> list[dict[str, Any]]:
    """Return fields as JSON."""
    return [asdict(item) | {"code_list": list(item.code_list)} for item in fields]


def read(fields: Sequence[Mapping[str, Any]]) -> tuple[ItemDraft, ...]:
    """Return the fields of a schema with their types."""
    return tuple(ItemDraft(**{**item, "code_list": tuple(item["code_list"])}) for item in fields)


OF_FIELDS = ("code", "name", "name_en", "type", "length", "is_key", "is_required", "is_sensitive", "code_list")
"""What of an information item a register goes by. Classes of sharing and leads are the catalogue's alone."""


def as_fields(items: Sequence[ItemDraft]) -> list[tuple[Any, ...]]:
    """Return what of items a register goes by, to be compared."""
    return [tuple(getattr(item, name) for name in OF_FIELDS) for item in items]


def changes(before: Sequence[ItemDraft], after: Sequence[ItemDraft]) -> list[tuple[str, ItemDraft]]:
    """Return which fields came, went or are otherwise: ("+", item), ("-", item), ("~", newer item)."""
    old, new = {item.code: item for item in before}, {item.code: item for item in after}
    found = [
        ("~" if code in old else "+", item)
        for code, item in new.items()
        if item.code not in old or (as_fields([old[code]]) != as_fields([item]))
    ]
    return [*found, *(("-", item) for code, item in old.items() if code not in new)]


def problems(before: Sequence[ItemDraft], after: Sequence[ItemDraft]) -> dict[str, list[str]]:
    """Return what may not change: a field keeps its type and whether it is sealed, for old values stay as they are."""
    known = {item.code: item for item in before}
    return {
        f"items.{place}": [
            _("A field keeps its type, and whether it is sensitive. Please give a new field its own code.")
        ]
        for place, item in enumerate(after)
        if item.code in known
        and (item.type, item.is_sensitive) != (known[item.code].type, known[item.code].is_sensitive)
    }
