"""How the events of exchange are said in histories."""

from django.utils.translation import gettext as _

from tongban.exchange import events
from tongban.exchange.rules.outside.words import sentence
from tongban.ledger.kinds import Reader, describe


@describe(events.ResourceDrafted)
def _drafted(event: events.ResourceDrafted, _reader: Reader) -> str:
    return _("Version %(number)s was drafted.") % {"number": event.version}


@describe(events.ResourceSubmitted)
def _submitted(event: events.ResourceSubmitted, _reader: Reader) -> str:
    return _("Version %(number)s was handed in for review.") % {"number": event.version}


@describe(events.ResourceSentBack)
def _sent_back(event: events.ResourceSentBack, _reader: Reader) -> str:
    return _("Version %(number)s was sent back to be mended.") % {"number": event.version}


@describe(events.ResourcePublished)
def _published(event: events.ResourcePublished, _reader: Reader) -> str:
    return _("Version %(number)s was published.") % {"number": event.version}


@describe(events.ResourceWithdrawn)
def _withdrawn(_event: events.ResourceWithdrawn, _reader: Reader) -> str:
    return _("The resource was withdrawn from the catalogue.")


@describe(events.LeadProposed)
def _lead_proposed(event: events.LeadProposed, _reader: Reader) -> str:
    return _("An office was proposed to answer for %(datum)s.") % {"datum": event.datum}


@describe(events.LeadDecided)
def _lead_decided(event: events.LeadDecided, _reader: Reader) -> str:
    if event.outcome == "agreed":
        return _("It was agreed who answers for %(datum)s.") % {"datum": event.datum}
    return _("The proposal who answers for %(datum)s was declined.") % {"datum": event.datum}


@describe(events.SourceAnsweredMore)
def _answered_more(event: events.SourceAnsweredMore, _reader: Reader) -> str:
    return _("The source answered fields that nobody had asked for. They were cut off: %(fields)s") % {
        "fields": " ".join(event.fields)
    }


@describe(events.SourceDeclared)
def _declared(event: events.SourceDeclared, _reader: Reader) -> str:
    return _("It was said how the resource is read: %(kind)s, %(place)s") % {
        "kind": event.source_kind,
        "place": event.place,
    }


@describe(events.SourceTried)
def _tried(event: events.SourceTried, _reader: Reader) -> str:
    return _("The source was tried: %(outcome)s") % {
        "outcome": sentence(event.why) if event.why else _("it answers as it must."),
    }


@describe(events.SourceWentAway)
def _went_away(event: events.SourceWentAway, _reader: Reader) -> str:
    return _("The source does not answer: %(why)s") % {"why": sentence(event.why)}


@describe(events.SourceCameBack)
def _came_back(_event: events.SourceCameBack, _reader: Reader) -> str:
    return _("The source answers again.")


@describe(events.SourceTakenIn)
def _taken_in(event: events.SourceTakenIn, _reader: Reader) -> str:
    return _("A dropped file with %(rows)s rows was taken in.") % {"rows": event.rows}


@describe(events.GrantGiven)
def _given(_event: events.GrantGiven, _reader: Reader) -> str:
    return _("The grant was given.")


@describe(events.GrantSuspended)
def _suspended(_event: events.GrantSuspended, _reader: Reader) -> str:
    return _("The grant was suspended.")


@describe(events.GrantResumed)
def _resumed(_event: events.GrantResumed, _reader: Reader) -> str:
    return _("The grant may be used again.")


@describe(events.GrantWithdrawn)
def _grant_withdrawn(_event: events.GrantWithdrawn, _reader: Reader) -> str:
    return _("The grant was withdrawn.")


@describe(events.LookUpOpened)
def _opened(_event: events.LookUpOpened, _reader: Reader) -> str:
    return _("A look-up under secrecy was opened.")


@describe(events.SecrecyExtended)
def _secrecy_extended(_event: events.SecrecyExtended, _reader: Reader) -> str:
    return _("The secrecy of a look-up was extended by order.")


@describe(events.WebhookRegistered)
def _webhook_registered(_event: events.WebhookRegistered, _reader: Reader) -> str:
    return _("Changes are to be sent to an address.")


@describe(events.WebhookSecretChanged)
def _webhook_secret(_event: events.WebhookSecretChanged, _reader: Reader) -> str:
    return _("The receiver of changes was given a new secret.")


@describe(events.WebhookReplayed)
def _webhook_replayed(_event: events.WebhookReplayed, _reader: Reader) -> str:
    return _("Changes are sent again.")


@describe(events.WebhookRevived)
def _webhook_revived(_event: events.WebhookRevived, _reader: Reader) -> str:
    return _("The receiver of changes is tried again.")


@describe(events.WebhookDied)
def _webhook_died(_event: events.WebhookDied, _reader: Reader) -> str:
    return _("The receiver of changes has received nothing for days, and was given up.")


@describe(events.WebhookEnded)
def _webhook_ended(_event: events.WebhookEnded, _reader: Reader) -> str:
    return _("No more changes are sent to the address.")


@describe(events.LogRead)
def _log_read(_event: events.LogRead, _reader: Reader) -> str:
    return _("The log of look-ups was read.")


@describe(events.MembershipChanged)
def _membership(event: events.MembershipChanged, _reader: Reader) -> str:
    return _("This installation is %(named)s among its neighbours.") % {"named": event.named}


@describe(events.OwnKeyMade)
def _key_made(event: events.OwnKeyMade, _reader: Reader) -> str:
    return _("The key %(named)s was made.") % {"named": event.named}


@describe(events.OwnKeyEnded)
def _key_ended(event: events.OwnKeyEnded, _reader: Reader) -> str:
    return _("The key %(named)s was ended.") % {"named": event.named}


@describe(events.MemberAdmitted)
def _admitted(event: events.MemberAdmitted, _reader: Reader) -> str:
    return _("The member %(named)s was admitted to the directory.") % {"named": event.named}


@describe(events.MemberRemoved)
def _removed(event: events.MemberRemoved, _reader: Reader) -> str:
    return _("The member %(named)s was taken out of the directory.") % {"named": event.named}


@describe(events.DirectoryIssued)
def _issued(event: events.DirectoryIssued, _reader: Reader) -> str:
    return _("The directory number %(named)s was signed.") % {"named": event.named}


@describe(events.ServiceOffered)
def _offered(event: events.ServiceOffered, _reader: Reader) -> str:
    return _("The service %(named)s is offered to neighbours.") % {"named": event.named}


@describe(events.ServiceEnded)
def _service_ended(event: events.ServiceEnded, _reader: Reader) -> str:
    return _("The service %(named)s is offered no more.") % {"named": event.named}


@describe(events.SystemRegistered)
def _system(event: events.SystemRegistered, _reader: Reader) -> str:
    return _("The system %(named)s may call neighbours.") % {"named": event.named}


@describe(events.SystemEnded)
def _system_ended(event: events.SystemEnded, _reader: Reader) -> str:
    return _("The system %(named)s may call neighbours no more.") % {"named": event.named}


@describe(events.ServiceRightGiven)
def _right_given(event: events.ServiceRightGiven, _reader: Reader) -> str:
    return _("%(client)s may call %(named)s.") % {"client": event.client, "named": event.named}


@describe(events.ServiceRightEnded)
def _right_ended(event: events.ServiceRightEnded, _reader: Reader) -> str:
    return _("%(client)s may call %(named)s no more.") % {"client": event.client, "named": event.named}
