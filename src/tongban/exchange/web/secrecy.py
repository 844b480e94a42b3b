"""The page on which the secrecy of one look-up is extended, by an order. Nobody is shown a list of them."""

from datetime import date, timedelta
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.base.clock import midnight, now
from tongban.base.errors import Invalid
from tongban.base.web import actor_of, keeping, kept, official_with
from tongban.exchange import actions, queries

A_DAY = timedelta(days=1)


class ExtensionForm(forms.Form):
    """Until when, and by which order."""

    until = forms.DateField(
        label=gettext_lazy("Secret until the end of"),
        help_text=gettext_lazy("A day such as 2026-12-31."),
        error_messages={
            "required": gettext_lazy("Please choose a day after the one that is laid down already."),
            "invalid": gettext_lazy("This must be a date such as 2026-03-31."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    order = forms.CharField(
        label=gettext_lazy("By whose order, and by which paper"),
        help_text=gettext_lazy("The person reads it once the look-up is opened."),
        max_length=200,
        required=False,
    )

    def clean_until(self) -> date:
        """Return the day; of the last one that there is nobody reckons the next."""
        until: date = self.cleaned_data["until"]
        if until > date.max - A_DAY:
            raise forms.ValidationError(self.fields["until"].error_messages["invalid"])
        return until


@official_with("steward")
@keeping
def extend(request: HttpRequest, look_up_id: UUID) -> HttpResponseBase:
    """Extend the secrecy of a look-up of one's office, before its day."""
    actor, at = actor_of(request), now()
    look_up = queries.secret_look_up_for(actor, look_up_id, at)
    form = ExtensionForm(request.POST if request.method == "POST" else kept(request))
    if request.method == "POST" and form.is_valid():
        until = midnight(form.cleaned_data["until"] + A_DAY)
        try:
            actions.extend_secrecy(
                actor=actor, look_up_id=look_up.id, until=until, order=form.cleaned_data["order"], now=at
            )
        except Invalid as invalid:
            for name, sentences in invalid.fields.items():
                for sentence in sentences:
                    form.add_error(name, sentence)
        else:
            messages.success(request, _("The look-up stays secret for longer."))
            return redirect("exchange:extend-secrecy", look_up.id)
    context = {"look_up": look_up, "until": queries.secret_until(look_up), "form": form}
    return render(request, "exchange/secrecy.html", context, status=422 if form.is_bound else 200)
