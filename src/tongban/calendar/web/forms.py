"""Forms for a year's notice, local days and policy values."""

import re
from datetime import time
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from tongban.base.web.widgets import DatePartsInput
from tongban.calendar.rules import NamedDay, Policy, read_notice
from tongban.calendar.rules.notices import MOST_CHARACTERS
from tongban.calendar.rules.settling import LocalDay, SetPolicy

NO_DATE = _("Please give a day that exists: year, month, day.")
BASIS = _("Basis")
BASIS_HINT = _("The local rule or notice, with its number. It is shown in explanations of time limits.")
NO_BASIS = _("Please name the basis: the local rule or notice with its number.")


class NoticeForm(forms.Form):
    """The days of a year's notice, typed or from a file, and which notice it is."""

    source = forms.CharField(
        label=_("Notice"),
        help_text=_("Its number or address, such as 国办发明电〔2026〕7号"),
        max_length=200,
        error_messages={"required": _("Please name the notice: its number or its address.")},
    )
    days = forms.CharField(
        label=_("Days that the notice names"),
        help_text=_(
            "One line for a day or a span: day, name, 休 (closed) or 班 (worked). For example: "
            "2027-02-05至2027-02-11,春节,休"
        ),
        required=False,
        strip=True,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=_("Or take them from a file"),
        help_text=_(
            "CSV, calendar (ICS) or JSON; it takes the place of the lines above and is shown before anything changes"
        ),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.ics,.json"}),
    )

    def clean_file(self) -> str:
        """Return the text of the file."""
        given = self.cleaned_data["file"]
        return _text(given) if isinstance(given, UploadedFile) else ""

    @property
    def named(self) -> list[NamedDay]:
        """The days that were typed or sent; raises WrongYear."""
        return read_notice(self.cleaned_data.get("file") or self.cleaned_data["days"])


def _text(given: "UploadedFile[Any]") -> str:
    raw = given.read(4 * MOST_CHARACTERS)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return str(raw.decode(encoding))
        except UnicodeDecodeError:
            continue
    raise forms.ValidationError(_("This file is no text that can be read."))


class LocalDayForm(forms.Form):
    """A day that the jurisdiction names itself."""

    day = forms.DateField(
        label=_("Day"), widget=DatePartsInput, error_messages={"required": NO_DATE, "invalid": NO_DATE}
    )
    name = forms.CharField(
        label=_("What day it is"),
        help_text=_("Such as 三月三, or 搬迁闭馆"),
        max_length=40,
        error_messages={"required": _("Please give the day a name of at most 40 characters.")},
    )
    kind = forms.ChoiceField(
        label=_("Do offices work?"),
        choices=[("off", _("Closed: the day does not count as a working day")), ("on", _("They work: it counts"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose whether offices work on that day.")},
    )
    basis = forms.CharField(label=BASIS, help_text=BASIS_HINT, max_length=300, error_messages={"required": NO_BASIS})

    @property
    def local(self) -> LocalDay:
        """The day as it was typed."""
        data = self.cleaned_data
        return LocalDay(data["day"], data["name"], data["kind"] == "on", data["basis"])


_HOURS = re.compile(r"(\d{1,2})[:：](\d{2})\s*(?:-|–|—|~|至|到)\s*(\d{1,2})[:：](\d{2})")


class PolicyForm(forms.Form):
    """What the law leaves open, from a day on."""

    holds_from = forms.DateField(
        label=_("Holds from"),
        help_text=_("For what starts on this day or later; what started before is reckoned as before"),
        widget=DatePartsInput,
        error_messages={"required": NO_DATE, "invalid": NO_DATE},
    )
    office_hours = forms.CharField(
        label=_("Office hours"),
        help_text=_("Such as 9:00-12:00, 13:00-17:00; what comes in at closing time or later counts as the next day"),
        max_length=100,
        error_messages={"required": _("Please give the office hours.")},
    )
    first_day = forms.ChoiceField(
        label=_("Does the first day count?"),
        choices=[
            ("0", _("No, counting begins on the next day (Civil Code, art. 201)")),
            ("1", _("Yes, by a local rule")),
        ],
        widget=forms.RadioSelect,
    )
    closes = forms.ChoiceField(
        label=_("When does a day close?"),
        choices=[("office", _("When offices close (Civil Code, art. 203)")), ("midnight", _("At midnight"))],
        widget=forms.RadioSelect,
    )
    months = forms.ChoiceField(
        label=_("How are months counted?"),
        choices=[
            ("corresponding_day", _("To the same day of a later month (Civil Code, art. 202)")),
            ("thirty_days", _("Thirty days each, by a local rule")),
        ],
        widget=forms.RadioSelect,
    )
    basis = forms.CharField(label=BASIS, help_text=BASIS_HINT, max_length=300, error_messages={"required": NO_BASIS})

    def clean_office_hours(self) -> tuple[tuple[time, time], ...]:
        """Return the spans."""
        typed = self.cleaned_data["office_hours"]
        found = _HOURS.findall(typed)
        wrong = forms.ValidationError(_("Office hours are spans one after the other, such as 9:00-12:00, 13:00-17:00."))
        if not found or re.sub(r"[\s,，、;；和]", "", _HOURS.sub("", typed)):
            raise wrong
        try:
            return tuple(
                (time(int(hour), int(minute)), time(int(to_hour), int(to_minute)))
                for hour, minute, to_hour, to_minute in found
            )
        except ValueError:
            raise wrong from None

    @property
    def settled(self) -> SetPolicy:
        """The values as they were typed."""
        data = self.cleaned_data
        policy = Policy(data["office_hours"], 1 if data["first_day"] == "1" else 0, data["closes"], data["months"])
        return SetPolicy(data["holds_from"], policy, data["basis"])


def hours_typed(policy: Policy) -> str:
    """Return office hours as one would type them."""
    return ", ".join(f"{begin:%H:%M}-{end:%H:%M}" for begin, end in policy.office_hours)


def values_of(policy: Policy) -> dict[str, Any]:
    """Return policy values as the form shows them at first."""
    return {
        "office_hours": hours_typed(policy),
        "first_day": str(policy.first_day),
        "closes": policy.closes,
        "months": policy.months,
    }
