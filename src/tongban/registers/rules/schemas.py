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
