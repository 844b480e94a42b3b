"""Take a refusal to the coordinator 争议, who orders the grant or lets the refusal stand."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongban.base.actor import Actor
from tongban.base.text import clean_line, clean_lines
from tongban.cases import actions as cases
from tongban.exchange import actions as exchange
from tongban.ledger import actions as ledger
from tongban.organisations import queries as organisations
from tongban.sharing import queries
from tongban.sharing.actions.answering import Answer, terms_of_grant
from tongban.sharing.errors import AnsweredAlready, NotAllowed, NotComplete, NothingToDispute
from tongban.sharing.events import DisputeDecided, DisputeRaised
from tongban.sharing.models import DataRequest, Dispute
from tongban.sharing.rules.terms import terms_of_dispute

KIND = "data_dispute"
COORDINATOR = "supervisor"
LONGEST_TEXT = 4000


def raise_dispute(*, actor: Actor, request: DataRequest, grounds: str, now: datetime) -> Dispute:
    """Take what was refused to the coordinator. A second time answers with the dispute that is there.

    Raises NotAllowed, NothingToDispute, NotComplete ("grounds"), NobodyAnswers.
    """
    if actor.official_id is None or not _asks_for(actor, request.consumer_id):
        raise NotAllowed
    there = Dispute.objects.filter(request=request).first()
    if there is not None:
        return there
    if not queries.may_dispute(actor, request):
        raise NothingToDispute
    said = clean_lines(grounds)[:LONGEST_TEXT]
    if not said:
        raise NotComplete({"grounds": [_("Please say why the data must be given.")]})
    try:
        with transaction.atomic():
            return _raise(actor, actor.official_id, request, said, now)
    except IntegrityError:  # a colleague has raised it at the same instant
        return Dispute.objects.get(request=request)


def _asks_for(actor: Actor, consumer_id: UUID) -> bool:
    return any(post.organisation_id == consumer_id for post in queries.asking_posts(actor))


def _raise(actor: Actor, official_id: UUID, request: DataRequest, grounds: str, now: datetime) -> Dispute:
    coordinator = queries.coordinating_post()
    own = next(post for post in queries.asking_posts(actor) if post.organisation_id == request.consumer_id)
    case = cases.open_between_offices(
        actor=actor,
        asked=cases.Asked(
            kind=KIND,
            title=f"数据共享争议：{request.resource.name}",
            title_en=f"Dispute about data: {request.resource.name_en or request.resource.name}",
            terms=terms_of_dispute(),
            asking=request.consumer,
            asking_post=organisations.post(own.id),
            answering=organisations.organisation(coordinator.organisation_id),
            answering_post=coordinator,
            role=COORDINATOR,
        ),
        now=now,
    )
    dispute = Dispute.objects.create(
        case=case, request=request, grounds=grounds, raised_by_id=official_id, raised_at=now
    )
    raised = DisputeRaised(subject_id=request.id, resource_id=request.resource_id, consumer_id=request.consumer_id)
    ledger.record(raised, actor=actor, now=now, post_id=own.id)
    return dispute


@transaction.atomic
def decide_dispute(
    *,
    actor: Actor,
    dispute: Dispute,
    fields: tuple[str, ...],
    reasons: str,
    law: str,
    article: str,
    revision: int | None = None,
    now: datetime,
) -> Dispute:
    """Decide: these of the refused fields must be granted, and are in this instant; without any the refusal stands.

    What was granted before is in the new grant, which takes the place of the old one, and keeps its conditions, its
    rate and its end: only what was refused is disputed. Raises NotAllowed, NotComplete
    ("fields", "reasons", "law", "article"), AnsweredAlready, NotShared: then the catalogue has to be changed first.
    """
    task = queries.open_task(dispute.case)
    if task is not None and not queries.is_to_answer(actor, task):
        raise NotAllowed
    cases.hold_cases([dispute.case_id])
    found = Dispute.objects.select_for_update(of=("self",)).select_related(
        "request__renews", "request__resource", "request__grant"
    )
    locked = found.get(id=dispute.id)
    if locked.outcome or task is None:
        raise AnsweredAlready
    request = locked.request
    texts = _texts(request, fields, reasons, law, article)
    if fields:
        wanted = [code for code in request.fields if code in {*request.granted_fields, *fields}]
        locked.grant = exchange.give_ordered_grant(
            actor=actor,
            terms=_ordered(request, wanted, now),
            in_place_of_id=request.grant_id,
            word=f"{texts['law']} {texts['article']}",
            now=now,
        )
    cases.decide_as_kind(
        actor=actor,
        task=task,
        outcome="granted" if fields else "refused",
        reasons=texts["reasons"],
        legal_basis=f"{texts['law']} {texts['article']}",
        revision=revision,
        now=now,
    )
    locked.outcome = Dispute.Outcome.ORDERED if fields else Dispute.Outcome.STANDS
    locked.ordered_fields, locked.decided_at = [code for code in request.fields if code in fields], now
    locked.save(update_fields=["outcome", "ordered_fields", "decided_at", "grant"])
    decided = DisputeDecided(
        subject_id=request.id,
        resource_id=request.resource_id,
        consumer_id=request.consumer_id,
        outcome=locked.outcome,
        grant_id=locked.grant_id,
    )
    ledger.record(decided, actor=actor, now=now, post_id=task.post_id)
    if fields:
        cases.complete(actor=actor, case_id=locked.case_id, now=now)
    return locked


def _ordered(request: DataRequest, fields: list[str], now: datetime) -> exchange.GrantTerms:
    """Return what is ordered: under the conditions under which a part was granted, where it was."""
    terms, old = terms_of_grant(request, fields, Answer(), now), request.grant
    if old is None:
        return terms
    end = old.valid_until if old.valid_until > terms.valid_from else terms.valid_until
    return replace(terms, row_filter=tuple(old.row_filter), rate_per_minute=old.rate_per_minute, valid_until=end)


def _texts(request: DataRequest, fields: tuple[str, ...], reasons: str, law: str, article: str) -> dict[str, str]:
    texts = {
        "reasons": clean_lines(reasons)[:LONGEST_TEXT],
        "law": clean_line(law)[:200],
        "article": clean_line(article)[:100],
    }
    needed = {
        "reasons": _("Please give the reasons; both offices read them."),
        "law": _("Please name the law that decides it."),
        "article": _("Please name the article."),
    }
    wrong = {name: [sentence] for name, sentence in needed.items() if not texts[name]}
    if not set(fields) <= set(request.refused_fields):
        wrong["fields"] = [_("Only what was refused can be ordered.")]
    if wrong:
        raise NotComplete(wrong)
    return texts


def note_dispute_taken_back(*, case_id: UUID, now: datetime) -> None:
    """Note on a dispute that its case was withdrawn; a second time it changes nothing."""
    open_one = Dispute.objects.filter(case_id=case_id, outcome="")
    open_one.update(outcome=Dispute.Outcome.WITHDRAWN, decided_at=now)


def erase_dispute(*, case_id: UUID) -> None:
    """Erase the grounds of a dispute, when its case is erased."""
    Dispute.objects.filter(case_id=case_id).update(grounds="")
