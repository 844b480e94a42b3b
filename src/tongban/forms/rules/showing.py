"""Answers in words: for the page that reviews them, for officials, for papers; and answers known beforehand."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongban.base.identifiers import IDENTITY_KINDS
from tongban.base.money import yuan_words
from tongban.base.text import mask
from tongban.forms.rules.checking import in_words, label_of, visible_fields
from tongban.forms.rules.conditions import Answers, Context
from tongban.forms.rules.document import FormDocument, FormField
from tongban.forms.rules.typed import Typed, keepable, typed_for

Sight = Literal["masked", "contact", "full"]
"""How much of a number is shown: its ends; telephone numbers whole, for whoever works on the case; everything."""

_CONTACT = {"mobile": (3, 4), "phone": (3, 4)}
_SECRET = {"resident_id": (3, 4), "identity": (3, 4), "bank_account": (4, 4)}
"""Type or format of a field → how many characters at either end are shown while it is masked."""


class ShownRow(NamedTuple):
    """A question and its answer in words; personal data is marked."""

    key: str
    label: str
    words: str
    is_personal: bool
    is_masked: bool = False


class ShownStep(NamedTuple):
    """A step and what was answered in it."""

    key: str
    title: str
    rows: list[ShownRow]


def shown(
    document: FormDocument, values: Answers, context: Context, language: str = "", *, sight: Sight = "masked"
) -> list[ShownStep]:
    """Return the answers in words, step by step; questions not asked, or left open, are left out.

    Numbers of identity papers, bank accounts and telephones are masked as far as `sight` says.
    """
    with translation.override(language or translation.get_language()):
        asked = {field.key for field in visible_fields(document, values, context)} & values.keys()
        steps = [
            ShownStep(
                step.key,
                in_words(step.title, step.title_en),
                [_row(field, values[field.key], sight=sight) for field in step.fields if field.key in asked],
            )
            for step in document.steps
        ]
    return [step for step in steps if step.rows]


def _row(field: FormField, value: object, *, sight: Sight) -> ShownRow:
    words = words_of(field, value, sight=sight)
    return ShownRow(field.key, label_of(field), words, field.is_personal, _ends(field, sight) is not None)


def words_of(asked: FormField, value: object, *, sight: Sight = "masked") -> str:
    """Return one answer in words, in the active language."""
    match value:
        case bool():
            return _("Yes") if value else _("No")
        case Mapping():
            return _parts_words(asked, value, sight=sight)
        case list():
            return pgettext("between answers", ", ").join(_option_words(asked, str(one)) for one in value)
        case int() if asked.type == "money":
            return _("%(amount)s yuan") % {"amount": yuan_words(value)}
    return _text_words(asked, keepable(value), sight=sight)


def _text_words(asked: FormField, text: str, *, sight: Sight) -> str:
    if asked.type == "choice":
        return _option_words(asked, text)
    if asked.type == "date":
        return _date_words(text)
    if asked.unit:
        return f"{text} {in_words(asked.unit, asked.unit_en)}"
    return _masked(asked, text, sight)


def _masked(asked: FormField, text: str, sight: Sight) -> str:
    ends = _ends(asked, sight)
    return text if ends is None else mask(text, first=ends[0], last=ends[1])


def _ends(asked: FormField, sight: Sight) -> tuple[int, int] | None:
    """Return how many characters at either end are shown; None when all are."""
    masked = {"masked": _SECRET | _CONTACT, "contact": _SECRET, "full": {}}[sight]
    return masked.get(asked.type) or masked.get(asked.format)


def _option_words(asked: FormField, value: str) -> str:
    for option in asked.options:
        if option.value == value:
            return in_words(option.label, option.label_en)
    return value


def _parts_words(asked: FormField, value: Mapping[str, object], *, sight: Sight) -> str:
    if asked.type == "identity":
        number = keepable(value.get("number"))
        kind = IDENTITY_KINDS.get(keepable(value.get("kind")))
        return f"{kind[1] if kind else ''} {_masked(asked, number, sight)}".strip()
    region, detail = keepable(value.get("region")), keepable(value.get("detail"))
    gap = "" if (translation.get_language() or "zh").startswith("zh") else " "
    return f"{_option_words(asked, region)}{gap}{detail}"


def _date_words(iso: str) -> str:
    parts = iso.split("-")
    if len(parts) != len(("year", "month", "day")) or not all(part.isdigit() for part in parts):
        return iso
    year, month, day = map(int, parts)
    return in_words(f"{year}年{month}月{day}日", iso)


def prefilled(document: FormDocument, known: Mapping[str, object]) -> dict[str, Typed]:
    """Return what is known beforehand, by the `source` of each field: `known` maps "applicant.name" … to a value.

    These are suggestions for the inputs, as if typed: they are judged like anything typed.
    """
    return {
        asked.key: typed_for(asked, {asked.key: known[asked.source]})
        for asked in document.fields()
        if asked.source and known.get(asked.source)
    }
