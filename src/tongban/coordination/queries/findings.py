"""What a supervisor sees: warnings by department, item, post and period. Each figure is the length of a list.

The figures and the lists behind them come from one query (`findings`), narrowed: they cannot disagree.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Max, QuerySet

from tongban.base.actor import Actor
from tongban.base.clock import midnight
from tongban.base.errors import NotFound
from tongban.base.templatetags.words import either
from tongban.coordination.models import Finding
from tongban.coordination.rules.table import COLOURS, WATCHES
from tongban.organisations import queries as organisations


@dataclass(frozen=True, slots=True)
class Reach:
    """The offices that a supervisor oversees, and the official, whose own conflicts of interest are left out."""

    organisation_ids: frozenset[UUID]
    official_id: UUID


def reach_of(actor: Actor) -> Reach:
    """Return whom the actor supervises; raises NotFound for who supervises nobody."""
    overseen = organisations.overseen_by(actor.posts) if actor.is_official else []
    if not overseen or actor.official_id is None:
        raise NotFound
    return Reach(frozenset(overseen), actor.official_id)


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked at; stands in the address. `first` and `last` are days on which a warning began."""

    state: str = "open"
    colour: str = ""
    watch: str = ""
    organisation: str = ""
    item: str = ""
    post: str = ""
    first: str = ""
    last: str = ""

    def address(self, **other: str) -> str:
        """Return the query of the page with these filters, some of them changed; empty ones are left out."""
        changed = replace(self, **other)
        named = {one.name: getattr(changed, one.name) for one in fields(Filters)}
        return "?" + urlencode({name: value for name, value in named.items() if value and (name, value) != _USUAL})


_USUAL = ("state", "open")


def filters_of(asked: Mapping[str, str]) -> Filters:
    """Return the filters of an address; what is not understood is left out."""
    known = {
        "state": {"open", "ended", "all"},
        "colour": set(COLOURS),
        "watch": set(WATCHES),
    }
    found = {name: asked.get(name, "") for name in ("state", "colour", "watch") if asked.get(name, "") in known[name]}
    found |= {name: asked.get(name, "") for name in ("organisation", "post") if _is_id(asked.get(name, ""))}
    found |= {name: asked.get(name, "") for name in ("first", "last") if _day(asked.get(name, "")) is not None}
    return Filters(**found, item=asked.get("item", "").replace("\0", "")[:120])


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def findings(reach: Reach, filters: Filters) -> QuerySet[Finding]:
    """Return the warnings within reach that fit, the newest first."""
    found = Finding.objects.filter(organisation_id__in=reach.organisation_ids).exclude(
        case__recusals__official_id=reach.official_id
    )
    if filters.state != "all":
        found = found.filter(ended_at__isnull=filters.state == "open")
    exact = {
        "colour": filters.colour,
        "watch": filters.watch,
        "organisation_id": filters.organisation,
        "item_code": filters.item,
        "post_id": filters.post,
    }
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if (first := _day(filters.first)) is not None:
        found = found.filter(since__gte=midnight(first))
    if (last := _day(filters.last)) is not None and last < date.max:
        found = found.filter(since__lt=midnight(last + timedelta(days=1)))
    return found.order_by("-since", "-id")


def finding_for(actor: Actor, finding_id: UUID) -> Finding:
    """Return a warning that the actor supervises; raises NotFound."""
    found = findings(reach_of(actor), Filters(state="all")).filter(id=finding_id)
    one = found.select_related("case", "organisation", "post").first()
    if one is None:
        raise NotFound
    return one


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its words, and the address of the list that it counts."""

    key: str
    words: str
    count: int
    href: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """The figures of a choice of warnings."""

    total: int
    cases: int
    colours: list[Figure]
    watches: list[Figure]
    offices: list[Figure]
    items: list[Figure]
    posts: list[Figure]


MOST = 30
"""Rows of the tables by item and by post: those with the most warnings."""


def counted(reach: Reach, filters: Filters) -> Counted:
    """Return the figures: six queries, however many warnings there are."""
    found = findings(reach, filters).order_by()
    sums = found.aggregate(total=Count("id"), cases=Count("case_id", distinct=True))
    colours = dict(found.values_list("colour").annotate(Count("id")))
    watches = dict(found.values_list("watch").annotate(Count("id")))
    return Counted(
        total=sums["total"],
        cases=sums["cases"],
        colours=[
            Figure(key, str(COLOURS[key]), colours.get(key, 0), filters.address(colour=key))
            for key in ("red", "yellow", "green")
            if key != "green" or colours.get(key)
        ],
        watches=[
            Figure(key, str(words), watches.get(key, 0), filters.address(watch=key))
            for key, words in WATCHES.items()
            if watches.get(key) or filters.watch in {"", key}
        ],
        offices=_by_office(found, filters),
        items=_by_item(found, filters),
        posts=_by_post(found, filters),
    )


def _by_office(found: QuerySet[Finding], filters: Filters) -> list[Figure]:
    rows = found.values_list("organisation_id", "organisation__name", "organisation__name_en").annotate(n=Count("id"))
    return [
        Figure(str(key), either(name, name_en), count, filters.address(organisation=str(key)))
        for key, name, name_en, count in rows.order_by("-n", "organisation__name")
    ]


def _by_item(found: QuerySet[Finding], filters: Filters) -> list[Figure]:
    titles = {"title": Max("case__title"), "title_en": Max("case__title_en")}
    rows = found.exclude(item_code="").values_list("item_code").annotate(n=Count("id"), **titles)
    return [
        Figure(code, either(title, title_en), count, filters.address(item=code), hint=code)
        for code, count, title, title_en in rows.order_by("-n", "item_code")[:MOST]
    ]


def _by_post(found: QuerySet[Finding], filters: Filters) -> list[Figure]:
    names = ("post_id", "post__name", "post__name_en", "post__organisation__name", "post__organisation__name_en")
    rows = found.exclude(post=None).values_list(*names).annotate(n=Count("id")).order_by("-n", "post_id")[:MOST]
    return [
        Figure(str(key), either(name, name_en), count, filters.address(post=str(key)), hint=either(office, office_en))
        for key, name, name_en, office, office_en, count in rows
    ]


def shown_choices(reach: Reach) -> list[tuple[str, str]]:
    """Return the offices within reach, for the filter."""
    rows: Iterable[tuple[UUID, str, str]] = (
        organisations.organisations()
        .filter(id__in=reach.organisation_ids)
        .order_by("name")
        .values_list("id", "name", "name_en")
    )
    return [(str(key), either(name, name_en)) for key, name, name_en in rows]
