"""How the events of sharing are said in histories."""

from django.utils.translation import gettext as _

from tongban.ledger.kinds import Reader, describe
from tongban.sharing import events


@describe(events.LookUpQuestioned)
def _questioned(event: events.LookUpQuestioned, _reader: Reader) -> str:
    if event.asked == "objection":
        return _("An objection to a look-up was raised.")
    return _("A question about a look-up was asked.")


@describe(events.CorrectionAsked)
def _asked(_event: events.CorrectionAsked, _reader: Reader) -> str:
    return _("It was said that a register is not right.")


@describe(events.CorrectionMade)
def _made(_event: events.CorrectionMade, _reader: Reader) -> str:
    return _("The register was put right.")


@describe(events.OwnLogRead)
def _read(_event: events.OwnLogRead, _reader: Reader) -> str:
    return _("The person concerned, or somebody who acts for them, read who had looked.")
