"""An entry of the catalogue as it is drafted, and what is wrong with it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from tongban.exchange.rules.calls import CODE, SLUG

RESOURCE_CODE = re.compile(r"[0-9]{6,30}/[0-9]{1,9}")
"""Class 1 + item 2 + sub-item 3 digits + detail of any length + "/" + serial number (2017 guide, trial)."""
LAW_CITED = re.compile(r"《[^《》]+》[^《》]*第\s*[〇零一二三四五六七八九十百千0-9]+\s*条")
"""A law with its article, as in 《个人信息保护法》第二十八条: whoever does not share names it (Order 809, art. 13)."""
DATUM = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
"""What an item tells across all resources: person.birth_date."""
TYPES = frozenset("CNYDTLMGBIF")
CLASSES = ("unconditional", "conditional", "none")
MOST_ITEMS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDraft:
    """An information item 信息项."""

    code: str
    name: str
    type: str = "C"
    name_en: str = ""
    length: int | None = None
    is_key: bool = False
    is_required: bool = False
    is_sensitive: bool = False
    sharing_class: str = "conditional"
    sharing_condition: str = ""
    opening_class: str = "none"
    opening_condition: str = ""
    code_list: tuple[Mapping[str, Any], ...] = ()
    datum: str = ""
    is_lead: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryDraft:
    """An entry with its thirteen elements; provider and credit code are those of the office."""

    slug: str
    code: str
    subject_kind: str
    name: str
    summary: str
    category: str
    items: tuple[ItemDraft, ...]
    name_en: str = ""
    classification: str = "basic"
    division: str = ""
    format: str = "database"
    sharing_way: str = "interface"
    update_cycle: str = "real_time"
    related_codes: tuple[str, ...] = field(default=())


def strictest(classes: Iterable[str]) -> str:
    """Return the class of a whole whose parts have these: none if any is not given, conditional if any has conditions.

    Of nothing: none.
    """
    return CLASSES[max((CLASSES.index(one) for one in classes), default=len(CLASSES) - 1)]


def problems(draft: EntryDraft) -> dict[str, list[str]]:
    """Return what is missing or wrong, by field; those of an item under "items.<its place>"."""
    found: dict[str, list[str]] = {}
    for name, sentence in _of_entry(draft):
        found.setdefault(name, []).append(sentence)
    for place, item in enumerate(draft.items):
        for _name, sentence in item_problems(item):
            found.setdefault(f"items.{place}", []).append(sentence)
    return found


def _of_entry(draft: EntryDraft) -> Iterator[tuple[str, str]]:
    for name in ("name", "summary", "category"):
        if not getattr(draft, name).strip():
            yield name, _("Please fill this in.")
    if not SLUG.fullmatch(draft.slug):
        yield "slug", _("The short name has small letters, digits and hyphens.")
    if not RESOURCE_CODE.fullmatch(draft.code):
        yield "code", _("The code has at least six digits, a slash and a serial number.")
    for code in draft.related_codes:
        if not RESOURCE_CODE.fullmatch(code):
            yield "related_codes", _("%(code)s is not the code of a resource.") % {"code": code[:40]}
    if not 0 < len(draft.items) <= MOST_ITEMS:
        yield "items", _("Please give between 1 and %(most)s information items.") % {"most": MOST_ITEMS}
    codes = [item.code for item in draft.items]
    if len(set(codes)) < len(codes):
        yield "items", _("Each information item has a code of its own.")


def item_problems(item: ItemDraft) -> Iterator[tuple[str, str]]:
    """Yield what is missing or wrong with an information item: its field, and a sentence."""
    if not CODE.fullmatch(item.code):
        yield "code", _("The code of an item has small letters, digits and underscores, and begins with a letter.")
    if not item.name.strip():
        yield "name", _("Please give the item its name.")
    if item.type not in TYPES:
        yield "type", _("The type is one of C, N, Y, D, T, L, M, G, B, I, F.")
    if item.sharing_class not in CLASSES or item.opening_class not in CLASSES:
        yield "sharing_class", _("Sharing and opening are unconditional, conditional or none.")
    if item.is_lead and not item.datum.strip():
        yield "datum", _("Please say for which datum the office leads.")
    if item.datum and not DATUM.fullmatch(item.datum):
        yield "datum", _("A datum has small letters, digits and underscores, with dots between: person.birth_date.")
    yield from _of_classes(item)


def _of_classes(item: ItemDraft) -> Iterator[tuple[str, str]]:
    if item.sharing_class == "conditional" and not item.sharing_condition.strip():
        yield "sharing_condition", _("Please say on which conditions the item is shared.")
    if item.sharing_class == "none" and not LAW_CITED.search(item.sharing_condition):
        yield "sharing_condition", _("Whoever does not share an item names the law and its article.")
    if item.opening_class == "conditional" and not item.opening_condition.strip():
        yield "opening_condition", _("Please say on which conditions the item is open.")
    if item.opening_class != "none" and item.is_sensitive:
        yield "opening_class", _("What is sensitive is not opened to everybody.")
    if item.opening_class == "unconditional" and item.sharing_class == "none":
        yield "opening_class", _("What other offices may not have cannot be open to everybody.")
