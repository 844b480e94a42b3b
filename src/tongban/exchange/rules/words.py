"""How the events of exchange are said in histories."""

from django.utils.translation import gettext as _

from tongban.exchange import events
from tongban.ledger.kinds import Reader, describe


@describe(events.ResourceDrafted)
def _drafted(event: events.ResourceDrafted, _reader: Reader) -> str:
    return _("Version %(number)s was drafted.") % {"number": event.version}


@describe(events.ResourceSubmitted)
def _submitted(event: events.ResourceSubmitted, _reader: Reader) -> str:
    return _("Version %(number)s was handed in for review.") % {"number": event.version}


@describe(events.ResourceSentBack)
def _sent_back(event: events.ResourceSentBack, _reader: Reader) -> str:
    return _("Version %(number)s was sent back to be mended.") % {"number": event.version}


@describe(events.ResourcePublished)
def _published(event: events.ResourcePublished, _reader: Reader) -> str:
    return _("Version %(number)s was published.") % {"number": event.version}


@describe(events.ResourceWithdrawn)
def _withdrawn(_event: events.ResourceWithdrawn, _reader: Reader) -> str:
    return _("The resource was withdrawn from the catalogue.")


@describe(events.SourceAnsweredMore)
def _answered_more(event: events.SourceAnsweredMore, _reader: Reader) -> str:
    return _("The source answered fields that nobody had asked for. They were cut off: %(fields)s") % {
        "fields": " ".join(event.fields)
    }


@describe(events.GrantGiven)
def _given(_event: events.GrantGiven, _reader: Reader) -> str:
    return _("The grant was given.")


@describe(events.GrantSuspended)
def _suspended(_event: events.GrantSuspended, _reader: Reader) -> str:
    return _("The grant was suspended.")


@describe(events.GrantResumed)
def _resumed(_event: events.GrantResumed, _reader: Reader) -> str:
    return _("The grant may be used again.")


@describe(events.GrantWithdrawn)
def _grant_withdrawn(_event: events.GrantWithdrawn, _reader: Reader) -> str:
    return _("The grant was withdrawn.")


@describe(events.LogRead)
def _log_read(_event: events.LogRead, _reader: Reader) -> str:
    return _("The log of look-ups was read.")
