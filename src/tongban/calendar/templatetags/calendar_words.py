"""`{% load calendar_words %}`: days, office hours and ways of counting in words."""

from typing import Any

from django.template import Library
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tongban.base.templatetags.ui_content import ui_tag
from tongban.base.templatetags.words import clauses, date_words, labelled, listed
from tongban.base.web.markup import markup
from tongban.calendar.rules import Policy, holiday_words
from tongban.calendar.rules.settling import local_day_of, named_of, set_policy_of

register = Library()
LOCAL_DAY_PARTS = 4


@register.simple_tag
def day_words(is_working: bool, name: str) -> SafeString:  # noqa: FBT001 - what the day is
    """Show what a day is: worked or not, and by which name."""
    tag = ui_tag(_("Worked"), "blue") if is_working else ui_tag(_("Closed"), "red")
    return markup("{} {}", tag, holiday_words(name) if name else "")


@register.filter
def grouped(number: int) -> str:
    """Return a large number as people read it: 1,000,000."""
    return f"{number:,}"


@register.filter
def hours_words(policy: Policy) -> str:
    """Return office hours in words."""
    return listed(f"{begin:%H:%M}–{end:%H:%M}" for begin, end in policy.office_hours)


@register.filter
def counting_words(policy: Policy) -> str:
    """Return in words how days and months are counted."""
    return clauses(
        [
            _("the first day counts") if policy.first_day else _("the first day does not count"),
            _("days close at midnight") if policy.closes == "midnight" else _("days close when offices do"),
            _("a month is thirty days")
            if policy.months == "thirty_days"
            else _("months end on the same day of the month"),
        ]
    )


@register.filter
def entry_words(entry: Any) -> str:  # noqa: ANN401 - an entry of a version: of a notice, a local day, policy values
    """Return an entry of a version in words."""
    if isinstance(entry, dict):
        settled = set_policy_of(entry)
        said = clauses([hours_words(settled.policy), counting_words(settled.policy), settled.basis])
        return labelled(_("From %(day)s") % {"day": date_words(settled.holds_from)}, said)
    named = local_day_of(entry).named if len(entry) == LOCAL_DAY_PARTS else named_of(entry)
    said = clauses([holiday_words(named.name), _("Worked") if named.is_working else _("Closed")])
    return labelled(date_words(named.day), said)
