"""The rating 好差评: five levels and words, once per matter."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base.actor import Actor
from tongban.base.errors import Invalid
from tongban.base.text import clean_lines
from tongban.cases import queries
from tongban.cases.actions.holding import advance, lock_case
from tongban.cases.errors import OwnMatter, RatedAlready
from tongban.cases.events import CaseRated
from tongban.cases.models import Case, Rating
from tongban.ledger import actions as ledger

LEVELS = range(1, 6)
"""1 very satisfied … 5 very dissatisfied (GB/T 39046 A.8): opposite to stars."""
LONGEST_WORDS = 2000


@transaction.atomic
def rate(*, actor: Actor, case: Case, level: int, words: str = "", now: datetime) -> Rating:
    """Say how it was. Raises Invalid ("level"), RatedAlready, OwnMatter, NotInThisState before the end."""
    queries.case_for(actor, case.id)
    if level not in LEVELS:
        raise Invalid({"level": [_("Please choose one of the five faces.")]})
    locked = lock_case(case.id)
    if not actor.is_resident or not queries.acts_for_applicant(actor, locked):
        raise OwnMatter
    if Rating.objects.filter(case=locked).exists():
        raise RatedAlready
    advance(locked, "rate")
    rating = Rating.objects.create(case=locked, level=level, words=clean_lines(words)[:LONGEST_WORDS], rated_at=now)
    event = CaseRated(
        subject_id=locked.id, revision=locked.revision, organisation_id=locked.organisation_id, level=level
    )
    ledger.record(event, actor=actor, now=now)
    return rating
