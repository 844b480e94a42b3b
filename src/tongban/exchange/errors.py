"""Why exchange refused something.

Refusal
├── LookUpRefused            the gate: each has a code that stands in the log
│   ├── MalformedCall            422
│   ├── NoGrant, WrongPurpose, FieldNotGranted, …      403
│   ├── ReferenceMissing, CaseUnknown, CaseNotOpen, …  403
│   ├── SubjectUnknown           404
│   ├── RateExceeded             429  `retry_after` in seconds
│   ├── SourceRefused            502  `why`: the code that the source says
│   └── SourceUnavailable        503
├── NotBelieved…: see `rules.signatures.refusals`; the door says them with their codes
├── NotComplete, NotYours, NotInThisState, LeadTaken, NotShared   the catalogue and its grants
├── AlreadyProposed, VersionInMaking                             who answers for a datum
└── NoFeedGrant, FilteredFeed, WrongPlace, PlaceNotAllowed, WebhookThere   the feed of changes
"""

from typing import ClassVar

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tongban.base.errors import Conflict, Forbidden, Invalid, Refusal, Words


class LookUpRefused(Refusal):
    """The gate does not answer. The refusal is in the log already when it is raised."""

    status = 403
    code = "look_up_refused"
    message = _("This look-up is not allowed.")
    told: ClassVar[dict[str, type["LookUpRefused"]]] = {}
    """Class for each code of the log."""

    def __init_subclass__(cls) -> None:
        """Make it known by its code."""
        super().__init_subclass__()
        LookUpRefused.told[cls.code] = cls


class MalformedCall(LookUpRefused):
    """A part of the call has not the shape it must have."""

    status = 422
    code = "malformed_call"
    message = _("Something in the call is not as it must be: subject, fields, purpose or reference.")


class SubjectUnknown(LookUpRefused):
    """Whom the call is about cannot be told."""

    status = 404
    code = "subject_unknown"
    message = _("We do not know whom this is about. Please compare the number.")


class NoGrant(LookUpRefused):
    """No grant of the caller's offices; one of somebody else's reads the same."""

    code = "no_grant"
    message = _("Your office has no grant for these data. It can ask for one in the catalogue of data.")


class GrantSuspended(LookUpRefused):
    """The grant is suspended."""

    code = "suspended_grant"
    message = _("This grant is suspended. The office that gives the data can say why.")


class GrantNotBegun(LookUpRefused):
    """The grant begins later."""

    code = "grant_not_begun"
    message = _("This grant has not begun yet.")


class GrantExpired(LookUpRefused):
    """The grant is over."""

    code = "expired_grant"
    message = _("This grant has expired. Please ask for a new one.")


class WrongPurpose(LookUpRefused):
    """The stated purpose is not the one of the grant."""

    code = "wrong_purpose"
    message = _("The grant was given for another purpose.")


class FieldNotGranted(LookUpRefused):
    """A field is not among those granted. `fields` names them."""

    code = "field_not_granted"
    message = _("Not all of these fields were granted.")


class WrongSubjectKind(LookUpRefused):
    """A person was named where the data are about enterprises, or the other way round."""

    status = 422
    code = "wrong_subject_kind"
    message = _("These data are about another kind of subject.")


class ResourceNotInForce(LookUpRefused):
    """The resource, or a field of it, is not in the catalogue any more."""

    code = "resource_not_in_force"
    message = _("These data are no longer in the catalogue.")


class SecrecyNotGranted(LookUpRefused):
    """Secrecy was wanted that the grant does not allow, or without an order."""

    code = "secrecy_not_granted"
    message = _("This grant does not allow a look-up that the person is not told of.")


class ReferenceMissing(LookUpRefused):
    """No case, and no standing reference that the grant knows."""

    code = "reference_missing"
    message = _("Please name the case for which you ask, or the standing reference of the grant.")


class NotASteward(LookUpRefused):
    """Without a case only data stewards ask."""

    code = "not_a_steward"
    message = _("Without a case only data stewards of the office may ask.")


class CaseUnknown(LookUpRefused):
    """There is no such case, or the official's posts have nothing to do with it: they read the same."""

    code = "case_unknown"
    message = _("There is no such case among those your posts work on.")


class CaseNotOpen(LookUpRefused):
    """The case has ended."""

    code = "case_not_open"
    message = _("This case has ended: nothing more is looked up for it.")


class CaseAboutAnother(LookUpRefused):
    """The case does not concern this person or enterprise."""

    code = "case_about_another"
    message = _("This case does not concern this person or enterprise.")


class IdentityNotProven(LookUpRefused):
    """Who asks for own data has only said who they are: no office has seen their paper yet."""

    code = "identity_not_proven"
    message = _("Offices tell nobody's data online before a window has seen the identity paper once.")


class CaseOfAnotherItem(LookUpRefused):
    """The grant serves other items than that of the case."""

    code = "case_of_another_item"
    message = _("The grant does not serve the matter of this case.")


class RateExceeded(LookUpRefused):
    """More look-ups within a minute than the grant allows."""

    status = 429
    code = "rate_exceeded"
    message = _("The grant allows no more look-ups in this minute. Please try again in the next one.")

    def __init__(self, message: Words | None = None, **details: object) -> None:
        """Say in how many seconds to try again."""
        super().__init__(message, **details)
        self.retry_after = int(str(details.get("retry_after", 60)))


class SourceUnavailable(LookUpRefused):
    """The source does not answer; that it was asked is in the log."""

    status = 503
    code = "source_unavailable"
    message = _("The source of these data does not answer at the moment. Please try again in a few minutes.")

    def __init__(self, message: Words | None = None, **details: object) -> None:
        """Say why, where that is known: `why` is a code of `rules.outside.words`."""
        super().__init__(self.told_as.get(str(details.get("why", "")), message), **details)

    told_as: ClassVar[dict[str, Words]] = {
        "resting": _("The source of these data has failed several times and is left alone for a while."),
        "only_now": _("The source of these data knows only what is so now."),
    }


class SourceRefused(LookUpRefused):
    """The source itself refuses: another installation, by its own grants. `why` is the code that it says."""

    status = 502
    code = "source_refused"
    message = _("The office that keeps these data refuses this look-up.")


_BY_SOURCE: dict[str, Words] = {
    "no_grant": _("It has given our installation no grant for these data."),
    "expired_grant": _("The grant that it gave to our installation has expired."),
    "suspended_grant": _("The grant that it gave to our installation is suspended."),
    "grant_not_begun": _("The grant that it gave to our installation has not begun yet."),
    "field_not_granted": _("It has not granted all of these fields to our installation."),
    "wrong_purpose": _("It gave its grant to our installation for another purpose."),
    "reference_missing": _("It wants to be told a case of its own kind."),
    "rate_exceeded": _("It answers our installation no more in this minute. Please try again in the next one."),
    "access_denied": _("It does not let our installation use this service."),
    "unknown_service": _("It no longer offers this service."),
    "unknown_member": _("It does not know our installation as a member."),
    "invalid_signature": _("It does not believe our signature. The operator has to look at the keys and the clock."),
}
"""What a refusal of another installation means for whoever asked here. Types of X-Road by their last part."""


def refused_by_source(code: str) -> SourceRefused:
    """Return the refusal that tells what a source has refused, by its code."""
    known = LookUpRefused.told.get(code)
    why = _BY_SOURCE.get(code.rpartition(".")[2]) or (known.message if known else "")
    words = format_lazy(_("The office that keeps these data refuses this look-up: {why}"), why=why) if why else None
    return SourceRefused(words, why=code)


TOLD_AS = {"case_not_yours": "case_unknown"}
"""Codes that the log tells apart and the caller is not told: who works on which case is nobody else's business."""


def refusal_of(code: str, **details: object) -> LookUpRefused:
    """Return the refusal for a code of the log."""
    return LookUpRefused.told[TOLD_AS.get(code, code)](None, **details)


class NotComplete(Invalid):
    """Something is missing or wrong; `fields` says what."""

    code = "not_complete"


class NotYours(Forbidden):
    """Only data stewards of the office that gives the data, or of the service centre."""

    code = "not_your_resource"
    message = _("Only data stewards of the office that provides these data may do this.")


class OnlyTheCentre(Forbidden):
    """Whoever reviews stands above both sides."""

    code = "only_the_centre"
    message = _("Only data stewards of the service centre review entries of the catalogue.")


class ReviewedByAuthor(Forbidden):
    """Four eyes."""

    code = "reviewed_by_author"
    message = _("Somebody else must review what you have drafted.")


class KeptHere(Conflict):
    """A register of this installation is read from nowhere else."""

    code = "kept_here"
    message = _("This register is kept here. It has no other source.")


class NotInThisState(Conflict):
    """The entry or grant has moved on."""

    code = "not_in_this_state"
    message = _("This has moved on meanwhile. Please look at it again.")


class LeadTaken(Conflict):
    """Another office leads for a datum already 一数一源. `data` names them."""

    code = "lead_taken"
    message = _("Another office answers for some of these data already. Each datum has one source.")


class AlreadyProposed(Conflict):
    """The same office stands proposed already."""

    code = "already_proposed"
    message = _("This office has been proposed already, and the service centre has not decided yet.")


class VersionInMaking(Conflict):
    """An entry that has to change has a version in the making. `name` says which."""

    code = "version_in_making"
    message = _("An entry that this would change has a version in the making. Please have it published first.")


class NotShared(Conflict):
    """A field is not shared at all."""

    code = "not_shared"
    message = _("Some of these fields are not shared: the catalogue names the law.")


class NoMembership(Conflict):
    """This installation has not said yet what it is among its neighbours."""

    code = "no_membership"
    message = _("This installation takes no part in exchange with neighbours yet.")


class NoDirectory(Conflict):
    """No directory is known that is good now."""

    code = "no_directory"
    message = _("No directory of members is known that is good now.")


class NoKey(Conflict):
    """No key of ours is good now."""

    code = "no_key"
    message = _("There is no key that is good now.")


class UnfitDescription(Conflict):
    """A description or a directory is not as it must be; `detail` says what is wrong."""

    code = "unfit_description"
    message = _("This description of members is not as it must be.")


class KeyTaken(Conflict):
    """A key belongs, or belonged, to somebody else, or was taken back."""

    code = "key_taken"
    message = _("One of these keys was in use before. Please make a new one.")


class UsedBefore(Conflict):
    """A signed call came a second time."""

    code = "signature_replayed"
    message = _("This call was received already.")


class NoFeedGrant(Forbidden):
    """Following changes takes a grant for the feed."""

    code = "no_feed_grant"
    message = _("Your office holds no grant that lets it follow the changes of these data.")


class FilteredFeed(Forbidden):
    """A grant is limited to some records; which subjects they are on, a feed without content cannot know."""

    code = "feed_of_filtered_grant"
    message = _("This grant is limited to some records. A feed would tell of all others, too.")


class WrongPlace(Conflict):
    """The cursor was never given out for this feed."""

    status = 422
    code = "wrong_cursor"
    message = _("This is no place in this feed. Please use a cursor as it was given to you.")


class NotOfferedThere(Conflict):
    """A page offers a service at a place that the operator has not allowed; `detail` names the place."""

    status = 422
    code = "service_place_not_allowed"
    message = _("The operator has not allowed services to be offered from this address.")


class PlaceNotAllowed(Conflict):
    """The operator has not allowed changes to be sent there."""

    status = 422
    code = "place_not_allowed"
    message = _("The operator has not allowed changes to be sent to this address.")


class WebhookThere(Conflict):
    """One receiver for each grant and address."""

    code = "webhook_there"
    message = _("Changes go to this address by this grant already.")
