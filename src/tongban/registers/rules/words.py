"""How the events of registers are said in histories."""

from django.utils.translation import gettext as _

from tongban.ledger.kinds import Reader, describe
from tongban.registers import events


@describe(events.RegisterMade)
def _made(event: events.RegisterMade, _reader: Reader) -> str:
    return _("Version %(number)s of the register's schema was laid down.") % {"number": event.schema}


@describe(events.RegisterLoaded)
def _loaded(event: events.RegisterLoaded, _reader: Reader) -> str:
    return _("%(number)s records were loaded.") % {"number": event.records}


@describe(events.RegisterDumped)
def _dumped(event: events.RegisterDumped, _reader: Reader) -> str:
    return _("%(number)s records were written to a file.") % {"number": event.records}


@describe(events.RecordChanged)
def _changed(_event: events.RecordChanged, _reader: Reader) -> str:
    return _("A record in a register was changed.")
