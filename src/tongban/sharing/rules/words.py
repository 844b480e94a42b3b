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


_ANSWERS = {
    "granted": lambda: _("The request was granted."),
    "partly": lambda: _("The request was granted in part."),
    "refused": lambda: _("The request was refused."),
}


_DECISIONS = {
    "ordered": lambda: _("The coordinator ordered the grant."),
    "stands": lambda: _("The coordinator let the refusal stand."),
}


@describe(events.RequestHandedIn)
def _handed_in(_event: events.RequestHandedIn, _reader: Reader) -> str:
    return _("The request was handed in.")


@describe(events.RequestAnswered)
def _answered(event: events.RequestAnswered, _reader: Reader) -> str:
    return _ANSWERS[event.outcome]()


@describe(events.RequestTakenBack)
def _taken_back(_event: events.RequestTakenBack, _reader: Reader) -> str:
    return _("The request was taken back.")


@describe(events.DisputeRaised)
def _raised(_event: events.DisputeRaised, _reader: Reader) -> str:
    return _("The refusal was taken to the coordinator.")


@describe(events.DisputeDecided)
def _decided(event: events.DisputeDecided, _reader: Reader) -> str:
    return _DECISIONS[event.outcome]()


@describe(events.UnusedFieldsProposed)
def _proposed(event: events.UnusedFieldsProposed, _reader: Reader) -> str:
    return _("Fields that nobody uses were proposed for withdrawal: %(fields)s") % {"fields": " ".join(event.fields)}


@describe(events.UnusedFieldsSettled)
def _settled(event: events.UnusedFieldsSettled, _reader: Reader) -> str:
    if event.state == "taken_out":
        return _("Fields that nobody uses were taken out.")
    if event.state == "kept":
        return _("Fields that nobody uses were kept.")
    return _("The proposal to take out fields was settled by itself.")


@describe(events.EndReminded)
def _reminded(_event: events.EndReminded, _reader: Reader) -> str:
    return _("The office that holds the grant was reminded of its end.")


@describe(events.PolicyPublished)
def _policy(event: events.PolicyPublished, _reader: Reader) -> str:
    return _("Version %(number)s of the rules on requests and grants was published.") % {"number": event.version}
