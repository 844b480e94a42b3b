"""Why the room refused something."""

from django.utils.translation import gettext_lazy as _

from tongban.base.errors import Conflict, Forbidden, Invalid, TooMany, Unavailable


class NotComplete(Invalid):
    """Something is missing or wrong; `fields` says what."""

    code = "not_complete"


class IdentityNotSeen(Forbidden):
    """Data of a person are shown to who was given their account at a window, and to nobody else."""

    code = "identity_not_seen"
    message = _(
        "Before we show what registers hold, please come to any window once with your identity document: there your "
        "account is given to you with your own phone number. Otherwise somebody else could have opened it with the "
        "number of your document."
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


class NotAllowed(Forbidden):
    """Only data stewards ask and answer, only the coordinator decides disputes."""

    code = "not_your_request"
    message = _("Only a data steward of the office concerned may do this.")


class AskedAlready(Conflict):
    """The same office waits for an answer about the same resource and purpose; `number` names that request."""

    code = "asked_already"
    message = _("Your office has asked for these data for this purpose already and waits for the answer.")


class OwnData(Conflict):
    """An office does not ask itself."""

    code = "own_data"
    message = _("These are data of your own office. It gives itself a grant on the page of grants.")


class NobodyAnswers(Conflict):
    """Neither the office nor the service centre has a data steward."""

    code = "nobody_answers"
    message = _("The office that keeps these data has no data steward yet, nor has the service centre.")


class AnsweredAlready(Conflict):
    """Somebody was faster."""

    code = "answered_already"
    message = _("A colleague has answered this already. Nothing of yours was saved.")


class NothingToDispute(Conflict):
    """Nothing was refused, it was disputed before, or too long ago."""

    code = "nothing_to_dispute"
    message = _("This can no longer be disputed: nothing was refused, it was disputed before, or the time is over.")


class SettledAlready(Conflict):
    """The proposal was settled meanwhile."""

    code = "settled_already"
    message = _("This has been settled meanwhile.")


class StaleRules(Conflict):
    """Somebody has published another version meanwhile."""

    code = "stale_rules"
    message = _("A colleague has changed these rules meanwhile. Please look at them again.")
