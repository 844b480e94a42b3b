"""Answers in words: for the page that reviews them, for officials, for papers; and answers known beforehand."""

from collections.abc import Mapping
from typing import NamedTuple

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

_MASKED = {"resident_id": (3, 4), "identity": (3, 4), "mobile": (3, 4), "phone": (3, 4)}


class ShownRow(NamedTuple):
    """A question and its answer in words; personal data is marked."""

    key: str
    label: str
    words: str
    is_personal: bool


class ShownStep(NamedTuple):
    """A step and what was answered in it."""

    key: str
    title: str
    rows: list[ShownRow]


def shown(
    document: FormDocument, values: Answers, context: Context, language: str = "", *, unmasked: bool = False
) -> list[ShownStep]:
    """Return the answers in words, step by step; questions not asked, or left open, are left out.

    Identity and telephone numbers are masked unless `unmasked`.
    """
    with translation.override(language or translation.get_language()):
        asked = {field.key for field in visible_fields(document, values, context)} & values.keys()
        steps = [
            ShownStep(
                step.key,
                in_words(step.title, step.title_en),
                [_row(field, values[field.key], unmasked=unmasked) for field in step.fields if field.key in asked],
            )
            for step in document.steps
        ]
    return [step for step in steps if step.rows]


def _row(field: FormField, value: object, *, unmasked: bool) -> ShownRow:
    return ShownRow(field.key, label_of(field), words_of(field, value, unmasked=unmasked), field.is_personal)


def words_of(asked: FormField, value: object, *, unmasked: bool = False) -> str:
    """Return one answer in words, in the active language."""
    match value:
        case bool():
            return _("Yes") if value else _("No")
        case Mapping():
            return _parts_words(asked, value, unmasked=unmasked)
        case list():
            return pgettext("between answers", ", ").join(_option_words(asked, str(one)) for one in value)
        case int() if asked.type == "money":
            return _("%(amount)s yuan") % {"amount": yuan_words(value)}
    return _text_words(asked, keepable(value), unmasked=unmasked)


def _text_words(asked: FormField, text: str, *, unmasked: bool) -> str:
    if asked.type == "choice":
        return _option_words(asked, text)
    if asked.type == "date":
        return _date_words(text)
    if asked.unit:
        return f"{text} {in_words(asked.unit, asked.unit_en)}"
    return text if unmasked else _masked(asked, text)


def _masked(asked: FormField, text: str) -> str:
    if asked.type not in _MASKED:
        return text
    first, last = _MASKED[asked.type]
    return mask(text, first=first, last=last)


def _option_words(asked: FormField, value: str) -> str:
    for option in asked.options:
        if option.value == value:
            return in_words(option.label, option.label_en)
    return value


def _parts_words(asked: FormField, value: Mapping[str, object], *, unmasked: bool) -> str:
    if asked.type == "identity":
        number = keepable(value.get("number"))
        kind = IDENTITY_KINDS.get(keepable(value.get("kind")))
        return f"{kind[1] if kind else ''} {number if unmasked else _masked(asked, number)}".strip()
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
