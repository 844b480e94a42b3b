"""Forms of requests, answers and disputes. The actions judge what must be there; the forms keep what was typed."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tongban.base.actor import PostHeld
from tongban.base.errors import Invalid
from tongban.base.templatetags.words import bracketed, either, labelled
from tongban.base.web.widgets import DatePartsInput
from tongban.exchange.rules.rows import Condition
from tongban.sharing.actions import Answer
from tongban.sharing.rules.checking import RequestDraft
from tongban.sharing.rules.terms import LIMITS, Policy

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    from tongban.exchange.models import ResourceItem
    from tongban.sharing.models import DataRequest

_SEPARATED = re.compile(r"[\s,，、;；]+")
_NO_DATE = _("Please give the day as year, month and day.")
_NO_NUMBER = _("Please give a whole number.")
_OPERATORS = (
    ("", _("No condition")),
    ("in", _("is one of")),
    ("not_in", _("is none of")),
    ("begins_with", _("begins with")),
    ("at_least", _("is at least")),
    ("at_most", _("is at most")),
)


def _text(label: "_StrOrPromise", *, hint: "_StrOrPromise" = "", longest: int, rows: int = 0) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=longest,
        required=False,
        widget=forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(),
        error_messages={"max_length": _("Please write at most %(limit_value)d characters.")},
    )


def _number(label: "_StrOrPromise", *, hint: "_StrOrPromise" = "", initial: int | None = None) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=hint,
        initial=initial,
        required=False,
        min_value=0,
        max_value=2**31 - 1,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _NO_NUMBER),
    )


def _day(label: "_StrOrPromise", *, hint: "_StrOrPromise" = "") -> forms.DateField:
    return forms.DateField(
        label=label, help_text=hint, required=False, widget=DatePartsInput, error_messages={"invalid": _NO_DATE}
    )


def _choices(label: "_StrOrPromise", *, hint: "_StrOrPromise" = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, help_text=hint, required=False, widget=forms.CheckboxSelectMultiple())


def item_label(item: "ResourceItem") -> str:
    """Return the name of an item with its class of sharing, and the condition or law that goes with it."""
    shown = either(item.name, item.name_en) + bracketed(item.get_sharing_class_display())
    return labelled(shown, item.sharing_condition) if item.sharing_condition else shown


class TypedForm(forms.Form):
    """A form that keeps what was typed and takes in what an action refuses."""

    step = ""
    """What the button sends."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, initial: Mapping[str, Any] | None = None) -> None:
        """Bind what was typed, if it was typed into this form."""
        typed = data if data is not None and (not self.step or data.get("step") == self.step) else None
        super().__init__(
            typed, auto_id=f"{self.step or 'form'}-%s", initial=dict(initial or {}), use_required_attribute=False
        )

    def text(self, name: str) -> str:
        """Return what was typed into a field."""
        return str(self.cleaned_data.get(name) or "")

    def take_in(self, invalid: Invalid) -> None:
        """Show the sentences of an action beside their fields."""
        for name, sentences in invalid.fields.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)

    def condition(self) -> tuple[Condition, ...]:
        """Return the condition that was typed; none when the comparison was left out."""
        operator = self.text("filter_operator")
        if not operator:
            return ()
        values = [one for one in _SEPARATED.split(self.text("filter_values")) if one]
        return ({"field": self.text("row_filter"), "operator": operator, "values": values},)

    def _add_condition(self, items: Iterable["ResourceItem"]) -> None:
        codes = [("", "—"), *((item.code, either(item.name, item.name_en)) for item in items)]
        hint = _("Only records that meet it are given: a district, a kind of record.")
        self.fields["row_filter"] = forms.ChoiceField(
            label=_("Condition: item"), help_text=hint, choices=codes, required=False
        )
        self.fields["filter_operator"] = forms.ChoiceField(
            label=_("Condition: comparison"), choices=_OPERATORS, required=False
        )
        self.fields["filter_values"] = _text(
            _("Condition: values"), hint=_("Several are separated by spaces or commas."), longest=1000
        )


class RequestForm(TypedForm):
    """A new request."""

    post = forms.ChoiceField(label=_("For which office you ask"), required=False)
    fields_wanted = _choices(_("Items"), hint=_("Only what the purpose needs. Each says whether and how it is shared."))
    purpose_words = _text(_("For what the data are needed"), longest=300, rows=2)
    purpose = _text(
        _("Code of the purpose"),
        hint=_("By it your systems name the purpose at each look-up: small letters, digits and underscores."),
        longest=60,
    )
    items_served = _text(
        _("Codes of the matters served"),
        hint=_("Several are separated by spaces. Left empty: all matters of your office."),
        longest=1000,
    )
    basis_law = _text(_("Law"), hint=_("The law by which your office may know these data."), longest=200)
    basis_article = _text(_("Article"), longest=100)
    expected_per_day = _number(_("Look-ups a day, as you expect them"))
    rate_per_minute = _number(_("Look-ups a minute at most"))
    valid_until = _day(_("Until when"))
    reason = _text(
        _("Why it is needed although it is not shared"),
        hint=_("Only where you have chosen an item that is not shared."),
        longest=4000,
        rows=4,
    )
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        posts: Sequence[PostHeld],
        items: Sequence["ResourceItem"],
        like: "DataRequest | None" = None,
    ) -> None:
        """`like`: an earlier request whose content is proposed."""
        initial: dict[str, Any] = {"key": uuid4(), "rate_per_minute": 60, "expected_per_day": 100}
        if like is not None:
            initial |= _content_of(like)
        super().__init__(data, initial=initial)
        self.fields["post"].choices = [(str(post.id), _office(post)) for post in posts]  # type: ignore[attr-defined]  # a choice field
        self.fields["fields_wanted"].choices = [(item.code, item_label(item)) for item in items]  # type: ignore[attr-defined]  # a choice field
        self._add_condition(items)
        if len(posts) == 1:
            self.fields["post"].widget = forms.HiddenInput()
            self.initial["post"] = str(posts[0].id)

    @property
    def key_sent(self) -> UUID:
        """The key of this form: the same click twice is one request."""
        key: UUID | None = self.cleaned_data.get("key")
        return key or uuid4()

    @property
    def post_id(self) -> UUID:
        """The post by which it is asked; one that was not offered is none."""
        return UUID(self.text("post")) if self.text("post") else UUID(int=0)

    def draft(self) -> RequestDraft:
        """Return what was typed, for the action to judge."""
        return RequestDraft(
            fields=tuple(self.cleaned_data.get("fields_wanted") or ()),
            purpose=self.text("purpose"),
            purpose_words=self.text("purpose_words"),
            basis_law=self.text("basis_law"),
            basis_article=self.text("basis_article"),
            valid_until=self.cleaned_data.get("valid_until"),
            rate_per_minute=int(self.cleaned_data.get("rate_per_minute") or 0),
            expected_per_day=int(self.cleaned_data.get("expected_per_day") or 0),
            row_filter=self.condition(),
            items_served=tuple(code for code in _SEPARATED.split(self.text("items_served")) if code),
            reason=self.text("reason"),
        )

    def take_in(self, invalid: Invalid) -> None:
        """What an action calls "fields" is typed into `fields_wanted`: a form has another `fields`."""
        super().take_in(_renamed(invalid))


def _renamed(invalid: Invalid) -> Invalid:
    fields = {("fields_wanted" if name == "fields" else name): said for name, said in invalid.fields.items()}
    return Invalid(fields)


def _office(post: PostHeld) -> str:
    return f"{post.organisation_name} {post.name}"


def _content_of(request: "DataRequest") -> dict[str, Any]:
    content: dict[str, Any] = {
        "fields_wanted": list(request.fields),
        "purpose_words": request.purpose_words,
        "purpose": request.purpose,
        "items_served": " ".join(request.items_served),
        "basis_law": request.basis_law,
        "basis_article": request.basis_article,
        "expected_per_day": request.expected_per_day,
        "rate_per_minute": request.rate_per_minute,
        "reason": request.reason,
        "post": str(request.consumer_post_id),
    }
    for one in request.row_filter[:1]:
        content["row_filter"], content["filter_operator"] = one["field"], one["operator"]
        content["filter_values"] = " ".join(str(value) for value in one["values"])
    return content


class AnswerForm(TypedForm):
    """The answer to a request: all its items are ticked at first."""

    step = "answer"
    granted = _choices(_("Items that are granted"), hint=_("Without any, the whole request is refused."))
    valid_until = _day(_("Until when"), hint=_("Not later than was asked for."))
    rate_per_minute = _number(_("Look-ups a minute at most"))
    reasons = _text(_("Reasons"), hint=_("Needed where not everything is granted."), longest=4000, rows=4)
    law = _text(
        _("Law that the refusal relies on"),
        hint=_("Stands in the public list of refusals. Needed where not everything is granted."),
        longest=200,
    )
    article = _text(_("Article"), longest=100)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, request: "DataRequest", items: Sequence["ResourceItem"]
    ) -> None:
        """Offer the items that are still in the catalogue; those that are not shared are not ticked."""
        initial = {
            "granted": [item.code for item in items if item.sharing_class != "none"],
            "valid_until": request.valid_until,
            "rate_per_minute": request.rate_per_minute,
            "revision": request.case.revision,
        }
        super().__init__(data, initial=initial)
        self.fields["granted"].choices = [(item.code, item_label(item)) for item in items]  # type: ignore[attr-defined]  # a choice field
        self._add_condition(items)

    def answer(self) -> Answer:
        """Return what was typed, for the action to judge."""
        return Answer(
            fields=tuple(self.cleaned_data.get("granted") or ()),
            valid_until=self.cleaned_data.get("valid_until"),
            rate_per_minute=self.cleaned_data.get("rate_per_minute"),
            row_filter=self.condition(),
            reasons=self.text("reasons"),
            law=self.text("law"),
            article=self.text("article"),
        )

    def take_in(self, invalid: Invalid) -> None:
        """What an action calls "fields" is ticked as `granted`."""
        fields = {("granted" if name == "fields" else name): said for name, said in invalid.fields.items()}
        super().take_in(Invalid(fields))


class DisputeForm(TypedForm):
    """Why a refusal is taken to the coordinator."""

    step = "dispute"
    grounds = _text(
        _("Why the data must be given"), hint=_("The coordinator and the other office read it."), longest=4000, rows=4
    )


class OrderForm(TypedForm):
    """The coordinator's decision."""

    step = "decide"
    ordered = _choices(_("Items that must be granted"), hint=_("Without any, the refusal stands."))
    reasons = _text(_("Reasons"), hint=_("Both offices read them."), longest=4000, rows=4)
    law = _text(_("Law"), longest=200)
    article = _text(_("Article"), longest=100)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, revision: int, items: Sequence["ResourceItem"]
    ) -> None:
        """Offer the items that were refused."""
        super().__init__(data, initial={"revision": revision})
        self.fields["ordered"].choices = [(item.code, item_label(item)) for item in items]  # type: ignore[attr-defined]  # a choice field

    def take_in(self, invalid: Invalid) -> None:
        """What an action calls "fields" is ticked as `ordered`."""
        fields = {("ordered" if name == "fields" else name): said for name, said in invalid.fields.items()}
        super().take_in(Invalid(fields))


class ReasonForm(TypedForm):
    """Why unused fields are taken out, or kept."""

    reason = _text(_("Reason"), hint=_("The office that holds the grant reads it."), longest=500, rows=3)


class PolicyForm(TypedForm):
    """What is laid down about requests and grants, in days."""

    unused_days = _number(_("Days without use after which items are proposed for withdrawal"))
    remind_days = _number(_("Days before its end at which the holder of a grant is reminded"))
    longest_days = _number(_("Days for which data may be asked at most"))
    dispute_days = _number(_("Days within which a refusal may be taken to the coordinator"))
    after_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def policy(self) -> Policy:
        """Return what was typed, for the action to judge."""
        return Policy(**{name: int(self.cleaned_data.get(name) or 0) for name in LIMITS})


def saved_words(number: str) -> str:
    """Return what is said after a request was handed in."""
    return gettext("Your request %(number)s is on its way.") % {"number": number}
