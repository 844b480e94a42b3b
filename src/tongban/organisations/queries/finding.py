"""How to find regions, organisations, posts, who holds them, and who may act for whom."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Collate

from tongban.accounts import queries as accounts
from tongban.base.actor import Actor
from tongban.base.clock import office_date
from tongban.base.compiled import Written, compiled_once, together
from tongban.base.errors import NotFound
from tongban.base.templatetags.words import clauses, either
from tongban.organisations.errors import NoPost
from tongban.organisations.models import (
    Leave,
    Organisation,
    Post,
    PostHolding,
    Region,
)

if TYPE_CHECKING:
    from tongban.accounts.models import Official

_UPWARD = """
    WITH RECURSIVE upward(id, parent_id, depth) AS (
        SELECT id, parent_id, 0 FROM organisations_organisation WHERE id = %s
        UNION ALL
        SELECT above.id, above.parent_id, upward.depth + 1
        FROM organisations_organisation AS above JOIN upward ON above.id = upward.parent_id
        WHERE upward.depth < 20
    )
"""
_ANCESTORS = f"{_UPWARD} SELECT id, depth FROM upward"  # noqa: S608 - constants of ours
_POST_FOR: Written[UUID] = Written(
    f"""
    {_UPWARD}
    SELECT post.id
    FROM organisations_post AS post LEFT JOIN upward ON upward.id = post.organisation_id AND post.roles ? %s
    WHERE post.ended_at IS NULL AND (upward.id IS NOT NULL OR post.is_intake)
    ORDER BY upward.depth NULLS LAST, post.is_head, post.name COLLATE "C", post.id
    LIMIT 1
    """,  # noqa: S608 - likewise
    lambda row: row[0],
)


def still_held(holdings: QuerySet[PostHolding]) -> QuerySet[PostHolding]:
    """Return those of the holdings that have not ended, by officials who have not left."""
    return holdings.filter(until__isnull=True, official__ended_at__isnull=True)


def leaves_stood_in(day: date) -> QuerySet[Leave]:
    """Return the leaves of a day whose deputies have not left; of one official there may be two at once."""
    return Leave.objects.filter(deputy__ended_at__isnull=True, **standing(day))


def standing(day: date) -> dict[str, object]:
    """Return the condition under which a leave holds on a day."""
    return {"first_day__lte": day, "last_day__gte": day, "cancelled_at__isnull": True}


# --- regions and organisations


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """The city or county that this installation serves."""

    name: str
    name_en: str
    contact_phone: str
    region: Region | None


def jurisdiction() -> Jurisdiction:
    """Return the jurisdiction; its region is that of the office with the intake post."""
    city = settings.TONGBAN_CITY
    post = Post.objects.filter(is_intake=True, ended_at__isnull=True).select_related("organisation__region").first()
    return Jurisdiction(city.name, city.name_en, city.contact_phone, post.organisation.region if post else None)


def region(code: str) -> Region:
    """Return a region by its 12-digit code; raises NotFound."""
    found = Region.objects.filter(code=code).first()
    if found is None:
        raise NotFound
    return found


def regions(parent_code: str | None = None) -> QuerySet[Region]:
    """Return the regions right below one, or the provinces, by code."""
    return Region.objects.filter(parent_id=parent_code).order_by("code")


def organisation(organisation_id: UUID) -> Organisation:
    """Return an organisation; raises NotFound."""
    found = Organisation.objects.filter(id=organisation_id).select_related("region").first()
    if found is None:
        raise NotFound
    return found


@compiled_once
def organisation_rows(organisation_id: UUID) -> QuerySet[Organisation]:
    """Return an organisation as a row, to be asked for together with other things."""
    return Organisation.objects.filter(id=organisation_id)


def organisation_by_slug(slug: str) -> Organisation:
    """Return the organisation of a short address; raises NotFound."""
    found = Organisation.objects.filter(slug=slug, ended_at__isnull=True).first()
    if found is None:
        raise NotFound
    return found


def organisation_names(organisation_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return id → name for a page that shows many, in one query."""
    return dict(Organisation.objects.filter(id__in=set(organisation_ids)).values_list("id", "name"))


def post_names(post_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return post id → office · post, in one query; also of posts that have ended."""
    return _post_names(Post.objects.filter(id__in=set(post_ids)))


def post_names_of(organisation_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the same of all posts that organisations have or had."""
    return _post_names(Post.objects.filter(organisation_id__in=set(organisation_ids)))


def _post_names(posts: QuerySet[Post]) -> dict[UUID, str]:
    rows = posts.values_list("id", "organisation__name", "name")
    return {post_id: f"{organisation} · {name}" for post_id, organisation, name in rows}


def organisations_to_pass_on_to() -> list[Organisation]:
    """Return the organisations that have a post, so that somebody there takes what is passed on; by name."""
    return _with_post()


@compiled_once
def _with_post() -> QuerySet[Organisation]:
    with_post = Post.objects.filter(ended_at__isnull=True).values("organisation_id")
    return organisations().filter(id__in=with_post)


def credit_codes(organisation_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the unified social credit codes of those organisations that have one, by id."""
    found = Organisation.objects.filter(id__in=organisation_ids, codes__scheme="credit_code")
    return dict(found.values_list("id", "codes__value"))


def organisation_by_code(scheme: str, value: str) -> Organisation | None:
    """Return the organisation of a code, None when unknown. The scheme of credit codes is "credit_code"."""
    return Organisation.objects.filter(codes__scheme=scheme, codes__value=value).first()


def organisation_by_name(name: str, region_code: str | None = None) -> Organisation | None:
    """Return the one organisation of a name, in a region if one is given; None when there is none or more than one."""
    found = Organisation.objects.filter(name=name, ended_at__isnull=True)
    if region_code is not None:
        found = found.filter(region_id=region_code)
    shown = list(found[:2])
    return shown[0] if len(shown) == 1 else None


def organisations() -> QuerySet[Organisation]:
    """Return all organisations that exist today, by name."""
    return Organisation.objects.filter(ended_at__isnull=True).select_related("region").order_by("name")


def all_organisations() -> list[Organisation]:
    """Return them as a list, for a page that offers them all."""
    return _all_organisations()


_all_organisations = compiled_once(organisations)

# --- posts


def post_for(*, organisation_id: UUID, role: str) -> Post:
    """Return the post that does this for an organisation, with its organisation. See `post_id_for`."""
    return post(post_id_for(organisation_id=organisation_id, role=role))


def post_id_for(*, organisation_id: UUID, role: str) -> UUID:
    """Return the id of the post that does this for an organisation.

    The organisation's own post with the role; else that of the nearest office above it; else the intake post, which
    passes it on. Raises NoPost when there is none at all.
    """
    if own := _own_post_for(organisation_id, role):  # nearly always there, and a quarter of the work of what follows
        return own[0]
    if found := _POST_FOR.asking(organisation_id, role).rows():
        return found[0]
    raise NoPost


def posts_with(role: str) -> QuerySet[Post]:
    """Return the posts that have a role today, heads last: the first of an organisation does this for it."""
    posts = Post.objects.filter(ended_at__isnull=True, roles__has_key=role)
    return posts.order_by("is_head", Collate("name", "C"), "id")


@compiled_once
def _own_post_for(organisation_id: UUID, role: str) -> "QuerySet[Post, UUID]":
    return posts_with(role).filter(organisation_id=organisation_id).values_list("id", flat=True)[:1]


def ancestors(organisation_id: UUID) -> dict[UUID, int]:
    """Return organisation id → steps above, of an organisation and all above it."""
    with connection.cursor() as cursor:
        cursor.execute(_ANCESTORS, [organisation_id])
        return dict(cursor.fetchall())


def intake_post() -> Post:
    """Return the post that takes what no other office is known to handle; raises NoPost."""
    return _intake(list(Post.objects.filter(is_intake=True, ended_at__isnull=True).select_related("organisation")))


def _intake(posts: Sequence[Post]) -> Post:
    post = next((post for post in posts if post.is_intake), None)
    if post is None:
        raise NoPost
    return post


def post(post_id: UUID) -> Post:
    """Return a post with its organisation; raises NotFound."""
    found = Post.objects.filter(id=post_id).select_related("organisation").first()
    if found is None:
        raise NotFound
    return found


def posts_of_organisation(organisation_id: UUID) -> list[Post]:
    """Return the posts of an organisation that exist today, by name."""
    return _posts_of_organisation(organisation_id)


@compiled_once
def _posts_of_organisation(organisation_id: UUID) -> QuerySet[Post]:
    posts = Post.objects.filter(organisation_id=organisation_id, ended_at__isnull=True)
    return posts.select_related("organisation").order_by("name")


def officials_of_post(post_id: UUID, now: datetime | None = None) -> list["Official"]:
    """Return who holds a post and, given an instant, who stands in for holders on leave then; by name."""
    return _officials_of_post(post_id, None if now is None else office_date(now))


@compiled_once
def _officials_of_post(post_id: UUID, today: date | None) -> "QuerySet[Official]":
    holders = still_held(PostHolding.objects.filter(post_id=post_id)).values("official_id")
    wanted = Q(id__in=holders)
    if today is not None:
        wanted |= Q(id__in=leaves_stood_in(today).filter(official_id__in=holders).values("deputy_id"))
    return accounts.officials().filter(wanted, ended_at__isnull=True).order_by("name", "id")


def post_and_beside(post: Post, now: datetime) -> tuple[list[Post], list["Official"]]:
    """Return the posts of a post's organisation, and who acts by the post itself at an instant; both by name."""
    beside, officials = together(
        _posts_of_organisation.asking(post.organisation_id), _officials_of_post.asking(post.id, office_date(now))
    )
    return beside, officials


def colleagues(actor: Actor) -> list["Official"]:
    """Return the other officials who hold posts in the organisations the actor belongs to, by name."""
    if actor.official_id is None:
        return []
    return list(
        accounts.officials()
        .filter(
            holdings__until__isnull=True,
            holdings__post__ended_at__isnull=True,
            holdings__post__organisation_id__in=_own_organisations(actor),
            ended_at__isnull=True,
        )
        .exclude(id=actor.official_id)
        .distinct()
        .order_by("name", "id")
    )


def _own_organisations(actor: Actor) -> set[UUID]:
    """Return the organisations of posts held by the actor, not those stood in for."""
    return {post.organisation_id for post in actor.posts if not post.as_deputy}


def office_words(official_ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """Return official id → their posts in words: office · post, post (provider for room accounts)."""
    words: dict[UUID, list[str]] = {}
    holdings = (
        PostHolding.objects.filter(official_id__in=official_ids, until__isnull=True, post__ended_at__isnull=True)
        .select_related("post__organisation")
        .order_by("post__organisation__name", "post__name")
    )
    for holding in holdings:
        post, office = holding.post, holding.post.organisation
        name = either(office.short_name or office.name, office.name_en)
        words.setdefault(holding.official_id, []).append(f"{name} · {either(post.name, post.name_en)}")
    return {official_id: clauses(found) for official_id, found in words.items()}


# --- leave


def officials_deputised_by(official_id: UUID, on: date) -> frozenset[UUID]:
    """Return the officials for whom an official stands in on a day."""
    return frozenset(Leave.objects.filter(deputy_id=official_id, **standing(on)).values_list("official_id", flat=True))


def leaves_of(actor: Actor, today: date) -> list[Leave]:
    """Return the actor's leaves that are not over and not cancelled, soonest first."""
    if actor.official_id is None:
        return []
    return list(
        Leave.objects.filter(official_id=actor.official_id, last_day__gte=today, cancelled_at__isnull=True)
        .select_related("deputy")
        .order_by("first_day")
    )


def deputising_of(actor: Actor, today: date) -> list[Leave]:
    """Return the leaves of others for which the actor stands in, now or later, soonest first."""
    if actor.official_id is None:
        return []
    return list(
        Leave.objects.filter(deputy_id=actor.official_id, last_day__gte=today, cancelled_at__isnull=True)
        .select_related("official")
        .order_by("first_day")
    )
