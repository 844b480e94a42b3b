"""How the events of applications are said in histories."""

from django.utils.translation import gettext as _

from tongban.applications.events import RegisterAskedAgain
from tongban.ledger.kinds import Reader, describe


@describe(RegisterAskedAgain)
def _asked_again(event: RegisterAskedAgain, _reader: Reader) -> str:
    if event.outcome == "answered":
        return _("A register was asked again, and answered.")
    return _("A register was asked again, without an answer that could be used.")
