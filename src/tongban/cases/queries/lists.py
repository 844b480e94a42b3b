"""Lists of cases: a resident's own, an official's search, fees, deliveries."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from tongban.base.actor import Actor
from tongban.cases.models import Case, FeeDemand, Task
from tongban.cases.queries.finding import listed, settled_by, visible
from tongban.cases.queries.newest import NewestCases, shown_rows, told, told_rows, with_outcome
from tongban.cases.rules import life


def cases_of(actor: Actor, *, view: str = "") -> QuerySet[Case]:
    """Return a resident's matters, newest first; each tells in `wants` whether something is wanted from them.

    `view` is "" (all), "open" or "ended".
    """
    unpaid = FeeDemand.objects.filter(case_id=OuterRef("pk"), state=FeeDemand.State.DUE)
    cases = visible(actor).select_related("organisation", "decision").annotate(has_fee=Exists(unpaid))
    return _viewed(cases, view).order_by("-submitted_at", "-id")


def cases_wanting(actor: Actor) -> QuerySet[Case]:
    """Return the matters in which something is wanted from the resident now: a supplement, a fee."""
    return cases_of(actor).filter(Q(state=Case.State.SUPPLEMENT) | Q(has_fee=True))


Cases = QuerySet[Case] | NewestCases
"""Cases in their order, to be sliced and counted."""


def search_cases(actor: Actor, *, words: str = "", state: str = "") -> Cases:
    """Return the cases an official may see, newest first, by number, matter or applicant, and by state."""
    if not actor.is_official:
        return Case.objects.none()
    if not words and not state:
        return NewestCases(actor, shown_rows)
    return with_outcome(_narrowed(actor, words=words, state=state))


def cases_told(actor: Actor, *, words: str = "", state: str = "", view: str = "") -> Cases:
    """Return the cases anybody may see, newest first, by words, by state, and by `view` (see `cases_of`).

    Each tells in `first_due` the nearest date of its running clocks.
    """
    if actor.is_official and not (words or state or view):
        return NewestCases(actor, told_rows)
    return told(_narrowed(actor, words=words, state=state, view=view))


def _narrowed(actor: Actor, *, words: str = "", state: str = "", view: str = "") -> QuerySet[Case]:
    cases = listed(actor)
    if words:
        cases = cases.filter(
            Q(number__istartswith=words)
            | Q(title__icontains=words)
            | Q(title_en__icontains=words)
            | Q(applicant_name__icontains=words)
        )
    if state:
        cases = cases.filter(state=state)
    return _viewed(cases, view).order_by("-submitted_at", "-id")


def _viewed(cases: QuerySet[Case], view: str) -> QuerySet[Case]:
    if view == "open":
        return cases.exclude(state__in=life.ENDED)
    return cases.filter(state__in=life.ENDED) if view == "ended" else cases


def fees_due(actor: Actor, *, state: str = "due") -> QuerySet[FeeDemand]:
    """Return fees that the actor may settle, those due the longest first; settled ones the newest first."""
    fees = settled_by(actor).select_related("case__organisation", "settled_by")
    if state == FeeDemand.State.DUE:
        return fees.filter(state=FeeDemand.State.DUE).order_by("demanded_at", "id")
    return fees.exclude(state=FeeDemand.State.DUE).order_by("-settled_at", "-id")


def deliveries_due(actor: Actor) -> QuerySet[Task]:
    """Return what the actor's posts have to deliver, the earliest due first."""
    if actor.official_id is None:
        return Task.objects.none()
    tasks = Task.objects.filter(kind=Task.Kind.DELIVERY, state=Task.State.OPEN, post_id__in=actor.post_ids)
    tasks = tasks.exclude(case__recusals__official_id=actor.official_id)
    return tasks.select_related("case__organisation", "case__delivery", "case__result", "holder").order_by(
        F("due_on").asc(nulls_last=True), "id"
    )
