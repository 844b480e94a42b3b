"""What is wrong with a request before it is handed in. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Protocol

from django.utils.translation import gettext as _

from tongban.exchange.rules.calls import CODE
from tongban.exchange.rules.conditions import WrongCondition, condition_of
from tongban.exchange.rules.rows import Condition
from tongban.sharing.rules import own

STRICTEST = ("none", "conditional", "unconditional")
"""Classes of sharing, the strictest first."""
MOST_A_MINUTE = 100_000
MOST_A_DAY = 100_000_000
LONGEST_REASON = 4000
_ITEM_CODE = re.compile(r"[0-9A-Za-z._-]{1,120}")


class ItemLike(Protocol):
    """An information item in force, as the rules look at it."""

    code: str
    name: str
    type: str
    sharing_class: str
    sharing_condition: str

    @property
    def code_list(self) -> Sequence[Mapping[str, Any]]:
        """The values that there are; empty: any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDraft:
    """What an office asks for, as it was typed and cleaned."""

    fields: tuple[str, ...]
    purpose: str
    purpose_words: str
    basis_law: str
    basis_article: str
    valid_until: date | None
    rate_per_minute: int
    expected_per_day: int
    row_filter: tuple[Condition, ...] = field(default=())
    items_served: tuple[str, ...] = ()
    reason: str = ""


def strictest(items: Sequence[ItemLike]) -> str:
    """Return the strictest class of sharing among items."""
    return min((item.sharing_class for item in items), key=STRICTEST.index, default="conditional")


def unshared(items: Sequence[ItemLike], fields: Sequence[str]) -> list[ItemLike]:
    """Return which of the fields asked for are not shared: each says the law that is relied on."""
    return [item for item in items if item.code in fields and item.sharing_class == "none"]


def problems(draft: RequestDraft, items: Sequence[ItemLike], *, today: date, longest_days: int) -> dict[str, list[str]]:
    """Return what is missing or wrong, by field."""
    found: dict[str, list[str]] = {}
    for name, sentence in (
        *_of_fields(draft, items),
        *_of_words(draft),
        *_of_extent(draft, items, today, longest_days),
    ):
        found.setdefault(name, []).append(sentence)
    return found


def _of_fields(draft: RequestDraft, items: Sequence[ItemLike]) -> Iterator[tuple[str, str]]:
    known = {item.code for item in items}
    if not draft.fields:
        yield "fields", _("Please choose at least one item.")
    if gone := sorted(set(draft.fields) - known):
        yield "fields", _("These items are not in the catalogue: %(items)s.") % {"items": " ".join(gone)[:200]}
    if unshared(items, draft.fields) and not draft.reason:
        yield "reason", _("Some of these items are not shared. Please say why your office needs them all the same.")


def _of_words(draft: RequestDraft) -> Iterator[tuple[str, str]]:
    if not CODE.fullmatch(draft.purpose):
        yield "purpose", _("The code of a purpose has small letters, digits and underscores, and begins with a letter.")
    if draft.purpose == own.PURPOSE:
        yield "purpose", _("This code is kept for what people read on themselves. Please choose another one.")
    if not draft.purpose_words:
        yield "purpose_words", _("Please say for what the data are needed.")
    if not draft.basis_law:
        yield "basis_law", _("Please name the law that your office applies.")
    if not draft.basis_article:
        yield "basis_article", _("Please name the article.")
    if not all(_ITEM_CODE.fullmatch(code) for code in draft.items_served):
        wrong = _("The code of an item has letters, digits, dots and hyphens; several are separated by spaces.")
        yield "items_served", wrong


def _of_extent(
    draft: RequestDraft, items: Sequence[ItemLike], today: date, longest_days: int
) -> Iterator[tuple[str, str]]:
    if draft.valid_until is None or draft.valid_until <= today:
        yield "valid_until", _("Please give a day that lies ahead.")
    elif draft.valid_until > today + timedelta(days=longest_days):
        yield "valid_until", _("Data are asked for %(days)d days at most.") % {"days": longest_days}
    if not 1 <= draft.rate_per_minute <= MOST_A_MINUTE:
        yield "rate_per_minute", _("Please give a number between 1 and %(most)d.") % {"most": MOST_A_MINUTE}
    if not 1 <= draft.expected_per_day <= MOST_A_DAY:
        yield "expected_per_day", _("Please give a number between 1 and %(most)d.") % {"most": MOST_A_DAY}
    try:
        in_types(draft.row_filter, items)
    except WrongCondition as wrong:
        yield "row_filter", str(wrong)


def in_types(conditions: Sequence[Condition], items: Sequence[ItemLike]) -> tuple[Condition, ...]:
    """Return conditions with their values in the types of their items, as registers hold them. Raises WrongCondition.

    They come as texts; a number is not its text, and a gate that compares the two keeps back the wrong rows.
    """
    known = {item.code: item for item in items}
    found = []
    for one in conditions:
        if one.get("field") not in known or not isinstance(one.get("values"), list):
            raise WrongCondition(_("A condition names an item of this resource, a comparison and values."))
        texts = [str(value) for value in one["values"]]
        found.append(condition_of(known[one["field"]], str(one.get("operator", "")), texts))
    return tuple(found)
