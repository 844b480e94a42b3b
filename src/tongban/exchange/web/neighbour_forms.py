"""Forms of the operator's pages: offer a service, allow a client, register a system, search what has passed."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy, pgettext_lazy

from tongban.base.templatetags.words import either
from tongban.base.text import clean_line
from tongban.exchange.rules.xroad.paths import ANY, METHODS
from tongban.exchange.web.fields import line, whole

if TYPE_CHECKING:
    from tongban.exchange.models import Resource

_SEPARATED = re.compile(r"[\s、,，;；]+")


class OfferForm(forms.Form):
    """A service: of a resource through the gate, or at the address of a REST service."""

    subsystem = line(
        gettext_lazy("Code of the subsystem"), gettext_lazy("For example: registers"), longest=100, needed=True
    )
    subsystem_name = line(gettext_lazy("Name of the subsystem"), longest=200)
    code = line(gettext_lazy("Code of the service"), gettext_lazy("For example: population"), longest=100, needed=True)
    name = line(gettext_lazy("Name of the service"), longest=200)
    resource = forms.ChoiceField(
        label=gettext_lazy("Resource that answers, through the gate"),
        help_text=gettext_lazy("Who may ask for which fields is said by grants."),
        required=False,
    )
    address = line(
        gettext_lazy("Or the address of a REST service"),
        gettext_lazy("Without path of a call; who may call what is said by rights below."),
        longest=500,
    )
    timeout_seconds = whole(gettext_lazy("Seconds it may take"), most=60)

    def __init__(self, sent: QueryDict | None, resources: Sequence["Resource"]) -> None:
        """Offer the resources in force."""
        super().__init__(sent, prefix="offer", initial={"timeout_seconds": 10})
        offered = [(str(one.id), either(one.name, one.name_en)) for one in resources]
        self.fields["resource"].choices = [("", "—"), *offered]  # type: ignore[attr-defined]


class AllowForm(forms.Form):
    """A client's right to call a service: method and pattern."""

    client = line(
        gettext_lazy("Client"),
        gettext_lazy("With its subsystem, such as CN/GOV/tingnan/cases."),
        longest=800,
        needed=True,
    )
    method = forms.ChoiceField(
        label=gettext_lazy("Method"), choices=[(ANY, gettext_lazy("any")), *((one, one) for one in sorted(METHODS))]
    )
    path = line(
        gettext_lazy("Path"),
        gettext_lazy("* stands for anything within a segment, ** for anything."),
        longest=300,
        needed=True,
        initial="/**",
    )


class SystemForm(forms.Form):
    """A system of this house, known by its certificate or by the network it is in."""

    client = line(
        pgettext_lazy("data", "Name"),
        gettext_lazy("With its subsystem, such as CN/GOV/yunting/hospital."),
        longest=800,
        needed=True,
    )
    certificate = line(gettext_lazy("SHA-256 of its certificate"), gettext_lazy("64 digits and letters."), longest=95)
    networks = line(gettext_lazy("Or its networks"), gettext_lazy("One a line: 10.1.0.0/16."), longest=2000, rows=2)

    @property
    def known_by(self) -> tuple[str, list[str]]:
        """Its certificate, without the colons of openssl, and its networks."""
        typed = self.cleaned_data
        certificate = clean_line(typed["certificate"]).replace(":", "").replace(" ", "").lower()
        return certificate, [one for one in _SEPARATED.split(typed["networks"]) if one]


WAYS = [
    ("", pgettext_lazy("passage", "All ways")),
    ("in", pgettext_lazy("passage", "From a neighbour to us")),
    ("out", pgettext_lazy("passage", "From a system of ours to a neighbour")),
    ("within", pgettext_lazy("passage", "From a system of ours to us")),
]
OUTCOMES = [
    ("", gettext_lazy("All outcomes")),
    ("passed", pgettext_lazy("passage", "Passed")),
    ("refused", pgettext_lazy("passage", "Refused")),
]
DAYS = [
    ("1", pgettext_lazy("passage", "Last day")),
    ("7", gettext_lazy("Last week")),
    ("30", gettext_lazy("Last month")),
]
