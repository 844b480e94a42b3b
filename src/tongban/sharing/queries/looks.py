"""Who looked at somebody's data, when, for what: as the person concerned may be told it.

A look-up for a matter of somebody else may give that matter away: a divorce, a will, a police case. Of such a one only
the office and what was looked at are told, and the rest on question, by the office, which weighs whose affairs these
are. What is under secrecy is in none of this: all begins at `exchange.told`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet

from tongban.base.actor import Actor
from tongban.base.errors import NotFound
from tongban.base.templatetags.words import either
from tongban.cases import queries as cases
from tongban.exchange import queries as exchange
from tongban.sharing.models import LogReading, Question
from tongban.sharing.queries.whose import Whose
from tongban.sharing.rules import own
from tongban.sharing.rules.periods import Period

if TYPE_CHECKING:
    from tongban.cases.models import Case
    from tongban.exchange.models import LookUp

CASE, DRAFT = "case", "draft"
_OWN = Q(purpose=own.PURPOSE, reference_kind=own.REFERENCE)
"""Readings online by who may. At a window an official reads: that stands among the look-ups of offices, to be asked."""
_RELATED = ("resource__provider", "consumer", "post", "grant", "answer")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the log is wanted."""

    period: Period = field(default_factory=Period)
    resource: str = ""
    own_readings: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A look-up as the person concerned is told it. `case` is theirs; `is_minimal`: for a matter of somebody else."""

    look_up: "LookUp"
    fields: tuple[str, ...]
    case: "Case | None"
    is_minimal: bool
    is_own: bool
    asked: tuple[tuple[str, str], ...] = ()
    """Kind and case number of what the reader has asked about it already."""

    @property
    def office(self) -> str:
        """The office that asked, or the system of another installation."""
        office = self.look_up.consumer
        return either(office.name, office.name_en) if office else self.look_up.system

    @property
    def post(self) -> str:
        """The post, where telling it gives nothing away. Never who holds it."""
        post = self.look_up.post
        return "" if post is None or self.is_minimal else post.name

    @property
    def purpose(self) -> str:
        """For what it was granted; for a matter of somebody else nothing."""
        grant = self.look_up.grant
        return "" if self.is_minimal or grant is None else grant.purpose_words

    @property
    def basis(self) -> str:
        """By which law and article."""
        grant = self.look_up.grant
        return "" if self.is_minimal or grant is None else f"{grant.basis_law}{grant.basis_article}"

    @property
    def was_secret(self) -> bool:
        """Whether it was under secrecy once."""
        return self.look_up.secret_until is not None


def look_ups_on(whose: Whose, wanted: Wanted, now: datetime) -> "QuerySet[LookUp]":
    """Return the look-ups on somebody that may be told, the newest first."""
    found = exchange.told(now).filter(subject_key=whose.subject.key)
    if wanted.period.since is not None:
        found = found.filter(at__gte=wanted.period.since)
    if wanted.period.until is not None:
        found = found.filter(at__lt=wanted.period.until)
    if wanted.resource:
        found = found.filter(resource__slug=wanted.resource)
    found = found.filter(_OWN) if wanted.own_readings else found.exclude(_OWN)
    return found.select_related(*_RELATED).order_by("-at", "-id")


@dataclass(frozen=True, slots=True)
class Counted:
    """How many look-ups there were, of which refused; own readings apart."""

    others: int
    refused: int
    own: int
    first_at: datetime | None
    """When an office looked first."""


def counted(whose: Whose, period: Period, now: datetime) -> Counted:
    """Return how many look-ups on somebody there were in a period. One query."""
    found = exchange.told(now).filter(subject_key=whose.subject.key)
    if period.since is not None:
        found = found.filter(at__gte=period.since)
    if period.until is not None:
        found = found.filter(at__lt=period.until)
    others = ~_OWN
    row = found.aggregate(
        others=Count("id", filter=others),
        refused=Count("id", filter=others & ~Q(refused="")),
        own=Count("id", filter=~others),
        first_at=Min("at", filter=others),
    )
    return Counted(**row)


def log_answers(now: datetime) -> bool:
    """Ask the log anything: an error where it cannot be read. Returns whether there is a look-up yet."""
    return exchange.told(now)[:1].exists()


def look_up_for(actor: Actor, whose: Whose, look_up_id: UUID, now: datetime) -> Line:
    """Return one look-up on somebody; raises NotFound, also for one that is secret still."""
    found = exchange.told(now).filter(subject_key=whose.subject.key, id=look_up_id).select_related(*_RELATED)
    lines = lines_of(list(found), actor)
    if not lines:
        raise NotFound
    return lines[0]


def lines_of(look_ups: "Sequence[LookUp]", actor: Actor) -> list[Line]:
    """Return look-ups as they are told. A constant number of queries for a page of them."""
    names = _field_names(look_ups)
    numbers = {one.reference for one in look_ups if one.reference_kind == CASE and one.reference}
    theirs = {case.number: case for case in cases.visible(actor).filter(number__in=numbers)} if numbers else {}
    asked = _asked(look_ups, actor)
    return [
        Line(
            look_up=one,
            fields=tuple(_name(names, one.resource_id, code) for code in one.fields),
            case=theirs.get(one.reference) if one.reference_kind == CASE else None,
            is_minimal=_gives_away(one, theirs, actor),
            is_own=one.purpose == own.PURPOSE and one.reference_kind == own.REFERENCE,
            asked=asked.get(one.id, ()),
        )
        for one in look_ups
    ]


def _name(names: Mapping[tuple[UUID, str], str], resource_id: UUID | None, code: str) -> str:
    return code if resource_id is None else names.get((resource_id, code), code)


def _gives_away(look_up: "LookUp", theirs: Mapping[str, "Case"], actor: Actor) -> bool:
    """Whether a look-up is for a matter of somebody else."""
    if look_up.reference_kind == CASE:
        return look_up.reference not in theirs
    return look_up.reference_kind == DRAFT and look_up.account_id != actor.account_id


def _field_names(look_ups: "Iterable[LookUp]") -> dict[tuple[UUID, str], str]:
    names = exchange.item_names({one.resource_id for one in look_ups if one.resource_id})
    return {place: either(*both) for place, both in names.items()}


def _asked(look_ups: "Iterable[LookUp]", actor: Actor) -> dict[UUID, tuple[tuple[str, str], ...]]:
    if actor.person_id is None:
        return {}
    rows = Question.objects.filter(look_up_id__in=[one.id for one in look_ups], asked_by_id=actor.person_id)
    found: dict[UUID, tuple[tuple[str, str], ...]] = {}
    for look_up_id, kind, number in rows.order_by("asked_at").values_list("look_up_id", "kind", "case__number"):
        found[look_up_id] = (*found.get(look_up_id, ()), (kind, number))
    return found


@dataclass(frozen=True, slots=True)
class Readings:
    """How often the log itself was read: by the reader, and by others who may."""

    own: int
    others: int
    last_by_another: datetime | None


def readings_of(whose: Whose, actor: Actor) -> Readings:
    """Return how often somebody's log was read, by whom in numbers. One query."""
    rows = LogReading.objects.filter(subject_key=whose.subject.key)
    totals = rows.values_list("account_id", "times", "last_at")
    own_times = sum(times for account_id, times, _at in totals if account_id == actor.account_id)
    others = [(times, at) for account_id, times, at in totals if account_id != actor.account_id]
    return Readings(own_times, sum(times for times, _at in others), max((at for _times, at in others), default=None))
