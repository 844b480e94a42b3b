"""What officials are told by supervision. Pure; in the reader's language, which the caller sets."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tongban.base.templatetags.words import date_words, either
from tongban.cases.rules.news import News
from tongban.coordination.rules.table import COLOURS, WATCHES

if TYPE_CHECKING:
    from tongban.cases.models import Case
    from tongban.coordination.models import Finding, Order


def _about(case: "Case") -> dict[str, str]:
    return {"matter": either(case.title, case.title_en), "case": case.number}


def warned(case: "Case", finding: "Finding") -> News:
    """Return the reminder that goes with a warning."""
    values = {
        **_about(case),
        "watch": str(WATCHES[finding.watch]),
        "colour": str(COLOURS[finding.colour]),
        "day": date_words(finding.due_on),
    }
    subject = _("Warning (%(colour)s): %(watch)s, %(case)s") % values
    if finding.due_on is None:
        return News(subject, _("“%(matter)s”, number %(case)s: %(watch)s. Please look at it now.") % values)
    return News(subject, _("“%(matter)s”, number %(case)s: %(watch)s, due %(day)s. Please see to it now.") % values)


def escalated(case: "Case", finding: "Finding") -> News:
    """Return the news to the superior that a warning has stood too long."""
    values = {**_about(case), "watch": str(WATCHES[finding.watch])}
    return News(
        _("Still not mended: %(watch)s, %(case)s") % values,
        _("“%(matter)s”, number %(case)s: %(watch)s. The office was warned and it still stands. Please act.") % values,
    )


def ordered(case: "Case", order: "Order") -> News:
    """Return the news that an order has to be answered, at first or once more."""
    values = {**_about(case), "number": order.number, "day": date_words(order.due_on)}
    return News(
        _("Supervision order %(number)s: please answer by %(day)s") % values,
        _("About “%(matter)s”, number %(case)s. Say what happened and what you do about it.") % values,
        wants_answer=True,
    )


def order_moved(case: "Case", order: "Order") -> News:
    """Return the news that a change of the calendar has moved the day of an order."""
    values = {**_about(case), "number": order.number, "day": date_words(order.due_on)}
    return News(
        _("Supervision order %(number)s is now to be answered by %(day)s") % values,
        _("The calendar was changed. It is about “%(matter)s”, number %(case)s.") % values,
        wants_answer=True,
    )


def withdrawn(case: "Case", order: "Order") -> News:
    """Return the news that an order was issued in error."""
    values = {**_about(case), "number": order.number, "why": order.withdrawn_why}
    return News(
        _("Supervision order %(number)s has been withdrawn: nothing to answer") % values,
        _("It was issued in error and is about “%(matter)s”, number %(case)s. Reason: %(why)s") % values,
    )


def order_late(case: "Case", order: "Order") -> News:
    """Return the news to the superior that an order was not answered in time."""
    values = {**_about(case), "number": order.number, "day": date_words(order.due_on)}
    return News(
        _("Supervision order %(number)s was not answered in time") % values,
        _("It was due on %(day)s and is about “%(matter)s”, number %(case)s. Please see that it is answered.") % values,
        wants_answer=True,
    )


def to_judge(case: "Case", order: "Order") -> News:
    """Return the news to the supervisor that an answer has come."""
    values = {**_about(case), "number": order.number}
    return News(
        _("Supervision order %(number)s has been answered") % values,
        _("About “%(matter)s”, number %(case)s. Please accept the answer or send it back.") % values,
    )
