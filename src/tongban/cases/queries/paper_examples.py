"""What a paper of a kind is filled from for a real case: for item managers who look at a wording before it is used.

Nothing is issued: the parts are taken from what stands of the case today.
"""

from collections.abc import Callable, Mapping

from django.utils import translation

from tongban.base.actor import Actor
from tongban.base.clock import office_date
from tongban.base.errors import NotFound
from tongban.cases.models import Case, Clock, ClockExtension, Suspension
from tongban.cases.queries.dossier import delivered_numbers
from tongban.cases.queries.finding import case_for
from tongban.cases.rules import papers
from tongban.papers.kinds import PaperContent

Make = Callable[[Case], "PaperContent | None"]


def paper_example(actor: Actor, kind: str, number: str) -> PaperContent | None:
    """Return what a paper of this kind says of the case; None when the actor may not see it, or it has no such turn."""
    try:
        case = case_for(actor, number)
    except NotFound:
        return None
    make = _MAKERS.get(kind)
    return make(case) if make else None


def _acceptance(case: Case) -> PaperContent | None:
    if case.accepted_at is None or case.acceptance_is_deemed:
        return None
    return papers.acceptance(case, office_date(case.accepted_at), _of_decision(case))


def _acceptance_deemed(case: Case) -> PaperContent | None:
    return papers.acceptance_deemed(case, _of_decision(case)) if case.acceptance_is_deemed else None


def _of_decision(case: Case) -> list[Clock]:
    return [clock for clock in case.clocks.order_by("due_on") if clock.kind in {"statutory", "promised"}]


def _passing_on(case: Case) -> PaperContent | None:
    left = case.tasks.filter(outcome="passed_on").select_related("post__organisation").order_by("-ended_at").first()
    if left is None:
        return None
    after = case.tasks.filter(created_at__gte=left.ended_at, kind=left.kind).select_related("post__organisation")
    to = after.exclude(id=left.id).order_by("created_at", "id").first()
    if to is None:
        return None
    return papers.passing_on(case, by=left.post.organisation, to=to.post.organisation, word=left.opinion)


def _supplement(case: Case) -> PaperContent | None:
    asked = case.supplement_requests.order_by("-round").first()
    if asked is None:
        return None
    return papers.supplement(case, list(asked.points.order_by("position", "id")), asked.word, asked.answer_by)


def _non_acceptance(case: Case) -> PaperContent | None:
    refused = getattr(case, "non_acceptance", None)
    if refused is None:
        return None
    texts = {"reason": refused.reason, "legal_basis": refused.legal_basis, "what_else": refused.what_else}
    return papers.non_acceptance(case, **texts)


def _decision(outcome: str) -> Make:
    def make(case: Case) -> PaperContent | None:
        made = getattr(case, "decision", None)
        if made is None or made.outcome != outcome or made.is_deemed:
            return None
        return papers.decision(case, reasons=made.reasons, legal_basis=made.legal_basis, remedies=made.remedies)

    return make


def _suspension(kind: str) -> Make:
    def make(case: Case) -> PaperContent | None:
        stop = Suspension.objects.filter(case=case, kind=kind).order_by("-began_at").first()
        return papers.suspension(case, stop) if stop else None

    return make


def _extension(case: Case) -> PaperContent | None:
    extensions = list(ClockExtension.objects.filter(clock__case=case).order_by("granted_at"))
    return papers.extension(case, extensions, list(case.clocks.all())) if extensions else None


def _resumption(case: Case) -> PaperContent | None:
    over = Suspension.objects.filter(case=case, ended_at__isnull=False).order_by("-ended_at").first()
    if over is None:
        return None
    stands = Suspension.objects.filter(case=case, ended_at__isnull=True).exists()
    return papers.resumption(case, over, _of_decision(case), goes_on=not stands)


def _renewal_deemed(case: Case) -> PaperContent | None:
    made = getattr(case, "decision", None)
    permit = case.predecessor
    if made is None or not made.is_deemed or permit is None or permit.valid_to is None:
        return None
    return papers.renewal_deemed(case, permit.number, permit.valid_to)


def _delivery(case: Case) -> PaperContent | None:
    delivery = getattr(case, "delivery", None)
    if delivery is None or delivery.delivered_at is None:
        return None
    with translation.override("zh-hans"):
        way = str(delivery.get_way_display())
    return papers.delivery(
        case,
        way=way,
        at=delivery.delivered_at,
        papers=delivered_numbers(case),
        detail=delivery.tracking_number or delivery.handed_to or "",
    )


def _fee_demand(case: Case) -> PaperContent | None:
    fee = case.fees.select_related("post__organisation").first()
    return papers.fee_demand(case, fee) if fee else None


def _withdrawal(case: Case) -> PaperContent | None:
    return papers.withdrawal(case, withdrawn_on=office_date(case.ended_at)) if case.ended_at else None


_MAKERS: Mapping[str, Make] = {
    "acceptance": _acceptance,
    "acceptance_deemed": _acceptance_deemed,
    "supplement": _supplement,
    "non_acceptance": _non_acceptance,
    "passing_on": _passing_on,
    "special_procedure": _suspension("procedure"),
    "suspension": _suspension("by_law"),
    "resumption": _resumption,
    "extension": _extension,
    "fee_demand": _fee_demand,
    "decision_granted": _decision("granted"),
    "decision_refused": _decision("refused"),
    "renewal_deemed": _renewal_deemed,
    "delivery": _delivery,
    "withdrawal": _withdrawal,
}
