"""Why something about a paper was refused."""

from django.utils.translation import gettext_lazy as _

from tongban.base.errors import Conflict, Gone, Invalid


class NumberTaken(Conflict):
    """The number that was asked for stands on another paper."""

    code = "paper_number_taken"
    message = _("Another paper has this number already.")


class VoidedAlready(Conflict):
    """The paper was voided before."""

    code = "paper_voided_already"
    message = _("This paper was voided already.")


class NothingLeft(Gone):
    """The paper's content was erased after its retention period."""

    code = "paper_erased"
    message = _("What this paper said was erased after its retention period.")


class ReasonNeeded(Invalid):
    """A paper is voided only with a reason."""

    code = "reason_needed"


class WordingRefused(Invalid):
    """A wording has unknown placeholders, or lacks what the paper has to say."""

    code = "wording_refused"


class WordingChanged(Conflict):
    """Somebody else has published a version since the page was opened."""

    code = "wording_changed"
    message = _("A colleague has published another version meanwhile. Please compare, and publish again.")
