"""Why an application was refused."""

from django.utils.translation import gettext_lazy as _

from tongban.base.errors import Conflict, Forbidden, Invalid, Refusal


class NotApplicable(Refusal):
    """The item cannot be applied for: no guide yet, suspended, or cancelled."""

    status = 409
    code = "item_not_applicable"
    message = _("This matter cannot be applied for online at the moment. Its page says what to do instead.")


class WrongApplicant(Forbidden):
    """The item is not for this kind of applicant, or the actor may not act for them."""

    code = "wrong_applicant"
    message = _("You cannot apply for this person or enterprise. Please check for whom you apply.")


class ConsentNeeded(Forbidden):
    """The privacy notice was not agreed to."""

    code = "consent_needed"
    message = _("Please read and agree to the privacy notice first.")


class Incomplete(Invalid):
    """Something required is missing; nothing was submitted."""

    code = "application_incomplete"
    message = _("Something is still missing. Nothing has been submitted yet.")


class NotDeclared(Invalid):
    """The declaration was not made."""

    code = "not_declared"
    message = _("Please confirm the declaration before you submit.")


class StaleDraft(Conflict):
    """The draft was changed on another device in the meantime."""

    code = "stale_draft"
    message = _(
        "This draft was changed on another device or in another window in the meantime. "
        "What you typed is still here: please compare, then save again."
    )


class KeyUsed(Conflict):
    """The idempotency key belongs to something else."""

    code = "idempotency_key_used"
    message = _("This key was used for something else. Please make a new one.")


class WrongSubmissionKey(Conflict):
    """The key sent with a submission is not the draft's."""

    code = "wrong_submission_key"
    message = _("This is not the key of this draft. Please send the draft's own submission key.")


class MaterialUnknown(Refusal):
    """The material does not belong to this application."""

    code = "material_unknown"
    message = _("This material is not needed for your matter.")


class TooManyFiles(Refusal):
    """More files than a reader can go through."""

    code = "too_many_files"
    message = _("At most 20 files for one material. Please put several pages into one PDF.")


class NoSupplementWanted(Conflict):
    """No supplement is open for this case."""

    code = "no_supplement_wanted"
    message = _("Nothing is wanted from you for this matter at the moment.")


class NothingToAsk(Refusal):
    """No register answers for this material, or nobody of the kind it is about is in the application."""

    code = "nothing_to_ask"
    message = _("No register can be asked for this material.")


class RegistersNotOpen(Forbidden):
    """Registers are not asked before a window has given the person their account."""

    code = "registers_not_open"
    message = _(
        "Offices tell what they hold only once a window has seen your identity paper and given you your account, "
        "for an enterprise the business licence, too. "
        "You can fill everything in yourself."
    )


class NothingToHandOver(Conflict):
    """Nobody acts for the enterprise online."""

    code = "nothing_to_hand_over"
    message = _("Nobody has registered this enterprise yet. Please register it with its legal representative.")


class ActsNoMore(Forbidden):
    """The mandate is over, or the enterprise was handed over, since the draft was begun."""

    code = "acts_no_more"
    message = _(
        "You do not act for this enterprise any more, so this cannot be submitted. Please ask its legal representative."
    )
