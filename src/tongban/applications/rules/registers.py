"""What registers are asked for a draft, and what follows from their answers."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from tongban.base import expressions
from tongban.base.money import yuan_words
from tongban.base.templatetags.words import date_words, either, listed
from tongban.exchange.rules.calls import About
from tongban.forms import rules as form_rules

if TYPE_CHECKING:
    from tongban.applications.models import RegisterAnswer
    from tongban.catalogue.kinds import Asking, Guide, Material, Prefill
    from tongban.forms.rules import FormDocument, FormField

ANSWERED = "answered"
GOOD_FOR = timedelta(days=7)
"""Policy: how long an answer stands before it is asked for anew; a case is not decided on what was so months ago."""
ASKED_AGAIN_AFTER = timedelta(minutes=1)
"""After how long a source that was away, or had been asked too often, is asked again when the page is opened."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
PASSING = frozenset({"source_unavailable", "rate_exceeded"})
Context = Mapping[str, object]
Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One look-up: the items of a resource, for a purpose, about somebody."""

    resource: str
    purpose: str
    about: str
    items: tuple[str, ...]

    @property
    def key(self) -> tuple[str, str, str]:
        """Which it is among those of a part."""
        return (self.resource, self.purpose, self.about)


def wanted_of(askings: "Iterable[Asking]", context: Context) -> list[Wanted]:
    """Return the look-ups for what is asked now: one for each resource, purpose and subject, with all its items."""
    items: dict[tuple[str, str, str], list[str]] = {}
    for asking in askings:
        if holds(asking.condition, context):
            items.setdefault((asking.resource, asking.purpose, asking.about), []).extend(asking.codes)
    return [Wanted(*key, tuple(dict.fromkeys(codes))) for key, codes in items.items()]


def prefills_of(guide: "Guide", document: "FormDocument", step_key: str) -> "list[Prefill]":
    """Return what of a guide fills a step of the form; nothing for parts that are no step."""
    own = {one.key for step in document.steps if step.key == step_key for one in step.fields}
    return [prefill for prefill in guide.prefills if prefill.field in own]


def holds(condition: str, context: Context) -> bool:
    """Whether a condition holds; one that looks at what is not there does not."""
    try:
        return expressions.holds(condition, context)
    except expressions.WrongExpression:
        return False


def is_due(row: "RegisterAnswer", now: datetime) -> bool:
    """Whether it is time to ask again."""
    return now - row.looked_at >= (ASKED_AGAIN_AFTER if row.outcome in PASSING else GOOD_FOR)


def answering(rows: "Iterable[RegisterAnswer]", asking: "Asking") -> "RegisterAnswer | None":
    """Return the row that answers what is asked; None when it was not asked, or without success."""
    wanted = (asking.resource, asking.purpose, asking.about)
    for row in rows:
        if (row.resource, row.purpose, row.about) == wanted and set(asking.codes) <= set(row.items):
            return row if row.outcome == ANSWERED else None
    return None


def fitting_records(row: "RegisterAnswer", asking: "Asking", context: Context) -> list[Record]:
    """Return the records that count, of each only the items that are asked for."""
    return [
        {code: record.get(code) for code in asking.codes}
        for record in row.records
        if holds(asking.which, {**context, "answer": record})
    ]


@dataclass(frozen=True, slots=True)
class Fill:
    """A question with the answer that a register gives."""

    value: object
    is_fixed: bool
    row: "RegisterAnswer"
    record: Record
    item: str
    """code of the item that it was read from: where to say that it is not right"""


def fills_of(
    prefills: "Sequence[Prefill]",
    rows: "Sequence[RegisterAnswer]",
    document: "FormDocument",
    values: Mapping[str, object],
    context: Context,
) -> dict[str, Fill]:
    """Return the answers that follow from what registers said, by question.

    What does not fit the question, or stands in several records, fills nothing: the question is asked as ever.
    """
    found: dict[str, list[tuple[Prefill, Fill]]] = {}
    for prefill in prefills:
        fill = _fill(prefill, rows, context)
        if fill is not None:
            found.setdefault(prefill.field, []).append((prefill, fill))
    return {
        key: fill
        for key, parts in found.items()
        if (fill := _whole(document.field(key), parts, document, values, context))
    }


def _fill(prefill: "Prefill", rows: "Sequence[RegisterAnswer]", context: Context) -> Fill | None:
    row = answering(rows, prefill) if holds(prefill.condition, context) else None
    if row is None:
        return None
    records = fitting_records(row, prefill, context)
    value = records[0][prefill.item] if len(records) == 1 else None
    if value is None:
        return None
    said = prefill.values.get(str(value), value)
    return Fill(said, not prefill.editable, row, records[0], prefill.item)


def _whole(
    asked: "FormField",
    parts: "list[tuple[Prefill, Fill]]",
    document: "FormDocument",
    values: Mapping[str, object],
    context: Context,
) -> Fill | None:
    """Return the answer in its normal form; an address of all its parts."""
    prefill, first = parts[0]
    said: object = {one.part: fill.value for one, fill in parts} if prefill.part else first.value
    value = form_rules.fitting(document, asked, said, values, context)
    if value is None:
        return None
    record = {code: one for _prefill, fill in parts for code, one in fill.record.items()}
    return Fill(value, all(fill.is_fixed for _prefill, fill in parts), first.row, record, first.item)


@dataclass(frozen=True, slots=True)
class MaterialTold:
    """What a register says in place of a material."""

    row: "RegisterAnswer"
    record: Record

    @property
    def office(self) -> str:
        """Return the office that answered, in the reader's language."""
        return name_in(self.row.names, "provider")


def name_in(names: Mapping[str, Any], what: str) -> str:
    """Return what the resource or its office ("provider") is called, in the reader's language."""
    chinese, english = names.get(what, ("", ""))
    return either(chinese, english)


def told_for(material: "Material", rows: "Sequence[RegisterAnswer]", context: Context) -> MaterialTold | None:
    """Return what a register says in place of a material; None: it is asked for as ever."""
    asking = material.answered_by
    if asking is None or not material.may_be_spared or not holds(asking.condition, context):
        return None
    row = answering(rows, asking)
    records = fitting_records(row, asking, context) if row is not None else []
    return MaterialTold(row, records[0]) if row is not None and records else None


def named_by(kind: str, value: Any) -> About | None:  # noqa: ANN401 - an answer
    """Return whom an answer names by number; None when it is of another kind."""
    match kind, value:
        case "resident_id", str():
            return About(kind="person", number=value)
        case "identity", {"kind": str(identity_kind), "number": str(number)}:
            return About(kind="person", number=number, identity_kind=identity_kind)
        case "credit_code", str():
            return About(kind="enterprise", number=value)
        case _:
            return None


def told_items(names: Mapping[str, Any], record: Record) -> Iterator[tuple[str, str, str]]:
    """Go through the items of a record: code, name in the reader's language, and what it says."""
    for code, value in record.items():
        chinese, english, kind = names.get("items", {}).get(code, (code, code, ""))
        yield code, either(chinese, english), item_words(value, kind)


LONGEST_SOURCE = 300


def source_words(names: Mapping[str, Any]) -> str:
    """Return office and resource in the language of papers: 云澜市公安局《人口基础信息》."""
    office, resource = (str(names.get(what, ("", ""))[0]) for what in ("provider", "resource"))
    return f"{office}《{resource}》"[:LONGEST_SOURCE] if resource else office


def item_words(value: object, kind: str = "") -> str:  # noqa: PLR0911 - one line for each kind of value
    """Return what an item says, as plain text. `kind` is its type in the catalogue: money (Y) counts in fen."""
    match value:
        case None | "":
            return "—"
        case int() if kind == "Y" and not isinstance(value, bool):
            return str(_("%(amount)s yuan") % {"amount": yuan_words(value)})
        case bool():
            return str(_("Yes") if value else _("No"))
        case str() if _DAY.fullmatch(value):
            return date_words(date.fromisoformat(value))
        case list() | tuple():
            return listed(value)
        case Mapping():
            return listed(f"{name} {said}" for name, said in value.items())
    return str(value)
