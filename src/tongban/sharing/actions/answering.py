"""Answer a request for data: grant it wholly or in part, or refuse it with reasons and the law."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from tongban.base.actor import Actor
from tongban.base.clock import OFFICE_ZONE
from tongban.base.text import clean_line, clean_lines
from tongban.cases import actions as cases
from tongban.exchange import actions as exchange
from tongban.exchange import queries as catalogue
from tongban.exchange.rules.conditions import WrongCondition
from tongban.exchange.rules.rows import Condition
from tongban.ledger import actions as ledger
from tongban.sharing import queries
from tongban.sharing.errors import AnsweredAlready, NotAllowed, NotComplete
from tongban.sharing.events import RequestAnswered
from tongban.sharing.models import DataRequest
from tongban.sharing.rules.checking import in_types

LONGEST_REASONS = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is granted, within what was asked, and why the rest is not. No fields: all is refused."""

    fields: tuple[str, ...] = ()
    valid_until: date | None = None
    """None: as long as was asked for."""
    rate_per_minute: int | None = None
    row_filter: tuple[Condition, ...] = ()
    """Conditions beside those that were asked for."""
    reasons: str = ""
    law: str = ""
    article: str = ""


@transaction.atomic
def answer(
    *, actor: Actor, request: DataRequest, given: Answer, revision: int | None = None, now: datetime
) -> DataRequest:
    """Answer a request. What is granted is a grant of exchange in the same instant; of two answers the first counts.

    Raises NotAllowed for a post that has nothing to answer, NotComplete by field, AnsweredAlready, NotShared, what
    `cases.decide` raises.
    """
    task = queries.open_task(request.case)
    if task is not None and not queries.is_to_answer(actor, task):
        raise NotAllowed
    cases.hold_cases([request.case_id])
    locked = _locked(request)
    if locked.outcome or task is None:
        raise AnsweredAlready
    fields = tuple(code for code in locked.fields if code in given.fields)
    refused = len(fields) < len(locked.fields)
    texts = _texts(locked, given, refused=refused)
    if fields:
        terms = terms_of_grant(locked, fields, replace(given, row_filter=texts.row_filter), now)
        locked.grant = exchange.give_grant(actor=actor, terms=terms, now=now)
    cases.decide_as_kind(
        actor=actor,
        task=task,
        outcome="granted" if fields else "refused",
        reasons=texts.reasons or _as_asked(),
        legal_basis=f"{texts.law} {texts.article}".strip(),
        revision=revision,
        now=now,
    )
    _keep(locked, fields, texts, refused=refused, now=now)
    answered = RequestAnswered(
        subject_id=locked.id,
        resource_id=locked.resource_id,
        consumer_id=locked.consumer_id,
        outcome=locked.outcome,
        grant_id=locked.grant_id,
    )
    ledger.record(answered, actor=actor, now=now, post_id=task.post_id)
    if fields:
        cases.complete(actor=actor, case_id=locked.case_id, now=now)
    return locked


def _locked(request: DataRequest) -> DataRequest:
    found = DataRequest.objects.select_for_update(of=("self",)).select_related("renews", "resource", "case")
    return found.get(id=request.id)


def _as_asked() -> str:
    with translation.override("zh-hans"):
        return _("Granted as it was asked for.")


def _texts(request: DataRequest, given: Answer, *, refused: bool) -> Answer:
    """Return clean texts and conditions; raises NotComplete where something lacks, or goes beyond what was asked."""
    clean = Answer(
        reasons=clean_lines(given.reasons)[:LONGEST_REASONS],
        law=clean_line(given.law)[:200],
        article=clean_line(given.article)[:100],
    )
    wrong: dict[str, list[str]] = {}
    try:
        clean = replace(clean, row_filter=in_types(given.row_filter, catalogue.items_of(request.resource)))
    except WrongCondition as says:
        wrong["row_filter"] = [str(says)]
    if not set(given.fields) <= set(request.fields):
        wrong["fields"] = [_("Only what was asked for can be granted.")]
    if refused:
        needed = {
            "reasons": (clean.reasons, _("Please say why not everything is granted.")),
            "law": (clean.law, _("A refusal names the law that it relies on.")),
            "article": (clean.article, _("A refusal names the article.")),
        }
        wrong |= {name: [sentence] for name, (typed, sentence) in needed.items() if not typed}
    if given.valid_until is not None and given.valid_until > request.valid_until:
        wrong["valid_until"] = [_("It can end earlier than was asked, not later.")]
    if given.rate_per_minute is not None and not 1 <= given.rate_per_minute <= request.rate_per_minute:
        wrong["rate_per_minute"] = [_("It can be less than was asked, not more.")]
    if wrong:
        raise NotComplete(wrong)
    return clean


def terms_of_grant(request: DataRequest, fields: Sequence[str], given: Answer, now: datetime) -> exchange.GrantTerms:
    """Return what is granted of a request. What renews a grant begins when that ends."""
    last = given.valid_until or request.valid_until
    return exchange.GrantTerms(
        resource_id=request.resource_id,
        consumer_id=request.consumer_id,
        fields=tuple(fields),
        row_filter=(*request.row_filter, *given.row_filter),
        purpose=request.purpose,
        purpose_words=request.purpose_words,
        basis_law=request.basis_law,
        basis_article=request.basis_article,
        items_served=tuple(request.items_served),
        valid_from=_begins(request, now),
        valid_until=datetime(last.year, last.month, last.day, tzinfo=OFFICE_ZONE) + timedelta(days=1),
        rate_per_minute=given.rate_per_minute or request.rate_per_minute,
    )


def _begins(request: DataRequest, now: datetime) -> datetime:
    old = request.renews
    return max(now, old.valid_until) if old is not None and old.state == "active" else now


def _keep(request: DataRequest, fields: tuple[str, ...], texts: Answer, *, refused: bool, now: datetime) -> None:
    if refused:
        request.outcome = DataRequest.Outcome.PARTLY if fields else DataRequest.Outcome.REFUSED
        request.refusal_law, request.refusal_article = texts.law, texts.article
    else:
        request.outcome = DataRequest.Outcome.GRANTED
    request.granted_fields, request.answered_at = list(fields), now
    request.save(update_fields=["outcome", "granted_fields", "refusal_law", "refusal_article", "answered_at", "grant"])
