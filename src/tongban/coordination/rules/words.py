"""The words for what happened in supervision. The applicant hears of it in one sentence, and of nothing inside."""

from django.utils.translation import gettext as _

from tongban.base.templatetags.words import date_words
from tongban.coordination import events
from tongban.coordination.rules.table import COLOURS, WATCHES
from tongban.ledger.kinds import Reader, describe

LATE = frozenset({"step_late", "whole_late", "undelivered", "near_due"})


def _watch(watch: str) -> str:
    return str(WATCHES.get(watch, watch))


def _inside(reader: Reader, words: str) -> str:
    return words if reader == "official" else ""


@describe(events.RulesPublished)
def _rules_published(event: events.RulesPublished, reader: Reader) -> str:
    return _inside(reader, _("Published version %(version)d of the rules of supervision") % {"version": event.version})


@describe(events.WarningRaised)
def _raised(event: events.WarningRaised, reader: Reader) -> str:
    values = {"colour": COLOURS.get(event.colour, event.colour), "watch": _watch(event.watch)}
    return _inside(reader, _("Warning (%(colour)s): %(watch)s") % values)


@describe(events.WarningEnded)
def _ended(event: events.WarningEnded, reader: Reader) -> str:
    values = {"watch": _watch(event.watch)}
    if event.why == "settled":
        return _inside(reader, _("Warning settled by the supervisor: %(watch)s") % values)
    return _inside(reader, _("Warning over: %(watch)s") % values)


@describe(events.WarningEscalated)
def _warning_escalated(event: events.WarningEscalated, reader: Reader) -> str:
    return _inside(reader, _("The superior was told: %(watch)s") % {"watch": _watch(event.watch)})


@describe(events.OrderIssued)
def _issued(event: events.OrderIssued, reader: Reader) -> str:
    if reader == "applicant":
        if event.watch in LATE:
            return _("The delay is being looked into by the supervising office")
        return _("The supervising office is looking into how this matter is handled")
    values = {"number": event.number, "day": date_words(event.due_on)}
    return _("Supervision order %(number)s, to be answered by %(day)s") % values


@describe(events.OrderAnswered)
def _answered(event: events.OrderAnswered, reader: Reader) -> str:
    return _inside(reader, _("Answered the supervision order %(number)s") % {"number": event.number})


@describe(events.OrderSentBack)
def _sent_back(event: events.OrderSentBack, reader: Reader) -> str:
    values = {"number": event.number, "day": date_words(event.due_on)}
    return _inside(reader, _("Sent back the answer to %(number)s; a new one is due by %(day)s") % values)


@describe(events.OrderClosed)
def _closed(event: events.OrderClosed, reader: Reader) -> str:
    words = _("Accepted the answer and closed the supervision order %(number)s")
    return _inside(reader, words % {"number": event.number})


@describe(events.OrderWithdrawn)
def _withdrawn(event: events.OrderWithdrawn, reader: Reader) -> str:
    if reader == "applicant":
        return _("The supervising office no longer looks into this matter")
    return _("Withdrew the supervision order %(number)s: issued in error") % {"number": event.number}


@describe(events.OrderMoved)
def _moved(event: events.OrderMoved, reader: Reader) -> str:
    values = {"number": event.number, "day": date_words(event.due_on)}
    return _inside(reader, _("%(number)s is now to be answered by %(day)s: the calendar was changed") % values)


@describe(events.OrderEscalated)
def _order_escalated(event: events.OrderEscalated, reader: Reader) -> str:
    return _inside(
        reader, _("Supervision order %(number)s not answered in time: the superior was told") % {"number": event.number}
    )
