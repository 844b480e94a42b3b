"""How the events of applications, and of the enterprises for which people apply, are said in histories."""

from django.utils.translation import gettext as _

from tongban.accounts.events import EnterpriseHandedOver, EnterpriseRegistered, RepresentativeNamed
from tongban.applications.events import RegisterAskedAgain
from tongban.ledger.kinds import Reader, describe
from tongban.organisations.events import MandateGranted, MandateRevoked


@describe(RegisterAskedAgain)
def _asked_again(event: RegisterAskedAgain, _reader: Reader) -> str:
    if event.outcome == "answered":
        return _("A register was asked again, and answered.")
    return _("A register was asked again, without an answer that could be used.")


@describe(EnterpriseRegistered)
def _registered(event: EnterpriseRegistered, _reader: Reader) -> str:
    if event.legal_representative_id is None:
        return _("The enterprise became known; nobody acts for it online yet.")
    return _("The enterprise was registered with a legal representative.")


@describe(RepresentativeNamed)
def _named(_event: RepresentativeNamed, _reader: Reader) -> str:
    return _("A window saw the business licence and the legal representative.")


@describe(EnterpriseHandedOver)
def _handed_over(_event: EnterpriseHandedOver, _reader: Reader) -> str:
    return _("A window handed the enterprise over to the legal representative whom the licence names.")


@describe(MandateGranted)
def _may_act(_event: MandateGranted, _reader: Reader) -> str:
    return _("Another person may act for the enterprise.")


@describe(MandateRevoked)
def _acts_no_more(_event: MandateRevoked, _reader: Reader) -> str:
    return _("A person who was named acts for the enterprise no more.")
