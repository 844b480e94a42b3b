"""What the applicant is shown of a case: where it is, who has it, since when, until when, what is wanted now."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.base.actor import Actor
from tongban.base.errors import Words
from tongban.base.templatetags.words import date_words, either, listed, money, where_words
from tongban.cases.kinds import kind_of
from tongban.cases.models import (
    Case,
    CasePaper,
    Clock,
    ClockExtension,
    Decision,
    FeeDemand,
    Rating,
    SupplementPoint,
    SupplementRequest,
    Suspension,
    Task,
)
from tongban.cases.queries.clocks import ClockShown, clocks_shown, moves_of
from tongban.cases.queries.dossier import Dossier, dossier_of, standing_suspensions
from tongban.cases.queries.expecting import Expected, expected
from tongban.cases.queries.history import applicant_history_among
from tongban.cases.rules import life
from tongban.cases.rules.outcome import DECIDED

if TYPE_CHECKING:
    from tongban.organisations.models import Organisation

_WHERE: dict[str, Words] = {
    Case.State.SUPPLEMENT: gettext_lazy("It is your turn: something is still missing."),
    Case.State.DECIDED: gettext_lazy("The decision is made; the result is being prepared."),
    Case.State.COMPLETED: gettext_lazy("The result is ready and on its way to you."),
    Case.State.DELIVERED: gettext_lazy("This matter is done."),
    Case.State.NOT_ACCEPTED: gettext_lazy(
        "This matter was not accepted. The notice says why, and what you can do instead."
    ),
    Case.State.WITHDRAWN: gettext_lazy("You took this matter back."),
    Case.State.LAPSED: gettext_lazy(
        "This matter was closed, because what was missing did not come in time. You may apply again."
    ),
}
"""Where a case is when no office works on it."""
_WHERE_REFUSED: dict[str, Words] = {
    Case.State.DELIVERED: gettext_lazy(
        "Your application was not granted. The decision says why, and what you can do if you do not agree."
    ),
    "online": gettext_lazy("Your application was not granted. The decision is on its way to you."),
    "window": gettext_lazy("Your application was not granted. Please collect the decision at the window."),
    "post": gettext_lazy("Your application was not granted. The decision is sent to you by post."),
}
"""The same after a refusal."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something wanted from the applicant now."""

    title: str
    text: str
    until: date | None = None
    provisional: bool = False
    href: str = ""
    action: str = ""
    points: tuple[tuple[str, str], ...] = ()
    excuse: str = ""
    """Why it is wanted only now, though it could have been wanted before."""


@dataclass(frozen=True)
class Follow:
    """The follow page of a case."""

    case: Case
    where: str
    wanted: list[Wanted]
    timeline: list[dict[str, Any]]
    clocks: list[ClockShown]
    papers: list[CasePaper]
    fees: list[FeeDemand]
    can_withdraw: bool
    can_rate: bool
    rating: Rating | None
    guide_url: str = ""
    standing: list[Suspension] = field(default_factory=list)
    """What the limits stand for."""
    extended: list[ClockExtension] = field(default_factory=list)
    """Time that was added, once for each notice."""
    expected: Expected | None = None
    result_paper: CasePaper | None = field(default=None)


def follow(case: Case, *, actor: Actor, today: date) -> Follow:
    """Return what the applicant's side is shown of a case found for the actor. A constant number of queries."""
    return follow_among(case, dossier_of(case), actor=actor, today=today)


def follow_among(case: Case, kept: Dossier, *, actor: Actor, today: date) -> Follow:
    """Return the same of a dossier that is at hand."""
    papers = [row for row in kept.papers if row.for_applicant]
    at_work, rating = kept.open_tasks, kept.rating
    request = kept.open_supplement if case.state == Case.State.SUPPLEMENT else None
    moves = moves_of(kept.stops, kept.extensions)
    clocks = clocks_shown(case, kept.clocks, moves, kept.calendar, today=today, for_applicant=True)
    return Follow(
        case=case,
        where=_where(case, at_work, kept.fees),
        wanted=_wanted(case, kept.fees, request),
        timeline=_timeline(case, kept, clocks, request),
        clocks=clocks,
        papers=papers,
        fees=kept.fees,
        can_withdraw=life.is_possible(case.state, "withdraw") and _is_for_applicant(actor, case),
        can_rate=rating is None and actor.is_resident and life.is_possible(case.state, "rate"),
        rating=rating,
        guide_url=kind_of(case).guide_url(case),
        standing=standing_suspensions(case),
        extended=_once_for_each_notice(kept.extensions),
        expected=expected(case, kept, moves, today=today),
        result_paper=next((row for row in papers if row.paper.kind == "result" and not row.paper.voided_at), None),
    )


def _is_for_applicant(actor: Actor, case: Case) -> bool:
    """Whether the actor, who sees the case, stands on the applicant's side (see `finding.acts_for_applicant`)."""
    return actor.is_resident or (case.taken_in_by_id is not None and case.taken_in_by_id in actor.post_ids)


def _where(case: Case, at_work: list[Task], fees: list[FeeDemand]) -> str:
    """Return in one sentence how the case came out, and where it is."""
    if case.state in DECIDED and case.decision.outcome == Decision.Outcome.REFUSED:
        return str(_WHERE_REFUSED[case.state if case.state == Case.State.DELIVERED else case.delivery.way])
    if case.state == Case.State.DECIDED and any(fee.state == FeeDemand.State.DUE for fee in fees):
        return _("It is granted. Please pay the fee; the result follows after that.")
    if case.state in _WHERE:
        return str(_WHERE[case.state])
    offices = [task.post.organisation for task in at_work] or [case.organisation]
    names = dict.fromkeys(either(office.name, office.name_en) for office in offices)
    if case.state == Case.State.SUSPENDED:
        return _("%(offices)s has it; the limit stands for the time being.") % {"offices": listed(names)}
    return _("%(offices)s is working on it.") % {"offices": listed(names)}


def _once_for_each_notice(extensions: list[ClockExtension]) -> list[ClockExtension]:
    """Return one extension for each notice: the clocks of a case are extended together."""
    return list({extension.paper_id: extension for extension in extensions}.values())


def _wanted(case: Case, fees: list[FeeDemand], request: SupplementRequest | None) -> list[Wanted]:
    found = [_to_pay(fee) for fee in fees if fee.state == FeeDemand.State.DUE]
    if request is not None:
        url = kind_of(case).supplement_url(case)
        supplement = Wanted(
            title=_("Please send what is still missing"),
            text=request.word or _("This is everything; nothing more will be asked for later."),
            excuse=_excuse(request),
            until=request.answer_by,
            provisional=request.provisional,
            href=url,
            action=_("Supplement now") if url else "",
            points=tuple((point.target_name, point.words) for point in _in_order(request)),
        )
        found.insert(0, supplement)
    if case.state == Case.State.COMPLETED and case.delivery.way == "window":
        found.append(_to_collect(case))
    return found


def _excuse(request: SupplementRequest) -> str:
    """Return why something is asked for only now that could have been named at first, as a superior has allowed."""
    if request.approval is None:
        return ""
    said = _(
        "Some of this should have been named the first time; we are sorry. A superior has allowed to ask for it now. "
        "Reasons: %(reasons)s"
    )
    return said % {"reasons": request.approval.reasons}


def _in_order(request: SupplementRequest) -> list[SupplementPoint]:
    return sorted(request.points.all(), key=lambda point: (point.position, point.id))


def _to_pay(fee: FeeDemand) -> Wanted:
    office = fee.post.organisation
    return Wanted(
        title=_("Please pay %(amount)s") % {"amount": money(fee.amount_fen)},
        text=_("%(fee)s. You can pay at %(place)s; bring the demand or tell the number of your matter.")
        % {"fee": fee.name, "place": where_words(either(office.name, office.name_en), office.address, office.phone)},
        href=reverse("papers:show", args=[fee.paper_id]) if fee.paper_id else "",
        action=_("Open the demand for payment") if fee.paper_id else "",
    )


def _to_collect(case: Case) -> Wanted:
    office = collected_at(case)
    refused = case.decision.outcome == Decision.Outcome.REFUSED
    place = where_words(either(office.name, office.name_en), office.address, office.opening_hours)
    return Wanted(
        title=_("Please collect the decision") if refused else _("Please collect your result"),
        text=_("Bring your identity card. You find us here: %(place)s") % {"place": place},
    )


def collected_at(case: Case) -> "Organisation":
    """Return the office at whose window the papers of a case lie ready."""
    task = (
        case.tasks.filter(kind=Task.Kind.DELIVERY).select_related("post__organisation").order_by("-created_at").first()
    )
    return task.post.organisation if task else case.organisation


def _timeline(
    case: Case, kept: Dossier, clocks: list[ClockShown], request: SupplementRequest | None
) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = [
        {"title": happened.words, "when": happened.when, "who": happened.who, "state": "done"}
        for happened in applicant_history_among(kept.events)
    ]
    entries += [_now(task, _until(clocks)) for task in kept.open_tasks]
    if request is not None:
        waiting = {"title": _("Waiting for your answer"), "when": request.asked_at, "until": request.answer_by}
        entries.append({**waiting, "who": _("You"), "state": "current"})
    return entries + [{"title": title, "state": "todo"} for title in _to_come(case, kept.open_tasks)]


def _now(task: Task, until: date | None) -> dict[str, Any]:
    office = task.post.organisation
    return {
        "title": _("Now: %(step)s") % {"step": either(task.name, task.name_en)},
        "when": task.created_at,
        "who": either(office.name, office.name_en),
        "until": until if task.kind != Task.Kind.DELIVERY else task.due_on,
        "state": "current",
    }


def _until(clocks: list[ClockShown]) -> date | None:
    """Return the earliest date that the applicant is told."""
    running = [clock.due_on for clock in clocks if clock.state == Clock.State.RUNNING]
    return min(running, default=None)


def _to_come(case: Case, at_work: list[Task]) -> list[str]:
    """Return the legal steps still to come, as far as they are certain."""
    steps = {
        "accept": _("Acceptance"),
        "decide": _("Decision"),
        "deliver": _("Result"),
    }
    match case.state:
        case Case.State.SUPPLEMENT:
            return list(steps.values())
        case Case.State.SUBMITTED:
            return [steps["decide"], steps["deliver"]]
        case Case.State.REVIEW | Case.State.SUSPENDED:
            is_deciding = any(task.kind == Task.Kind.DECISION for task in at_work)
            return [steps["deliver"]] if is_deciding else [steps["decide"], steps["deliver"]]
        case Case.State.DECIDED:
            return [steps["deliver"]]
    return []


def delivery_words(case: Case) -> str:
    """Return in a sentence how the result reaches the applicant, or has; "" when there is none to come."""
    delivery = case.delivery
    if case.state in life.ENDED and delivery.delivered_at is None:
        return ""
    if delivery.delivered_at is not None:
        return _delivered_words(case, delivery.delivered_at)
    if delivery.way == "online":
        return _("You receive the result online, on this page.")
    if delivery.way == "post":
        return _("The papers are sent to you by post.")
    return _("You collect the papers at the window.")


def _delivered_words(case: Case, at: datetime) -> str:
    values = {"day": date_words(at), "number": case.delivery.tracking_number}
    if case.delivery.way == "post":
        return _("Sent by post on %(day)s, tracking number %(number)s.") % values
    if case.delivery.way == "online":
        return _("Served online on %(day)s.") % values
    return _("Handed over at the window on %(day)s.") % values
