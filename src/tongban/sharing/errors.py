"""Why the room refused something."""

from django.utils.translation import gettext_lazy as _

from tongban.base.errors import Conflict, Forbidden, Invalid, TooMany, Unavailable


class NotComplete(Invalid):
    """Something is missing or wrong; `fields` says what."""

    code = "not_complete"


class IdentityNotSeen(Forbidden):
    """Data of a person are shown to somebody whose identity paper an official has seen, and to nobody else."""

    code = "identity_not_seen"
    message = _(
        "Before we show what registers hold, an official must have seen your identity document once, at any window. "
        "Otherwise somebody else could have typed your number."
    )


class NotOpenToYou(Forbidden):
    """There is no own-data view of these data."""

    code = "no_own_view"
    message = _("These data cannot be shown here. The office that keeps them tells you at its window.")


class NothingToAskAbout(Conflict):
    """The own readings of a person are nobody's to explain."""

    code = "own_reading"
    message = _("This was your own reading, or one by somebody who acts for you; there is no office to ask.")


class TooManyQuestions(TooMany):
    """More in a day than one person asks."""

    code = "too_many_questions"


class RegisterAway(Unavailable):
    """The register does not answer."""

    code = "register_away"
    message = _("The register does not answer at the moment. Please try again in a few minutes.")


class ProofNotReady(Conflict):
    """The event has no place in the tree yet."""

    code = "proof_not_ready"
    message = _("The proof is ready in a few seconds. Please try again.")
