"""Entries in words: what a version changes, and the names of its elements."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tongban.base.errors import Words
from tongban.base.templatetags.words import either, listed
from tongban.exchange.models.catalogue import OpeningClass, ResourceItem, ResourceVersion, SharingClass
from tongban.exchange.rules.comparing import Change, changes_between
from tongban.exchange.rules.entries import EntryDraft, ItemDraft
from tongban.exchange.web.entry_forms import EntryForm, ItemForm

_CHOICES: Mapping[str, Mapping[str, Words]] = {
    "classification": dict(ResourceVersion.Classification.choices),
    "format": dict(ResourceVersion.Format.choices),
    "sharing_way": dict(ResourceVersion.Way.choices),
    "update_cycle": dict(ResourceVersion.Cycle.choices),
    "type": dict(ResourceItem.Type.choices),
    "sharing_class": dict(SharingClass.choices),
    "opening_class": dict(OpeningClass.choices),
}
_OTHERS: Mapping[str, Words] = {
    "order": gettext_lazy("Order of the items"),
    "item": gettext_lazy("Information item"),
    "is_key": gettext_lazy("Key"),
    "is_required": pgettext_lazy("data", "Required"),
    "is_sensitive": gettext_lazy("Sensitive"),
    "is_lead": gettext_lazy("This office answers for it"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A change as it is read: where, what it was and what it is; empty where there was or is nothing."""

    where: str
    before: str
    after: str


def told_changes(before: EntryDraft, after: EntryDraft) -> list[Told]:
    """Return what a version says otherwise than another, in words."""
    names = {item.code: either(item.name, item.name_en) for item in (*before.items, *after.items)}
    return [_told(change, names) for change in changes_between(before, after)]


def _told(change: Change, names: Mapping[str, str]) -> Told:
    label = _label(change.element, ItemForm if change.item else EntryForm)
    where = " · ".join(filter(None, (names.get(change.item, ""), label)))
    said = _SAID.get(change.element, _plain)
    return Told(where, said(change.element, change.before), said(change.element, change.after))


def _label(element: str, form: "type[EntryForm | ItemForm]") -> str:
    field = form.base_fields.get(element)
    return str(_OTHERS.get(element, field.label if field else element))


def choice_words(element: str, value: str) -> str:
    """Return a choice of an element in words."""
    return str(_CHOICES[element].get(value, value))


def _plain(element: str, value: object) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if element in _CHOICES:
        return choice_words(element, str(value))
    return "" if value is None else str(value)


def _item(_element: str, value: object) -> str:
    return either(value.name, value.name_en) if isinstance(value, ItemDraft) else ""


def _several(_element: str, value: Any) -> str:  # noqa: ANN401 - a tuple of texts
    return listed(value)


def _codes(_element: str, value: Any) -> str:  # noqa: ANN401 - a list of codes
    return listed(f"{one['value']} {one.get('label', '')}".strip() for one in value)


_SAID: Mapping[str, Callable[[str, Any], str]] = {
    "item": _item,
    "order": _several,
    "related_codes": _several,
    "code_list": _codes,
}
