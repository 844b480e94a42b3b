"""How the history of a paper reads."""

from django.utils.translation import gettext as _

from tongban.ledger.kinds import Reader, describe
from tongban.papers.events import PaperErased, PaperIssued, PaperVoided, WordingPublished, WordingWithdrawn
from tongban.papers.kinds import KINDS


@describe(PaperIssued)
def issued(event: PaperIssued, _reader: Reader) -> str:
    """Say which paper was issued."""
    kind = KINDS[event.paper_kind].words if event.paper_kind in KINDS else event.paper_kind
    return _("Issued: %(kind)s %(number)s") % {"kind": kind, "number": event.number}


@describe(PaperVoided)
def voided(event: PaperVoided, _reader: Reader) -> str:
    """Say which paper was voided."""
    return _("Voided: %(number)s") % {"number": event.number}


@describe(PaperErased)
def erased(_event: PaperErased, _reader: Reader) -> str:
    """Say that nothing is left but number and digest."""
    return _("The content was erased after its retention period.")


@describe(WordingPublished)
def wording_published(event: WordingPublished, _reader: Reader) -> str:
    """Say which wording came into force."""
    return _("Version %(version)d of the wording came into force.") % {"version": event.version}


@describe(WordingWithdrawn)
def wording_withdrawn(event: WordingWithdrawn, _reader: Reader) -> str:
    """Say which wording is out of force."""
    return _("Version %(version)d of the wording was withdrawn.") % {"version": event.version}
