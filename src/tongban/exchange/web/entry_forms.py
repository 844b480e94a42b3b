"""An entry of the catalogue as a form: its elements, and one part for each information item.

Items are added, moved and taken out by buttons that send the form: no script is needed, and nothing typed is lost.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tongban.base.text import clean_line, clean_lines, narrow
from tongban.exchange.models.catalogue import OpeningClass, ResourceItem, ResourceVersion, SharingClass, SubjectKind
from tongban.exchange.rules.entries import EntryDraft, ItemDraft, item_problems
from tongban.exchange.web.fields import line, whole
from tongban.exchange.web.rows import changed, number_sent, raw

MOST_ROWS = 60
"""Items on one page: with more, what a browser sends would be more fields than the server takes."""
MARKS = {
    "is_key": gettext_lazy("Key"),
    "is_required": pgettext_lazy("data", "Required"),
    "is_sensitive": gettext_lazy("Sensitive: stored sealed, never opened to everybody"),
    "is_lead": gettext_lazy("This office answers for the datum: one datum, one source"),
}
_NUMBERS = frozenset("NYBIF")
_SEPARATED = re.compile(r"[\s、,，;；]+")
JUDGED = frozenset({"save", "submit"})
LONGEST_LIST = 8000


class EntryForm(forms.Form):
    """The elements of an entry; the items have forms of their own."""

    provider = forms.ChoiceField(label=gettext_lazy("Provided by"), required=False)
    name = line(pgettext_lazy("data", "Name"), longest=200, needed=True)
    name_en = line(gettext_lazy("Name in English"), longest=200)
    slug = line(
        gettext_lazy("Short name"),
        gettext_lazy("Stands in addresses and calls: small letters, digits and hyphens. It never changes."),
        longest=60,
        needed=True,
    )
    code = line(
        pgettext_lazy("data", "Code"),
        gettext_lazy("Class 1 digit, item 2, sub-item 3, detail; a slash; the serial number: 101001001/1."),
        longest=40,
        needed=True,
    )
    subject_kind = forms.ChoiceField(label=gettext_lazy("About"), choices=SubjectKind.choices, required=False)
    summary = line(gettext_lazy("Summary"), longest=2000, needed=True, rows=3)
    classification = forms.ChoiceField(
        label=gettext_lazy("Class"), choices=ResourceVersion.Classification.choices, initial="department"
    )
    category = line(
        gettext_lazy("Class, item, sub-item, detail in words"),
        gettext_lazy("For example: Basic/Population/Natural persons/Registration"),
        longest=200,
        needed=True,
    )
    division = line(gettext_lazy("Division of the office"), longest=100)
    format = forms.ChoiceField(label=gettext_lazy("Format"), choices=ResourceVersion.Format.choices, initial="database")
    sharing_way = forms.ChoiceField(
        label=gettext_lazy("Way of sharing"), choices=ResourceVersion.Way.choices, initial="interface"
    )
    update_cycle = forms.ChoiceField(
        label=gettext_lazy("Update cycle"),
        help_text=gettext_lazy("It is compared with the day of the last real change."),
        choices=ResourceVersion.Cycle.choices,
        initial="daily",
    )
    related_codes = line(
        gettext_lazy("Codes of related resources"), gettext_lazy("Several with spaces between them."), longest=1000
    )
    seen = forms.UUIDField(required=False, widget=forms.HiddenInput)
    number = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ItemForm(forms.Form):
    """One information item."""

    name = line(gettext_lazy("Name of the item"), longest=100, needed=True)
    name_en = line(gettext_lazy("Name in English"), longest=100)
    code = line(
        gettext_lazy("Code of the item"),
        gettext_lazy("Small letters, digits and underscores: birth_date."),
        longest=60,
        needed=True,
    )
    type = forms.ChoiceField(label=gettext_lazy("Type"), choices=ResourceItem.Type.choices)
    length = whole(gettext_lazy("Length at most"), most=1_000_000)
    marks = forms.MultipleChoiceField(
        label=gettext_lazy("Marks"), choices=MARKS.items(), required=False, widget=forms.CheckboxSelectMultiple
    )
    sharing_class = forms.ChoiceField(
        label=gettext_lazy("Sharing with other offices"), choices=SharingClass.choices, initial="conditional"
    )
    sharing_condition = line(
        gettext_lazy("Conditions of sharing, or the law of the refusal"),
        gettext_lazy("Whoever does not share names the law and its article."),
        longest=500,
    )
    opening_class = forms.ChoiceField(
        label=gettext_lazy("Opening to everybody"), choices=OpeningClass.choices, initial="none"
    )
    opening_condition = line(gettext_lazy("Conditions of opening"), longest=500)
    datum = line(
        gettext_lazy("Datum"),
        gettext_lazy("What it tells across all resources, such as person.name: so that one office answers for it."),
        longest=60,
    )
    code_list = line(
        gettext_lazy("List of codes"),
        gettext_lazy("One a line: the value, a space, what it means. Empty: anything."),
        longest=LONGEST_LIST,
        rows=3,
    )

    @property
    def summary(self) -> str:
        """The item in a line."""
        said = [self["name"].value(), self["code"].value()]
        words = " ".join(str(one) for one in said if one)
        return words or str(_("New item"))

    @property
    def is_open(self) -> bool:
        """Whether its fields stand open: it is new, or something is wrong with it."""
        return bool(self.errors) or not self["code"].value()

    def item(self) -> ItemDraft:
        """Return the item that was typed; adds sentences beside the fields that are wrong."""
        typed = self.cleaned_data
        texts = ("code", "name", "name_en", "type", "sharing_class", "sharing_condition", "opening_class")
        said: dict[str, Any] = {name: clean_line(typed[name]) for name in (*texts, "opening_condition", "datum")}
        marks: dict[str, Any] = {mark: mark in typed["marks"] for mark in MARKS}
        item = ItemDraft(**said, **marks, length=typed["length"], code_list=self._codes())
        for name, sentence in item_problems(item):
            self.add_error(name, sentence)
        return item

    def _codes(self) -> tuple[Mapping[str, Any], ...]:
        found: list[Mapping[str, Any]] = []
        for said in clean_lines(self.cleaned_data["code_list"]).split("\n"):
            if not said:
                continue
            value, _space, label = said.partition(" ")
            try:
                kept = _number(value) if self.cleaned_data["type"] in _NUMBERS else value
            except ValueError:
                self.add_error("code_list", _("The values of this type are numbers."))
                return ()
            found.append({"value": kept, "label": label.strip() or value})
        if len({one["value"] for one in found}) < len(found):
            self.add_error("code_list", _("A value stands in the list twice."))
        return tuple(found)


def _number(text: str) -> int | float:
    value = float(narrow(text))
    if not math.isfinite(value):
        raise ValueError(text)
    return int(value) if value.is_integer() else value


class EntryTable:
    """The whole form of an entry."""

    def __init__(
        self,
        standing: EntryDraft | None,
        *,
        seen: UUID | None = None,
        providers: Sequence[tuple[str, str]] = (),
        sent: QueryDict | None = None,
    ) -> None:
        """Show an entry as it stands, or as it was sent; `providers`: for a new one, the offices to choose from."""
        self.standing, self.step = standing, str(sent.get("step", "save")) if sent else ""
        self.is_judged = self.step in JUDGED
        bound = sent if self.is_judged else None
        rows = [_shown(item) for item in standing.items] if standing else [{}]
        initial: dict[str, Any] = _shown_entry(standing, seen)
        if sent is not None:
            rows = changed(_rows(sent), self.step, most=MOST_ROWS)
            initial |= {} if self.is_judged else raw(EntryForm, sent, "entry")
        self.whole = EntryForm(bound, initial={**initial, "number": len(rows)}, prefix="entry")
        self.items = [ItemForm(bound, initial=row, prefix=f"item-{place}") for place, row in enumerate(rows)]
        self._offer(providers)

    def _offer(self, providers: Sequence[tuple[str, str]]) -> None:
        """What never changes is asked for once, when the entry is begun."""
        if self.standing is None:
            self.whole.fields["provider"].choices = list(providers)  # type: ignore[attr-defined]
            return
        for name in ("provider", "slug", "code", "subject_kind"):
            del self.whole.fields[name]

    @property
    def all_forms(self) -> list[forms.Form]:
        """All parts, for the summary of errors."""
        return [self.whole, *self.items]

    @property
    def entry_fields(self) -> list[forms.BoundField]:
        """The elements that are shown."""
        return list(self.whole.visible_fields())

    @property
    def is_full(self) -> bool:
        """Whether no item more fits on the page."""
        return len(self.items) >= MOST_ROWS

    def entry(self) -> EntryDraft | None:
        """Return the entry that was sent; None, with sentences beside the fields, if it is not right."""
        if not all([form.is_valid() for form in self.all_forms]):  # noqa: C419 - each of them looks at its fields
            return None
        items = [form.item() for form in self.items]
        self._refuse_doubles(items)
        if any(form.errors for form in self.all_forms):
            return None
        typed = self.whole.cleaned_data
        never = asdict(self.standing) if self.standing else typed
        return EntryDraft(
            **{name: clean_line(never[name]) for name in ("slug", "code", "subject_kind")},
            **{name: clean_line(typed[name]) for name in ("name", "name_en", "category", "division")},
            **{name: typed[name] for name in ("classification", "format", "sharing_way", "update_cycle")},
            summary=clean_lines(typed["summary"]),
            related_codes=tuple(filter(None, _SEPARATED.split(typed["related_codes"]))),
            items=tuple(items),
        )

    def _refuse_doubles(self, items: Sequence[ItemDraft]) -> None:
        known: set[str] = set()
        for form, item in zip(self.items, items, strict=True):
            if item.code in known:
                form.add_error("code", _("Each information item has a code of its own."))
            known.add(item.code)

    def take_in(self, wrong: Mapping[str, Sequence[str]]) -> None:
        """Show what an action found wrong, beside the fields where it can be."""
        for name, sentences in wrong.items():
            for sentence in sentences:
                self.whole.add_error(name if name in self.whole.fields else None, sentence)


def _shown_entry(standing: EntryDraft | None, seen: UUID | None) -> dict[str, Any]:
    if standing is None:
        return {}
    shown = {name: getattr(standing, name) for name in EntryForm.base_fields if hasattr(standing, name)}
    return {**shown, "related_codes": " ".join(standing.related_codes), "seen": seen}


def _shown(item: ItemDraft) -> dict[str, Any]:
    shown = {name: getattr(item, name) for name in ItemForm.base_fields if hasattr(item, name)}
    lines = "\n".join(f"{one['value']} {one.get('label', '')}".strip() for one in item.code_list)
    return {**shown, "code_list": lines, "marks": [mark for mark in MARKS if getattr(item, mark)]}


def _rows(sent: QueryDict) -> list[dict[str, Any]]:
    places = range(min(number_sent(sent, "entry-number"), MOST_ROWS))
    return [raw(ItemForm, sent, f"item-{place}") for place in places]
