"""Forms of what moves the clocks: special procedures, suspension by law, resumption, extension, a superior's word."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tongban.base.errors import Invalid
from tongban.base.web.fields import NeededChoice, NeededNumber, text_field
from tongban.cases.kinds import Target, TermLimit
from tongban.cases.models import Suspension
from tongban.cases.rules.words import PROCEDURES
from tongban.cases.web.forms import StepForm, SupplementForm

UNITS = (
    ("working_day", _("working days")),
    ("calendar_day", _("calendar days")),
    ("month", _("months")),
)
LONGEST_PROCEDURE = 3650
"""No special procedure is expected to take more than ten years of any unit."""
ALLOWED, NOT_ALLOWED = "granted", "refused"


class ProcedureForm(StepForm):
    """Begin a special procedure: which, why, and how long it takes."""

    procedure = NeededChoice(label=_("Special procedure"))
    ground = text_field(
        _("Why it is needed and what is done"), hint=_("It is printed on the applicant's notice."), rows=3, longest=4000
    )
    expected = NeededNumber(
        label=_("How long it will take"),
        help_text=_("The applicant is told this length in writing; it does not count in the limit."),
        min_value=1,
        max_value=LONGEST_PROCEDURE,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-5"}),
        error_messages={
            "invalid": _("Please type a whole number such as 10."),
            "min_value": _("Please type a number above 0."),
            "max_value": _("Please type a smaller number."),
        },
    )
    unit = NeededChoice(label=_("Counted in"), choices=UNITS, initial="working_day")

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        procedures: Iterable[str] = (),
        **kwargs: Any,  # noqa: ANN401 - those of StepForm
    ) -> None:
        """Offer the special procedures of the case's table."""
        super().__init__(data, **kwargs)
        offered = [("", _("Please choose")), *((name, PROCEDURES.get(name, name)) for name in procedures)]
        self.fields["procedure"].choices = offered  # type: ignore[attr-defined]  # of a choice field

    def length(self) -> TermLimit | None:
        """Return how long it takes; None while it is not said."""
        value = self.cleaned_data.get("expected")
        return TermLimit(value=value, unit=self.text("unit") or "working_day") if value else None  # type: ignore[arg-type]  # one of UNITS


class SuspensionForm(StepForm):
    """Suspend because a law orders it."""

    ground = text_field(
        _("Why the case cannot go on"), hint=_("It is printed on the applicant's notice."), rows=3, longest=4000
    )
    basis = text_field(_("Legal ground"), hint=_("The law and its article."), longest=500)


class ResumptionForm(StepForm):
    """Say what came of a procedure, or why a suspension is over."""

    suspension = forms.UUIDField(widget=forms.HiddenInput, required=False)
    outcome = text_field(_("What came of it"), hint=_("It is printed on the applicant's notice."), rows=2, longest=4000)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        standing: Suspension | None = None,
        **kwargs: Any,  # noqa: ANN401 - those of StepForm
    ) -> None:
        """Be about one suspension; several forms of the kind stand on one page."""
        if standing is not None:
            kwargs["prefix"] = f"{kwargs['prefix']}-{standing.id}"
        super().__init__(data, **kwargs)
        self.standing = standing
        if standing is not None:
            self.fields["suspension"].initial = standing.id

    def suspension_id(self) -> UUID:
        """Return which suspension is over; raises Invalid."""
        found: UUID | None = self.cleaned_data.get("suspension")
        if found is None:
            raise Invalid({"outcome": [_("Please choose again what is over.")]})
        return found


class ExtensionForm(StepForm):
    """Ask the head for more time."""

    reasons = text_field(
        _("Reasons"), hint=_("Your superior decides by them; the applicant reads them."), rows=3, longest=4000
    )


class ApprovalForm(StepForm):
    """A superior's word."""

    answer = NeededChoice(
        label=_("Your word"),
        choices=((ALLOWED, _("Allow it")), (NOT_ALLOWED, _("Do not allow it"))),
        widget=forms.RadioSelect,
    )
    word = text_field(
        _("A word to the official"), hint=_("Needed if you do not allow it."), rows=2, longest=4000, needed=False
    )

    @property
    def is_allowed(self) -> bool:
        """Whether it is allowed; raises Invalid while nothing is chosen."""
        chosen = self.text("answer")
        if not chosen:
            raise Invalid({"answer": [_("Please choose whether you allow it.")]})
        return chosen == ALLOWED


class LaterSupplementForm(SupplementForm):
    """Ask for what is missing in a second round: what could have been named at first needs a superior's word."""

    reasons = text_field(
        _("Reasons for asking only now"),
        hint=_("Needed for points marked “could have been named at first”. Your superior and the applicant read them."),
        rows=3,
        longest=4000,
        needed=False,
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        targets: Iterable[Target] = (),
        named: Iterable[tuple[str, str]] = (),
        **kwargs: Any,  # noqa: ANN401 - those of StepForm
    ) -> None:
        """Mark each target that was not `named` in an earlier round."""
        super().__init__(data, targets=targets, **kwargs)
        known = set(named)
        self.late = {target.value for target in self.targets if (target.kind, target.key) not in known}
        for value in self.late:
            field = self.fields[f"point-{value}"]
            field.label = format_lazy(_("{name} (could have been named at first)"), name=field.label)
        self.order_fields(["revision", *(name for name in self.fields if name not in {"reasons", "word"}), "reasons"])

    @property
    def asks_late(self) -> bool:
        """Whether a point is among them that needs a superior's word."""
        return any(f"{point.target_kind}:{point.target_key}" in self.late for point in self.points())
