"""Who may do which step: the role it demands, what one official must not do twice, and who takes over.

Tables, so that an office's policy can be read and changed in one place. Sources: 公务员法 arts. 76 and 77 (回避),
行政许可法 arts. 26 (one window), 58 and 59 (fees), 44 (delivery).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeVar
from uuid import UUID

ACCEPTS = "acceptance"
"""The role of the post that accepts."""
ROLE_OF: Mapping[str, str] = {
    "acceptance": ACCEPTS,
    "decision": "approval",
    "delivery": "delivery",
    "approval": "approval",
}
"""Legal step → the role that it demands. A step of the review has the role that its process names."""
REVIEWING = ("review", "inspection")
"""Roles of review steps that do not say theirs: those made before steps kept it."""

APART: Mapping[str, frozenset[str]] = {"decision": frozenset({"acceptance"})}
"""受审分离: step → steps that whoever takes it must not have done on the same case, where somebody else may take it."""

COUNTER = ("fees", "window")
"""Roles that see and settle fees: of the office that handles the case, of the service centre, of whoever took it in."""
ANSWERS_RATINGS = ("acceptance", "review", "approval", "delivery", "window", "supervisor")
"""Roles of the office that handled a case which answer a bad rating of it."""
HANDS_OUT = ("delivery", "window")
"""Roles that hand out papers."""

OWN, CENTRE = "own", "centre"
Place = tuple[str, str]
COLLECTS: Sequence[Place] = ((OWN, "fees"), (CENTRE, "fees"), (OWN, "window"), (CENTRE, "window"))
"""Where a fee is paid, best first: a cashier before a window. Before all, the window that took the case in."""
AT_WINDOW: Sequence[Place] = ((OWN, "delivery"), (OWN, "window"), (CENTRE, "delivery"), (CENTRE, "window"))
"""Where papers are collected, best first. Before all, the window that took the case in."""
BY_POST: Sequence[Place] = ((OWN, "delivery"), (CENTRE, "delivery"), (OWN, "window"), (CENTRE, "window"))
"""Who sends papers by post, best first."""


class PostLike(Protocol):
    """A post as the rules look at it."""

    id: UUID
    organisation_id: UUID
    name: str
    roles: list[str]
    is_head: bool
    is_intake: bool


One = TypeVar("One", bound=PostLike)


def demanded(kind: str, role: str) -> tuple[str, ...]:
    """Return the roles one of which a post needs for a step: `role` is what the process says, if it is a review."""
    if role:
        return (role,)
    return (ROLE_OF[kind],) if kind in ROLE_OF else REVIEWING


def may_take(post: PostLike, roles: Iterable[str]) -> bool:
    """Whether a post has one of the roles."""
    return bool(set(roles) & set(post.roles))


def may_end(began: PostLike, *, own: PostLike, at_work: Iterable[PostLike], lead_id: UUID) -> bool:
    """Whether a post may end what the post `began` has begun: one of the same office, or of that which leads the case.

    Any other may as soon as none of these is at work on it any more, so that a case never stands for ever.
    """
    theirs = {began.organisation_id, lead_id}
    return own.organisation_id in theirs or not any(post.organisation_id in theirs for post in at_work)


def counter_for(posts: Iterable[One], order: Sequence[Place], *, own_id: UUID, centre_id: UUID | None) -> One | None:
    """Return the first post that an order of places and roles names; None when there is none of them."""
    places = {OWN: own_id, CENTRE: centre_id}
    known = sorted(posts, key=lambda post: (post.name, str(post.id)))
    for place, role in order:
        for post in known:
            if post.organisation_id == places[place] and role in post.roles:
                return post
    return None


def in_order_of_standing_in(
    posts: Iterable[One], roles: Sequence[str], *, home: PostLike, depths: Mapping[UUID, int]
) -> list[One]:
    """Return who takes over a step of the post `home`, best first.

    Its colleagues; another post of the office with the role; the head of the office; the same above, nearest first;
    the intake post if it has the role; those who supervise; the intake post at last. `depths` tells how far above the
    office another one stands.
    """

    def rung(post: PostLike) -> int | None:
        fits, depth = may_take(post, roles), depths.get(post.organisation_id)
        ladder = (
            post.id == home.id,
            depth == 0 and fits,
            depth == 0 and post.is_head,
            depth is not None and (fits or post.is_head),
            post.is_intake and fits,
            "supervisor" in post.roles,
            post.is_intake,
        )
        return next((place for place, holds in enumerate(ladder) if holds), None)

    able = [(rung(post), depths.get(post.organisation_id, len(depths)), post) for post in posts]
    standing = [(place, depth, post.name, str(post.id), post) for place, depth, post in able if place is not None]
    return [one[-1] for one in sorted(standing, key=lambda one: one[:4])]


def in_order_of_authority(posts: Iterable[One], *, depths: Mapping[UUID, int], above: bool) -> list[One]:
    """Return whose word is asked for, best first: heads, the nearest first; then who decides; then who supervises.

    With `above` the offices above come before the own one.
    """

    def rung(post: PostLike) -> tuple[int, int] | None:
        depth = depths.get(post.organisation_id)
        if depth is not None and (post.is_head or "approval" in post.roles):
            far = depth or (len(depths) if above else 0)
            return (0 if post.is_head else 1, far)
        return (2, 0) if "supervisor" in post.roles else None

    able = [(place, post.name, str(post.id), post) for post in posts if (place := rung(post)) is not None]
    return [one[-1] for one in sorted(able, key=lambda one: one[:3])]
