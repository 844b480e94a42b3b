"""The table of clocks as a form: one part for each clock, and what holds for all of them."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from tongban.base.templatetags.words import limit_words
from tongban.base.web.fields import NeededText
from tongban.cases.kinds import CLOCKS
from tongban.cases.models import Suspension, Task
from tongban.cases.rules.clock_table import PASSED_ON, ClockRule, ClockRules

OTHERS = "others"
UNITS = [
    ("working_day", _("working days")),
    ("calendar_day", _("calendar days")),
    ("hour", _("hours")),
    ("working_hour", _("working hours")),
    ("month", _("months")),
    ("on_the_spot", _("on the spot")),
]
BEGINS = [
    ("receipt", _("receipt")),
    ("acceptance", _("acceptance")),
    ("decision", _("decision")),
    ("step", _("a step of the review")),
]
OWN = [
    ("", _("none: only the law's")),
    ("statutory", _("statutory limit of the matter")),
    ("promised", _("promised limit of the matter")),
    ("policy", _("internal limit of the matter")),
    ("validity", _("last day of the permit to be renewed")),
]
AT_END = [("", _("nothing")), ("deemed_accepted", _("deemed accepted")), ("deemed_renewed", _("deemed renewed"))]
STEPS = [*Task.Kind.choices, (PASSED_ON, _("Acceptance where it was passed on to"))]
LIMITS = ("limit", "extension", "joint", "joint_extension")
SIMPLE = ("kind", "begins", "own", "told", "stops", "waits_for_fees", "fallback", "at_end")
PARTS = ("value", "unit", "basis", "times")
ADDED = 1
"""Empty parts at the end of the form, for a clock that is added; a button adds more."""
MOST = 30
"""Clocks in one table."""


def _number(label: Any) -> forms.IntegerField:  # noqa: ANN401 - lazy words
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=1000,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "invalid": _("Please write a whole number."),
            "min_value": _("Please write a number from 0 to 1000."),
            "max_value": _("Please write a number from 0 to 1000."),
        },
    )


class ClockForm(forms.Form):
    """One clock of the table. Left without a kind it is taken out."""

    kind = forms.ChoiceField(label=_("Clock"), required=False)
    begins = forms.ChoiceField(label=_("Begins with"), choices=BEGINS)
    steps = forms.MultipleChoiceField(
        label=_("Steps that have it"),
        help_text=_("Only for a limit of the step, which begins with a step."),
        choices=STEPS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    own = forms.ChoiceField(label=_("Limit of the matter that comes first"), choices=OWN, required=False)
    limit_value = _number(_("Limit by law"))
    limit_unit = forms.ChoiceField(label=_("Unit"), choices=UNITS, required=False)
    limit_basis = forms.CharField(label=_("Legal basis"), required=False, max_length=500)
    told = forms.BooleanField(label=_("The applicant is told"), required=False)
    stops = forms.BooleanField(label=_("Special procedures and suspensions stop it"), required=False)
    waits_for_fees = forms.BooleanField(
        label=_("After the decision, an unpaid fee stops it"),
        help_text=_("Only for a limit that begins with the decision."),
        required=False,
    )
    fallback = forms.BooleanField(label=_("Only where no other clock begins with it"), required=False)
    extension_value = _number(_("May be extended by"))
    extension_unit = forms.ChoiceField(label=_("Unit"), choices=UNITS[:-1], required=False)
    extension_times = _number(_("How often"))
    extension_basis = forms.CharField(label=_("Legal basis of the extension"), required=False, max_length=500)
    joint_value = _number(_("Limit where several offices handle it together"))
    joint_unit = forms.ChoiceField(label=_("Unit"), choices=UNITS, required=False)
    joint_basis = forms.CharField(label=_("Legal basis of the joint limit"), required=False, max_length=500)
    joint_extension_value = _number(_("The joint limit may be extended by"))
    joint_extension_unit = forms.ChoiceField(label=_("Unit"), choices=UNITS[:-1], required=False)
    joint_extension_times = _number(_("How often"))
    joint_extension_basis = forms.CharField(
        label=_("Legal basis of extending the joint limit"), required=False, max_length=500
    )
    at_end = forms.ChoiceField(label=_("What the law deems when it is over"), choices=AT_END, required=False)

    def __init__(self, sent: Mapping[str, Any] | None, *, initial: Mapping[str, Any], prefix: str) -> None:
        """Offer the kinds of clocks that are registered."""
        super().__init__(sent, initial=dict(initial), prefix=prefix, use_required_attribute=False)
        self.fields["steps"].shown_when = ("begins", ("step",))  # type: ignore[attr-defined]  # read by `ui_field`
        kind = self.fields["kind"]
        kind.choices = [("", _("no clock")), *CLOCKS.items()]  # type: ignore[attr-defined]

    @property
    def summary(self) -> str:
        """The clock in a line, as it stands: which, from when, how long, and by which law."""
        standing = self.initial
        if not standing.get("kind"):
            return str(_("One more clock"))
        parts = [CLOCKS.get(standing["kind"], standing["kind"]), dict(BEGINS)[standing["begins"]]]
        if standing["own"]:
            parts.append(dict(OWN)[standing["own"]])
        if "limit_value" in standing:
            parts += [limit_words(standing["limit_value"], standing["limit_unit"]), standing["limit_basis"]]
        return " · ".join(str(part) for part in parts if part)

    @property
    def is_open(self) -> bool:
        """Whether somebody is at it: its fields stand open, those of the other clocks are folded."""
        return self.is_bound and self.has_changed()

    @property
    def first_fields(self) -> list[forms.BoundField]:
        """The fields that most clocks have."""
        return [field for field in self if not field.name.startswith(("extension", "joint"))]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        """What few clocks have: how they are extended, and the limit of joint handling."""
        return [field for field in self if field.name.startswith(("extension", "joint"))]

    @property
    def has_more(self) -> bool:
        """Whether there is something to see among these."""
        return any(field.errors or (field.value() and not field.name.endswith("unit")) for field in self.more_fields)

    def rule(self) -> ClockRule | None:
        """Return the clock, None where there is none; adds sentences beside the fields that are wrong."""
        typed = self.cleaned_data
        if not typed["kind"]:
            return None
        given = {name: typed[name] for name in SIMPLE} | {"steps": tuple(typed["steps"])}
        for name in LIMITS:
            if typed[f"{name}_value"] is not None:
                parts = {part: typed.get(f"{name}_{part}") for part in PARTS}
                given[name] = {part: value for part, value in parts.items() if value is not None}
        if not self._fits(given):
            return None
        try:
            return ClockRule.model_validate(given)
        except ValidationError as wrong:
            for one in wrong.errors():
                self._take_in([str(part) for part in one["loc"]])
        return None

    def _fits(self, given: Mapping[str, Any]) -> bool:
        """Say what the parts of a clock want of each other."""
        if "limit" not in given and not given["own"]:
            self.add_error("limit_value", _("Please give a limit, or choose one of the matter."))
        of_step = [given["kind"] == "step", given["begins"] == "step", bool(given["steps"])]
        if any(of_step) and not all(of_step):
            words = _("A limit of the step begins with a step and names its steps; no other does.")
            self.add_error("begins" if given["steps"] else "steps", words)
        if given["kind"] == "step" and given["own"]:
            self.add_error("own", _("The matter itself has no limits of steps: its process has them."))
        return not self.errors

    def _take_in(self, place: list[str]) -> None:
        field = "_".join(place)
        self.add_error(field if field in self.fields else None, _("Please look at this again: it cannot be so."))


class TableForm(forms.Form):
    """What holds for all clocks of a type of item."""

    source = NeededText(
        label=_("Law or rule that this table follows"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    supplement_begins_anew = forms.BooleanField(
        label=_("What is sent in later starts the clocks of receipt anew"), required=False
    )
    procedures = forms.MultipleChoiceField(
        label=_("Special procedures whose time does not count"),
        choices=Suspension.Procedure.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    procedures_basis = forms.CharField(label=_("Legal basis of these"), required=False, max_length=500)
    renewal_days = _number(_("Days before the expiry by which a renewal is asked for"))
    after_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    number = forms.IntegerField(widget=forms.HiddenInput, required=False)


class Table:
    """The whole form: the table's own part, and one for each clock."""

    def __init__(self, rules: ClockRules, source: str, version: int, sent: Mapping[str, Any] | None = None) -> None:
        """Show a table as it stands, or as it was sent."""
        own = rules.model_dump(exclude={"clocks"})
        number = _number_of(sent, len(rules.clocks) + ADDED)
        initial = {**own, "source": source, "after_version": version, "number": number}
        self.whole = TableForm(sent, initial=initial, prefix="table", use_required_attribute=False)
        shown = [as_shown(rule) for rule in rules.clocks] + [{"stops": True, "waits_for_fees": True}] * MOST
        self.clocks = [
            ClockForm(sent, initial=one, prefix=f"clock-{place}") for place, one in enumerate(shown[:number])
        ]

    @property
    def all_forms(self) -> list[forms.Form]:
        """All parts, for the summary of errors."""
        return [self.whole, *self.clocks]

    def rules(self) -> ClockRules | None:
        """Return the table that was sent; None, with sentences beside the fields, if it is not right."""
        if not all([form.is_valid() for form in self.all_forms]):  # noqa: C419 - each of them looks at its fields
            return None
        rules = [form.rule() for form in self.clocks]
        if any(form.errors for form in self.all_forms):
            return None
        typed = self.whole.cleaned_data
        days = typed["renewal_days"]
        try:
            return ClockRules(
                clocks=tuple(rule for rule in rules if rule is not None),
                supplement_begins_anew=typed["supplement_begins_anew"],
                procedures=tuple(typed["procedures"]),
                procedures_basis=typed["procedures_basis"],
                renewal_days=0 if days is None else days,
            )
        except ValidationError:
            self.whole.add_error(None, _("The same clock begins twice with the same turn. Please take one out."))
        return None


def _number_of(sent: Mapping[str, Any] | None, otherwise: int) -> int:
    typed = str((sent or {}).get("table-number", ""))
    return min(int(typed), MOST) if typed.isascii() and typed.isdigit() and len(typed) < MOST else otherwise


def with_one_more(sent: QueryDict) -> QueryDict:
    """Return what was sent with an empty clock more at the end."""
    number = _number_of(sent, 0)
    more = sent.copy()
    if number < MOST:
        more["table-number"] = str(number + 1)
        more[f"clock-{number}-begins"], more[f"clock-{number}-stops"] = "receipt", "on"
        more[f"clock-{number}-waits_for_fees"] = "on"
    return more


def as_shown(rule: ClockRule) -> dict[str, Any]:
    """Return a rule as the form shows it."""
    shown: dict[str, Any] = {name: getattr(rule, name) for name in SIMPLE} | {"steps": list(rule.steps)}
    for name in LIMITS:
        limit = getattr(rule, name)
        if limit is not None:
            shown |= {f"{name}_{part}": value for part, value in limit.model_dump().items()}
    return shown
