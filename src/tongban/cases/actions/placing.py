"""To which post a step goes, so that somebody who may do it always can: never an orphan."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from tongban.cases import queries
from tongban.cases.errors import NeedsAnother
from tongban.cases.models import Case, Recusal, Task
from tongban.cases.rules import duties
from tongban.organisations import queries as organisations

if TYPE_CHECKING:
    from tongban.organisations.models import Post


def post_id_of_step(case: Case, role: str, *, post: "Post | None" = None, organisation_id: UUID | None = None) -> UUID:
    """Return the id of the post for a new step of a case: the one given, or the one with the role for the office.

    Without `organisation_id` the office is that of the case. Where everybody who holds the post stands aside from the
    case, it is the post that takes over. A case that is not written yet has nobody who stands aside.
    """
    office = organisation_id or case.organisation_id
    home_id = post.id if post else organisations.post_id_for(organisation_id=office, role=role)
    aside = set() if case._state.adding else set(case.recusals.values_list("official_id", flat=True))  # noqa: SLF001 - Django's public name
    if not aside:
        return home_id
    home = post or organisations.post(home_id)
    taking = queries.standing_in(home, (role,), aside) or _of_office(case, aside)
    return taking.id if taking else home_id


class Places:
    """The posts for steps of many locked cases: each office and role is asked for once, as is who stands aside."""

    def __init__(self, case_ids: Iterable[UUID]) -> None:
        """Ask who stands aside from which case."""
        self._aside = set(Recusal.objects.filter(case_id__in=list(case_ids)).values_list("case_id", flat=True))
        self._known: dict[tuple[UUID, str], UUID] = {}
        self._cashiers: dict[tuple[UUID, UUID | None], Post] = {}

    def post_id_of_step(self, case: Case, role: str, *, organisation_id: UUID | None = None) -> UUID:
        """Return what the function of this name does."""
        if case.id in self._aside:
            return post_id_of_step(case, role, organisation_id=organisation_id)
        office = organisation_id or case.organisation_id
        if (office, role) not in self._known:
            self._known[office, role] = organisations.post_id_for(organisation_id=office, role=role)
        return self._known[office, role]

    def cashier(self, case: Case) -> "Post":
        """Return the post at which the fees of a case are paid."""
        key = (case.organisation_id, case.taken_in_by_id)
        if key not in self._cashiers:
            self._cashiers[key] = cashier(case)
        return self._cashiers[key]


def _of_office(case: Case, aside: Iterable[UUID]) -> "Post | None":
    """Return who takes over for the office that handles the case, when a step of another office finds nobody there."""
    home = organisations.post_for(organisation_id=case.organisation_id, role="approval")
    return queries.standing_in(home, ("approval",), aside)


def check_apart(task: Task, official_id: UUID, now: datetime) -> None:
    """Refuse whoever took an earlier step that is to be kept apart 受审分离; raises NeedsAnother."""
    if queries.is_kept_apart(task, official_id, now):
        raise NeedsAnother


def superior(case: Case, official_id: UUID, *, above: bool = False) -> "Post":
    """Return the post whose word is asked for by an official: the head of the office, else of the nearest one above.

    With `above` it is the office above that is asked first. Never a post that nobody holds but who asks, or who stands
    aside, as long as there is another.
    """
    home = organisations.post_for(organisation_id=case.organisation_id, role="approval")
    posts, depths = organisations.posts_around(home)
    ladder = duties.in_order_of_authority(posts, depths=depths, above=above)
    holders = organisations.officials_by_post(post.id for post in ladder)
    out = {*case.recusals.values_list("official_id", flat=True), official_id}
    return next((post for post in ladder if set(holders.get(post.id, ())) - out), home)


def cashier(case: Case) -> "Post":
    """Return the post at which the fees of a case are paid."""
    found = _window_of(case) or _counter(case, duties.COLLECTS)
    return found or organisations.post_for(organisation_id=case.organisation_id, role="fees")


def hands_out(case: Case, *, at_window: bool) -> "Post | None":
    """Return the post that hands the papers of a case out at a window, or sends them; None when no counter does."""
    return (_window_of(case) or _counter(case, duties.AT_WINDOW)) if at_window else _counter(case, duties.BY_POST)


def _window_of(case: Case) -> "Post | None":
    """Return the window that took a case in, if it is one that takes money and hands out papers."""
    post = case.taken_in_by
    return post if post is not None and duties.may_take(post, duties.HANDS_OUT) else None


def _counter(case: Case, order: Sequence[duties.Place]) -> "Post | None":
    posts, centre_id = organisations.counters(case.organisation_id)
    return duties.counter_for(posts, order, own_id=case.organisation_id, centre_id=centre_id)
