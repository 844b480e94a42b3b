"""A grant as a form: to whom, which fields, which rows, why and by which law, without a case or not, until when."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.base.clock import midnight
from tongban.base.templatetags.words import either
from tongban.base.text import clean_line
from tongban.base.web.widgets import DatePartsInput
from tongban.exchange.actions import GrantTerms
from tongban.exchange.models import Grant
from tongban.exchange.rules.conditions import OPERATOR_WORDS, WrongCondition, condition
from tongban.exchange.rules.entries import EntryDraft, ItemDraft
from tongban.exchange.web.fields import line, whole
from tongban.exchange.web.rows import changed, number_sent, raw

MOST_CONDITIONS = 10
STANDARD_RATE = 60
FIRST_YEAR, LAST_YEAR = 1949, 2999
LONGEST = timedelta(days=3 * 366)
"""How long a grant lasts at most: who still needs the data then asks again."""
_SEPARATED = re.compile(r"[\s、,，;；]+")


def _day(label: Any, hint: Any = "") -> forms.DateField:  # noqa: ANN401 - lazy words
    """Return a field for a day."""
    sentences = {"required": gettext_lazy("Please give a date."), "invalid": gettext_lazy("There is no such day.")}
    return forms.DateField(
        label=label, help_text=hint, widget=DatePartsInput, error_messages=sentences, validators=[_of_our_time]
    )


def _of_our_time(day: date) -> None:
    """Refuse days at the ends of the calendar: in another zone they are in a year that nobody can read back."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise forms.ValidationError(_("There is no such day."))


class GrantForm(forms.Form):
    """The terms of a grant; the conditions on rows have forms of their own."""

    consumer = forms.ChoiceField(label=gettext_lazy("Office that may ask"), required=False)
    consumer_system = line(
        gettext_lazy("Or a system of another installation"),
        gettext_lazy("Its name in the directory, such as CN/GOV/shanhe/office."),
        longest=200,
    )
    fields_granted = forms.MultipleChoiceField(
        label=gettext_lazy("Information items"),
        help_text=gettext_lazy("Only what the purpose needs. What is not shared is not offered here."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Please choose fields of this resource, each once.")},
    )
    purpose_words = line(gettext_lazy("Purpose"), gettext_lazy("People concerned read it."), longest=300, needed=True)
    purpose = line(
        gettext_lazy("Code of the purpose"),
        gettext_lazy("Small letters, digits and underscores; whoever asks names it: residence_permit."),
        longest=60,
        needed=True,
    )
    basis_law = line(gettext_lazy("Law"), longest=200, needed=True)
    basis_article = line(gettext_lazy("Article"), longest=100, needed=True)
    items_served = line(
        gettext_lazy("Only for these matters"),
        gettext_lazy("Codes of service items with spaces between them. Empty: all."),
        longest=2000,
    )
    standing = forms.ChoiceField(label=gettext_lazy("Without a case"), choices=Grant.Standing.choices, required=False)
    valid_from = _day(gettext_lazy("First day"))
    valid_until = _day(gettext_lazy("Last day"), gettext_lazy("Three years at most."))
    rate_per_minute = whole(gettext_lazy("Look-ups a minute at most"), most=100_000, needed=True)
    number = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ConditionForm(forms.Form):
    """A condition on the rows that may be answered."""

    field = forms.ChoiceField(label=gettext_lazy("Field"), required=False)
    operator = forms.ChoiceField(label=gettext_lazy("Comparison"), choices=OPERATOR_WORDS.items())
    values = line(gettext_lazy("Values"), gettext_lazy("One a line."), longest=4000, rows=2)

    def __init__(
        self, sent: QueryDict | None, *, initial: Mapping[str, Any], prefix: str, items: Sequence[ItemDraft]
    ) -> None:
        """Offer the fields of the resource."""
        super().__init__(sent, initial=dict(initial), prefix=prefix)
        self.items = {item.code: item for item in items}
        offered = [(item.code, either(item.name, item.name_en)) for item in items]
        self.fields["field"].choices = [("", "—"), *offered]  # type: ignore[attr-defined]

    def condition(self) -> dict[str, Any] | None:
        """Return the condition; None where none was wanted, or with a sentence beside what is wrong."""
        typed = self.cleaned_data
        if not typed["field"]:
            if typed["values"].strip():
                self.add_error("field", _("Please choose the field that is compared."))
            return None
        try:
            return condition(self.items[typed["field"]], typed["operator"], typed["values"])
        except WrongCondition as wrong:
            self.add_error(wrong.part, str(wrong))
            return None


class GrantTable:
    """The whole form of a grant."""

    def __init__(
        self, entry: EntryDraft, consumers: Sequence[tuple[str, str]], today: date, sent: QueryDict | None = None
    ) -> None:
        """Show an empty form, or what was sent; a button that adds or takes out a condition judges nothing."""
        self.step = str(sent.get("step", "give")) if sent else ""
        self.is_judged = self.step == "give"
        bound = sent if self.is_judged else None
        initial: dict[str, Any] = {
            "valid_from": today, "valid_until": date(today.year + 1, today.month, min(today.day, 28)),
            "rate_per_minute": STANDARD_RATE,
        }  # fmt: skip
        rows: list[dict[str, Any]] = []
        if sent is not None:
            places = range(min(number_sent(sent, "grant-number"), MOST_CONDITIONS))
            rows = [raw(ConditionForm, sent, f"condition-{place}") for place in places]
            rows = changed(rows, self.step, most=MOST_CONDITIONS)
            initial = initial if self.is_judged else raw(GrantForm, sent, "grant")
        self.whole = GrantForm(bound, initial={**initial, "number": len(rows)}, prefix="grant")
        self.conditions = [
            ConditionForm(bound, initial=row, prefix=f"condition-{place}", items=entry.items)
            for place, row in enumerate(rows)
        ]
        offered = [item for item in entry.items if item.sharing_class != "none"]
        choosing = self.whole.fields["fields_granted"]
        choosing.choices = [(item.code, either(item.name, item.name_en)) for item in offered]  # type: ignore[attr-defined]
        choosing.option_hints = {item.code: item.sharing_condition for item in offered}  # type: ignore[attr-defined]
        self.whole.fields["consumer"].choices = [("", "—"), *consumers]  # type: ignore[attr-defined]

    @property
    def all_forms(self) -> list[forms.Form]:
        """All parts, for the summary of errors."""
        return [self.whole, *self.conditions]

    @property
    def is_full(self) -> bool:
        """Whether no condition more is taken."""
        return len(self.conditions) >= MOST_CONDITIONS

    def terms(self, resource_id: UUID) -> GrantTerms | None:
        """Return the terms that were sent; None, with sentences beside the fields, if they are not right."""
        if not all([form.is_valid() for form in self.all_forms]):  # noqa: C419 - each of them looks at its fields
            return None
        conditions = [form.condition() for form in self.conditions]
        typed = self.whole.cleaned_data
        if typed["valid_until"] - typed["valid_from"] > LONGEST:
            self.whole.add_error("valid_until", _("A grant lasts three years at most."))
        if any(form.errors for form in self.all_forms):
            return None
        return GrantTerms(
            resource_id=resource_id,
            consumer_id=UUID(typed["consumer"]) if typed["consumer"] else None,
            consumer_system=clean_line(typed["consumer_system"]),
            fields=tuple(typed["fields_granted"]),
            row_filter=[one for one in conditions if one is not None],
            purpose=clean_line(typed["purpose"]),
            purpose_words=typed["purpose_words"],
            basis_law=typed["basis_law"],
            basis_article=typed["basis_article"],
            items_served=tuple(filter(None, _SEPARATED.split(typed["items_served"]))),
            standing=typed["standing"],
            valid_from=midnight(typed["valid_from"]),
            valid_until=midnight(typed["valid_until"] + timedelta(days=1)),
            rate_per_minute=typed["rate_per_minute"],
        )

    def take_in(self, wrong: Mapping[str, Sequence[str]]) -> None:
        """Show what the action found wrong beside the fields."""
        for name, sentences in wrong.items():
            field = {"fields": "fields_granted"}.get(name, name)
            for sentence in sentences:
                self.whole.add_error(field if field in self.whole.fields else None, sentence)
