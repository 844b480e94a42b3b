"""How far an office reaches: who serves, oversees and stands in for whom."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection

from tongban.base.actor import PostHeld
from tongban.base.clock import office_date
from tongban.organisations.models import Organisation, Post, PostHolding
from tongban.organisations.queries.finding import ancestors, leaves_stood_in, still_held

_BELOW = """
    WITH RECURSIVE downward(id, depth) AS (
        SELECT id, 0 FROM organisations_organisation WHERE id = ANY(%s)
        UNION ALL
        SELECT below.id, downward.depth + 1
        FROM organisations_organisation AS below JOIN downward ON below.parent_id = downward.id
        WHERE downward.depth < 20
    )
    SELECT DISTINCT id FROM downward
"""


def service_centre_id() -> UUID | None:
    """Return the service centre 政务服务中心 of the jurisdiction: the organisation with the intake post."""
    return Post.objects.filter(is_intake=True, ended_at__isnull=True).values_list("organisation_id", flat=True).first()


def counters(organisation_id: UUID) -> tuple[list[Post], UUID | None]:
    """Return the posts of an organisation and of the service centre, and the id of the service centre."""
    centre_id = service_centre_id()
    posts = Post.objects.filter(organisation_id__in=[organisation_id, centre_id], ended_at__isnull=True)
    return list(posts.select_related("organisation")), centre_id


def posts_around(post: Post) -> tuple[list[Post], dict[UUID, int]]:
    """Return a post, those of its office, of the offices above it and of the service centre; and how far above each."""
    depths = ancestors(post.organisation_id)
    posts = Post.objects.filter(organisation_id__in=[*depths, service_centre_id()], ended_at__isnull=True)
    return list(posts.select_related("organisation")), depths


def overseen_by(posts: Iterable[PostHeld]) -> list[UUID]:
    """Return the organisations that supervisors by these posts oversee: their own and all below.

    Supervisors of the service centre oversee the whole jurisdiction.
    """
    own = {post.organisation_id for post in posts if "supervisor" in post.roles}
    if not own:
        return []
    if service_centre_id() in own:
        return list(Organisation.objects.values_list("id", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(_BELOW, [list(own)])
        return [found for (found,) in cursor.fetchall()]


def officials_by_post(post_ids: Iterable[UUID], now: datetime | None = None) -> dict[UUID, list[UUID]]:
    """Return post id → ids of its holders and, given an instant, then of those who stand in for holders on leave.

    Of each post the same officials as `officials_of_post`, each once.
    """
    held = still_held(PostHolding.objects.filter(post_id__in=set(post_ids)))
    holders = list(held.order_by("since", "id").values_list("post_id", "official_id"))
    deputies = _deputies({one for _post, one in holders}, now) if now is not None else {}
    found: dict[UUID, dict[UUID, None]] = {}
    for post_id, official_id in holders:
        found.setdefault(post_id, {})[official_id] = None
    for post_id, official_id in holders:
        found[post_id].update(dict.fromkeys(deputies.get(official_id, ())))
    return {post_id: list(officials) for post_id, officials in found.items()}


def _deputies(official_ids: Collection[UUID], now: datetime) -> dict[UUID, list[UUID]]:
    away = leaves_stood_in(office_date(now)).filter(official_id__in=official_ids).order_by("first_day", "id")
    deputies: dict[UUID, list[UUID]] = {}
    for official_id, deputy_id in away.values_list("official_id", "deputy_id"):
        deputies.setdefault(official_id, []).append(deputy_id)
    return deputies
