"""Forms of supervision. What must be there is judged by the actions; the forms keep what was typed."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from tongban.base.errors import Invalid
from tongban.coordination.rules.table import COLOURS, FOLLOWS, TOLD, UNITS, Rules, WatchRule

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


class NeededText(forms.CharField):
    """A text shown as required. Whether it is there is judged by the action, which says so in its own words."""

    def validate(self, value: Any) -> None:  # noqa: ANN401 - Django's signature
        """Let the action judge."""


def _text(label: "_StrOrPromise", *, hint: "_StrOrPromise" = "", longest: int, rows: int = 0) -> NeededText:
    return NeededText(
        label=label,
        help_text=hint,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(),
        error_messages={"max_length": _("Please write at most %(limit_value)d characters.")},
    )


def _number(label: "_StrOrPromise", initial: int, least: int, most: int, *, needed: bool = True) -> forms.IntegerField:
    wrong = ("required", "invalid", "min_value", "max_value")
    return forms.IntegerField(
        label=label,
        initial=initial,
        min_value=least,
        max_value=most,
        required=needed,
        error_messages=dict.fromkeys(wrong, _("Please give a whole number that fits.")),
    )


class TypedForm(forms.Form):
    """A form that keeps what was typed and takes in what an action refuses."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, prefix: str, initial: Any = None) -> None:  # noqa: ANN401 - Django's signature
        """`prefix` keeps the fields of several forms on one page apart."""
        super().__init__(data, auto_id=f"{prefix}-%s", initial=initial, use_required_attribute=False)

    def text(self, name: str) -> str:
        """Return what was typed into a field."""
        return str(self.cleaned_data.get(name) or "")

    def take_in(self, invalid: Invalid) -> None:
        """Show the sentences of an action beside their fields."""
        for name, sentences in invalid.fields.items():
            self.add_error(name if name in self.fields else None, sentences)


class WordForm(TypedForm):
    """The supervisor's word when a warning is settled."""

    word = _text(_("Why no more is needed"), longest=500, rows=2)


class AnswerForm(TypedForm):
    """The answer to an order."""

    words = _text(_("What happened"), longest=4000, rows=4)
    measures = _text(_("What is done about it"), longest=4000, rows=4)


class JudgementForm(TypedForm):
    """What the supervisor says to an answer."""

    word = _text(_("Your word to the office"), hint=_("Needed when you send it back."), longest=4000, rows=3)


class WithdrawForm(TypedForm):
    """Why an order is withdrawn."""

    reason = _text(
        _("Why it was issued in error"), hint=_("The post reads it; it stands on the paper."), longest=300, rows=3
    )


class IssueForm(TypedForm):
    """A new order."""

    demand = _text(_("What is to be explained and mended"), longest=4000, rows=5)
    days = forms.IntegerField(
        label=_("Working days for the answer"),
        initial=3,
        min_value=1,
        max_value=60,
        error_messages={
            name: _("Please give between 1 and 60 working days.")
            for name in ("required", "invalid", "min_value", "max_value")
        },
    )


NUMBERS = ("value", "order_days", "escalate_after")


class RulesForm(TypedForm):
    """The table of rules, one line for each: named `key-field`."""

    source = _text(_("By which rule, or why"), hint=_("Stands in the history."), longest=500)
    known_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, *, base: Rules, version: int) -> None:
        """`base` is the table in force, which is changed."""
        super().__init__(data, prefix="rules", initial={"known_version": version})
        self.base = base
        for rule in base.rules:
            self._add(rule)

    def _add(self, rule: WatchRule) -> None:
        tells = forms.MultipleChoiceField(
            label=_("Who is told"),
            choices=list(TOLD.items()),
            initial=list(rule.tells),
            required=False,
            widget=forms.CheckboxSelectMultiple(),
        )
        units = [(one, UNIT_WORDS[one]) for one in UNITS[rule.watch]]
        order_days = _("Working days for answering the order")
        escalate_after = _("Working days until the superior is told (0: never)")
        fields: dict[str, forms.Field] = {
            "active": forms.BooleanField(label=_("On"), required=False, initial=rule.active),
            "value": _number(_("Threshold"), rule.value, 0, 400, needed=bool(rule.unit)),
            "unit": forms.ChoiceField(
                label=_("Counted in"),
                choices=units,
                initial=rule.unit,
                required=len(units) > 1,
                widget=forms.Select if len(units) > 1 else forms.HiddenInput,
            ),
            "colour": forms.ChoiceField(label=_("Colour"), choices=list(COLOURS.items()), initial=rule.colour),
            "tells": tells,
            "follows": forms.ChoiceField(label=_("What follows"), choices=list(FOLLOWS.items()), initial=rule.follows),
            "order_days": _number(order_days, rule.order_days, 1, 60),
            "escalate_after": _number(escalate_after, rule.escalate_after, 0, 60),
        }
        for name, field in fields.items():
            self.fields[f"{rule.key}-{name}"] = field

    def lines(self) -> Iterator[tuple[WatchRule, dict[str, forms.BoundField]]]:
        """Go through the rules with their fields."""
        for rule in self.base.rules:
            start = f"{rule.key}-"
            yield rule, {name.removeprefix(start): self[name] for name in self.fields if name.startswith(start)}

    def rules(self) -> Rules:
        """Return the table as it was typed; raises Invalid beside the field that does not fit."""
        typed = []
        for rule in self.base.rules:
            start = f"{rule.key}-"
            values = {
                name.removeprefix(start): value for name, value in self.cleaned_data.items() if name.startswith(start)
            }
            values |= {name: values.get(name) or 0 for name in NUMBERS}
            try:
                typed.append(WatchRule.model_validate({"key": rule.key, "watch": rule.watch, **values}))
            except ValidationError as wrong:
                raise Invalid({f"{rule.key}-value": [_("Please give a whole number that fits.")]}) from wrong
        return Rules(rules=tuple(typed))


UNIT_WORDS: dict[str, "_StrOrPromise"] = {
    "working_days": _("working days"),
    "percent": _("percent of the limit"),
    "times": _("times"),
    "characters": _("characters"),
    "": _("at once"),
}
