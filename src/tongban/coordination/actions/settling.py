"""A supervisor settles what stays so: a word says why no more is needed."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base.actor import Actor
from tongban.base.text import clean_line
from tongban.cases import actions as case_actions
from tongban.coordination import queries
from tongban.coordination.errors import NotComplete, SettledAlready
from tongban.coordination.events import WarningEnded
from tongban.coordination.models import Finding
from tongban.ledger import actions as ledger

LONGEST_WORD = 500


@transaction.atomic
def settle_warning(*, actor: Actor, finding: Finding, word: str, now: datetime) -> Finding:
    """Settle a warning that does not end by itself. Raises NotFound, NotComplete ("word"), SettledAlready."""
    queries.finding_for(actor, finding.id)
    text = clean_line(word)[:LONGEST_WORD]
    if not text:
        raise NotComplete({"word": [_("Please say why no more is needed.")]})
    case_actions.hold_cases([finding.case_id])
    locked = Finding.objects.select_for_update().get(id=finding.id)
    if locked.ended_at is not None or not locked.lasting:
        raise SettledAlready
    end_settled(locked, actor, text, now)
    return locked


def end_settled(finding: Finding, actor: Actor, word: str, now: datetime) -> None:
    """End a locked warning that stays so, by a supervisor."""
    finding.ended_at, finding.ended_why = now, Finding.Ended.SETTLED
    finding.ended_by_id, finding.word = actor.official_id, word
    finding.save(update_fields=["ended_at", "ended_why", "ended_by", "word"])
    event = WarningEnded(
        subject_id=finding.case_id,
        organisation_id=finding.organisation_id,
        finding_id=finding.id,
        watch=finding.watch,
        why=finding.ended_why,
    )
    ledger.record(event, actor=actor, now=now)
