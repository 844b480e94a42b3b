"""Forms of the case pages. What must be there is judged by the actions; the forms keep what was typed."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tongban.base.errors import Invalid
from tongban.base.money import to_fen
from tongban.base.templatetags.words import money
from tongban.base.web.fields import NeededAmount, NeededChoice, text_field
from tongban.cases.actions import Point
from tongban.cases.kinds import FeeTerm, Target
from tongban.cases.models import Case, Decision, Delivery, Task
from tongban.cases.templatetags.case_words import named

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    from tongban.accounts.models import Official
    from tongban.organisations.models import Organisation, Post

OTHER, NOT_DUE = "other", "not_due"


class StepForm(forms.Form):
    """A form of a step of a case. Whether all is there is judged by the action; the form keeps what was typed."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, prefix: str, revision: int | None = None) -> None:
        """`prefix` keeps the fields of several forms on one page apart; `revision` is that of the page shown."""
        super().__init__(data, auto_id=f"{prefix}-%s", initial={"revision": revision}, use_required_attribute=False)

    @property
    def page_revision(self) -> int | None:
        """The revision of the page from which this was sent."""
        found: int | None = self.cleaned_data.get("revision")
        return found

    def take_in(self, invalid: Invalid) -> None:
        """Show the sentences of a refusal beside their fields."""
        for name, sentences in invalid.fields.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)

    def text(self, name: str) -> str:
        """Return what was typed into a text field."""
        return str(self.cleaned_data.get(name) or "")


class AcceptForm(StepForm):
    """Accept; fees whose amount the guide leaves open are fixed here."""

    word = text_field(_("Remark for colleagues"), rows=2, longest=4000, needed=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        fees: Sequence[FeeTerm] = (),
        may_be_joint: bool = False,
        **kwargs: Any,  # noqa: ANN401 - those of StepForm
    ) -> None:
        """Ask for each open amount: one of the options, or another one; and whether offices handle it together."""
        super().__init__(data, **kwargs)
        self.fees = fees
        if may_be_joint:
            self.fields["joint"] = forms.BooleanField(
                label=_("Several offices handle it together"),
                help_text=_("Then the law gives 45 working days instead of 20."),
                required=False,
            )
        for place, fee in enumerate(fees):
            if fee.amount_fen is None:
                self._ask(place, fee)

    def _ask(self, place: int, fee: FeeTerm) -> None:
        other = _("Another amount") if fee.options else _("The amount is fixed now")
        choices: list[Any] = [
            (str(option.amount_fen), f"{option.label} · {money(option.amount_fen)}") for option in fee.options
        ]
        choices += [(OTHER, other), (NOT_DUE, _("No fee is due in this case"))]
        self.fields[f"fee-{place}"] = NeededChoice(
            label=fee.name, help_text=_stated(fee), choices=choices, widget=forms.RadioSelect
        )
        self.fields[f"fee-{place}-amount"] = NeededAmount(
            label=_("Amount in yuan"),
            help_text=_("For example 120 or 120.50."),
            min_value=Decimal("0.01"),
            max_digits=12,
            decimal_places=2,
            widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            error_messages={
                "invalid": _("Please type an amount such as 120 or 120.50."),
                "min_value": _("Please type an amount above 0, or choose that no fee is due."),
            },
        )
        self.fields[f"fee-{place}-reason"] = text_field(
            _("Why no fee is due"), hint=_("The applicant reads it."), longest=300
        )
        for name, answer in (("amount", OTHER), ("reason", NOT_DUE)):
            self.fields[f"fee-{place}-{name}"].shown_when = (f"fee-{place}", (answer,))  # type: ignore[attr-defined]  # read by ui_field

    def take_in(self, invalid: Invalid) -> None:
        """Show that an amount is missing where it is typed, once it was chosen to type one."""
        chosen = {name for name in invalid.fields if self.cleaned_data.get(name) == OTHER}
        said = {f"{name}-amount" if name in chosen else name: words for name, words in invalid.fields.items()}
        super().take_in(Invalid(said))

    @property
    def is_joint(self) -> bool:
        """Whether it is handled by several offices together."""
        return bool(self.cleaned_data.get("joint"))

    def fee_fields(self) -> list[forms.BoundField]:
        """Return the fields of the open fees, in order."""
        return [self[name] for name in self.fields if name.startswith("fee-")]

    def amounts(self) -> dict[str, int]:
        """Return fen by the name of each open fee that was answered; 0 where none is due."""
        found = {}
        for place, fee in enumerate(self.fees):
            chosen, typed = self.text(f"fee-{place}"), self.cleaned_data.get(f"fee-{place}-amount")
            if chosen == NOT_DUE:
                found[fee.name] = 0
            elif chosen == OTHER and typed is not None:
                found[fee.name] = to_fen(typed)
            elif chosen.isdecimal():
                found[fee.name] = int(chosen)
        return found

    def reasons(self) -> dict[str, str]:
        """Return by the name of each open fee why it is not due."""
        return {fee.name: self.text(f"fee-{place}-reason") for place, fee in enumerate(self.fees)}


class FixFeesForm(AcceptForm):
    """Fix the amounts that a deemed acceptance has left open."""

    word = None  # type: ignore[assignment]  # Django's way to leave a field out


def _stated(fee: FeeTerm) -> "_StrOrPromise":
    """Return what the guide says of the amount, to decide by."""
    if fee.standard:
        return format_lazy(_("The guide says: {standard}"), standard=fee.standard)
    return "" if fee.options else _("The guide does not say how much.")


class SupplementForm(StepForm):
    """Name everything that is missing: a tick and words for each point."""

    word = text_field(_("A word to the applicant"), rows=2, longest=2000, needed=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, targets: Iterable[Target] = (), **kwargs: Any) -> None:  # noqa: ANN401 - those of StepForm
        """Offer each field and material of the application."""
        super().__init__(data, **kwargs)
        self.targets = list(targets)
        for target in self.targets:
            tick, words = f"point-{target.value}", f"words-{target.value}"
            self.fields[tick] = forms.BooleanField(label=target.name, required=False)
            self.fields[words] = text_field(_("What is needed"), rows=2, longest=1000)
            self.fields[words].shown_when = (tick, ("on",))  # type: ignore[attr-defined]  # read by ui_field

    def pairs(self, kind: str) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return tick and words of each target of a kind."""
        return [
            (self[f"point-{target.value}"], self[f"words-{target.value}"])
            for target in self.targets
            if target.kind == kind
        ]

    @property
    def field_pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The fields of the form."""
        return self.pairs("field")

    @property
    def material_pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The materials."""
        return self.pairs("material")

    def points(self) -> list[Point]:
        """Return what was ticked; words without a tick count as a tick."""
        found = []
        for target in self.targets:
            words = self.text(f"words-{target.value}")
            if self.cleaned_data.get(f"point-{target.value}") or words.strip():
                found.append(Point(target.kind, target.key, words))
        return found


class RefuseForm(StepForm):
    """Do not accept."""

    reason = text_field(_("Reason"), hint=_("In words that the applicant understands."), rows=3, longest=4000)
    legal_basis = text_field(_("Legal ground"), hint=_("The law and its article."), rows=2, longest=4000)
    what_else = text_field(
        _("What the applicant can do instead"), hint=_("For example: which office, which matter."), rows=2, longest=4000
    )


class PassOnForm(StepForm):
    """Pass on to the competent office."""

    organisation = NeededChoice(label=_("Competent office"))
    word = text_field(_("A word to the office and the applicant"), rows=2, longest=1000, needed=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        offices: Iterable["Organisation"] = (),
        **kwargs: Any,  # noqa: ANN401 - those of StepForm
    ) -> None:
        """Offer the offices."""
        super().__init__(data, **kwargs)
        offered = [("", _("Please choose")), *((str(office.id), named(office)) for office in offices)]
        self.fields["organisation"].choices = offered  # type: ignore[attr-defined]  # of a choice field

    def organisation_id(self) -> UUID:
        """Return the chosen office; raises Invalid."""
        chosen = self.text("organisation")
        if not chosen:
            raise Invalid({"organisation": [_("Please choose the competent office.")]})
        return UUID(chosen)


class ReviewForm(StepForm):
    """A step of the review: a choice and an opinion."""

    choice = NeededChoice(
        label=_("Your finding"), help_text=_("On whether the application should be granted."), widget=forms.RadioSelect
    )
    opinion = text_field(
        _("Opinion"),
        hint=_("Colleagues and the head read it; it stays in the file."),
        rows=3,
        longest=4000,
        needed=False,
    )
    REASONS_UNLESS_FIRST = _("May be left open if you choose “%(first)s”; any other choice needs your reasons.")

    def __init__(self, data: Mapping[str, Any] | None = None, *, task: Task, **kwargs: Any) -> None:  # noqa: ANN401 - those of StepForm
        """Offer the choices of the step; a step that offers none is simply done."""
        super().__init__(data, **kwargs)
        offered = [(choice["value"], named(choice)) for choice in task.choices]
        if len(offered) > 1:
            self.fields["choice"].choices = offered  # type: ignore[attr-defined]  # of a choice field
            self._ask_for_reasons(str(offered[0][1]))
        else:
            del self.fields["choice"]

    def _ask_for_reasons(self, first: str) -> None:
        """Say that only the first choice, agreement, needs no words; whether they are there is judged by the action."""
        hint = self.REASONS_UNLESS_FIRST % {"first": first}
        self.fields["opinion"] = text_field(_("Opinion"), hint=hint, rows=3, longest=4000)


class DecideForm(StepForm):
    """The decision."""

    outcome = NeededChoice(label=_("Decision"), choices=Decision.Outcome.choices, widget=forms.RadioSelect)
    reasons = text_field(_("Reasons"), hint=_("They are printed on the decision."), rows=4, longest=6000)
    legal_basis = text_field(
        _("Legal ground"),
        hint=_("The law and its article. A refusal needs it; a grant may leave it open."),
        rows=2,
        longest=4000,
    )


class DeliverForm(StepForm):
    """How the papers reached the applicant."""

    way = NeededChoice(
        label=_("How were the papers delivered?"),
        choices=[
            (Delivery.Way.WINDOW.value, Delivery.Way.WINDOW.label),
            (Delivery.Way.POST.value, Delivery.Way.POST.label),
        ],
        widget=forms.RadioSelect,
    )
    handed_to = text_field(
        _("Who took them, and which identity paper was seen"),
        hint=_("For example: the applicant, identity card"),
        longest=200,
    )
    tracking_number = text_field(_("Tracking number"), longest=60)

    def __init__(self, data: Mapping[str, Any] | None = None, *, case: Case, **kwargs: Any) -> None:  # noqa: ANN401 - those of StepForm
        """Propose the way that the applicant has chosen."""
        super().__init__(data, **kwargs)
        way = case.delivery.way
        self.fields["way"].initial = way if way in {"window", "post"} else "window"
        self.fields["handed_to"].shown_when = ("way", ("window",))  # type: ignore[attr-defined]  # read by ui_field
        self.fields["tracking_number"].shown_when = ("way", ("post",))  # type: ignore[attr-defined]  # likewise


class HandOverForm(StepForm):
    """Hand a task over to a colleague or to another post."""

    receiver = NeededChoice(label=_("To whom"))
    word = text_field(_("A word why"), longest=500)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        officials: Iterable["Official"] = (),
        posts: Iterable["Post"] = (),
        **kwargs: Any,  # noqa: ANN401 - those of StepForm
    ) -> None:
        """Offer colleagues of the post, and the other posts of the organisation."""
        super().__init__(data, **kwargs)
        colleagues = [(f"official:{official.id}", official.name) for official in officials]
        beside = [(f"post:{post.id}", named(post)) for post in posts]
        groups: list[Any] = [("", _("Please choose"))]
        groups += colleagues + beside
        self.fields["receiver"].choices = groups  # type: ignore[attr-defined]  # of a choice field

    def chosen(self) -> dict[str, UUID]:
        """Return the receiver as the action takes it."""
        kind, _colon, found = self.text("receiver").partition(":")
        return {f"to_{kind}_id": UUID(found)} if found else {}


class ClaimForm(StepForm):
    """Take or give back; nothing to fill in."""


class AsideForm(StepForm):
    """Stand aside."""

    reason = text_field(_("What is the conflict of interest?"), longest=500)


class SettleForm(StepForm):
    """A fee was paid."""

    receipt_number = text_field(_("Number of the receipt"), longest=60)


class WaiveForm(StepForm):
    """A fee is waived."""

    waive_reason = text_field(_("Reason and ground"), longest=300)


class WithdrawForm(StepForm):
    """The applicant takes the case back."""

    reason = text_field(
        _("Would you tell us why?"),
        hint=_("You need not; it helps us to get better."),
        rows=2,
        longest=500,
        needed=False,
    )


class RatingForm(StepForm):
    """How it was."""

    level = forms.IntegerField(required=False)
    words = text_field(_("Would you like to add something?"), longest=2000, rows=3, needed=False)


class RatingAnswerForm(StepForm):
    """The office's words to a bad rating."""

    answer_hint = _("What you found, and what you do about it. The applicant is sent it and sees it on the page.")
    words = text_field(_("Your answer to the applicant"), hint=answer_hint, longest=2000, rows=4)


class VoidForm(StepForm):
    """Why a paper should not have been issued."""

    reason = text_field(_("Why the paper is voided"), hint=_("The applicant reads it."), rows=2, longest=300)


class CorrectionForm(StepForm):
    """What is wrong on a paper, and why."""

    wrong = text_field(_("Words that are wrong"), hint=_("As they stand on the paper."), longest=200)
    right = text_field(_("What should stand there"), longest=200)
    reason = text_field(_("Why the paper is voided"), hint=_("The applicant reads it."), rows=2, longest=300)
