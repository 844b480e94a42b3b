"""The rating 好差评: five levels and words, once per matter; a bad one is answered by the office."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base.actor import Actor
from tongban.base.errors import Invalid, NotFound
from tongban.base.text import clean_lines
from tongban.cases import queries
from tongban.cases.actions.holding import advance, keep, lock_case, official_of
from tongban.cases.errors import AnsweredAlready, NotComplete, OwnMatter, RatedAlready, StoodAside
from tongban.cases.events import CaseRated, RatingAnswered
from tongban.cases.models import Case, Rating
from tongban.ledger import actions as ledger

LEVELS = range(1, 6)
"""1 very satisfied … 5 very dissatisfied (GB/T 39046 A.8): opposite to stars."""
LONGEST_WORDS = 2000
SHORTEST_ANSWER = 10
"""Characters: an answer says what was found and what is done about it."""


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


@transaction.atomic
def answer_rating(*, actor: Actor, case: Case, words: str, now: datetime) -> Rating:
    """Answer a bad rating (4, 5) to the applicant: what was found, and what is done about it. Once.

    For officials of the office that handled the case. Raises NotFound, StoodAside, NotComplete ("words"),
    AnsweredAlready.
    """
    official_id = official_of(actor)
    queries.case_for(actor, case.id)
    text = clean_lines(words)[:LONGEST_WORDS]
    if len(text) < SHORTEST_ANSWER:
        raise NotComplete({"words": [_("Please say what you found and what you do about it.")]})
    locked = lock_case(case.id)
    if locked.recusals.filter(official_id=official_id).exists():
        raise StoodAside
    post = queries.answers_rating(actor, locked)
    rating = Rating.objects.select_for_update().filter(case=locked, level__gte=queries.BAD).first()
    if rating is None or post is None:
        raise NotFound
    if rating.answered_at is not None:
        raise AnsweredAlready
    rating.answer, rating.answered_at = text, now
    rating.answered_by_id, rating.answering_post_id = official_id, post
    rating.save(update_fields=["answer", "answered_at", "answered_by", "answering_post"])
    keep(locked)
    event = RatingAnswered(
        subject_id=locked.id, revision=locked.revision, organisation_id=locked.organisation_id, rating_id=rating.id
    )
    ledger.record(event, actor=actor, now=now, post_id=post)
    return rating
