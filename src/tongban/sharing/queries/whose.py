"""Whose data somebody may look into: their own, those of wards, those of enterprises for which they may act."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from tongban.accounts import queries as accounts
from tongban.base.actor import Actor
from tongban.base.clock import now, office_date
from tongban.base.compiled import Question
from tongban.base.errors import NotFound
from tongban.exchange import queries as exchange
from tongban.exchange.providers import Verdict
from tongban.exchange.rules.subjects import Subject
from tongban.organisations import queries as organisations

Relation = Literal["self", "guardian", "enterprise", "window"]
SEEN = "seen"
WINDOW = "window"
NOBODY_ID = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Whose:
    """Somebody whose data the reader may look into. `is_sure`: officials have seen the papers that say so."""

    id: UUID
    kind: Literal["person", "enterprise"]
    name: str
    relation: Relation
    is_sure: bool
    subject: Subject

    @property
    def person_id(self) -> UUID | None:
        """The person, where it is one."""
        return self.id if self.kind == "person" else None

    @property
    def enterprise_id(self) -> UUID | None:
        """The enterprise, where it is one."""
        return self.id if self.kind == "enterprise" else None


def all_whose(actor: Actor) -> list[Whose]:
    """Return all whose data a resident may look into: the reader first, then wards, then enterprises."""
    own = accounts.person_of(actor)
    if own is None or not actor.is_resident:
        return []
    sure = own.is_proven
    confirmed = accounts.ward_ids_of(own.id)
    wards = [_person(ward, "guardian", is_sure=sure) for ward in accounts.wards_of(actor) if ward.id in confirmed]
    acted_for = organisations.enterprises_for(actor)
    proven = organisations.proven_enterprise_ids(own.id, office_date(now())) if acted_for and sure else frozenset()
    firms = [_enterprise(firm, is_sure=firm.id in proven) for firm in acted_for]
    return [_person(own, "self", is_sure=sure), *wards, *firms]


def whose_for(actor: Actor, whose_id: UUID | None) -> Whose:
    """Return the one of these with an id, the reader without one; raises NotFound."""
    found = [one for one in all_whose(actor) if whose_id is None or one.id == whose_id]
    if not found:
        raise NotFound
    return found[0]


def _person(person: Any, relation: Relation, *, is_sure: bool) -> Whose:  # noqa: ANN401 - accounts.Person
    subject = exchange.person_subject(person.identity_kind, person.identity_number)
    return Whose(person.id, "person", person.name, relation, is_sure, subject)


def _enterprise(firm: Any, *, is_sure: bool) -> Whose:  # noqa: ANN401 - accounts.Enterprise
    return Whose(firm.id, "enterprise", firm.name, "enterprise", is_sure, exchange.enterprise_subject(firm.credit_code))


def check_window(actor: Actor) -> None:
    """Refuse whoever holds no window of the service centre; raises NotFound."""
    centre_id = organisations.service_centre_id()
    if centre_id is None or not actor.has_role(WINDOW, centre_id):
        raise NotFound


def present_at_window(actor: Actor, person_id: UUID) -> Whose:
    """Return a person who stands at a window of the service centre, identity seen; raises NotFound."""
    check_window(actor)
    person = accounts.person_by_id(person_id)
    if person.assurance != SEEN:
        raise NotFound
    return _person(person, "window", is_sure=True)


class OwnVerifier:
    """Answers the gate for references of the kinds "own" and "present": whose data somebody reads as theirs."""

    def __init__(self, *, at_window: bool) -> None:
        """At a window an official asks for the person who is present."""
        self._at_window = at_window

    def asking(self, number: str) -> Question[Any]:
        """Return a question that costs nothing: what is asked depends on who asks."""
        return accounts.persons_by_ids.asking([id_in(number)])

    def judge(self, rows: Sequence[Any], *, subject: Subject, actor: Actor) -> Verdict:
        """Say whether the subject is the reader, a ward, an enterprise of theirs; else there is no such reference."""
        number = str(rows[0].id) if rows else ""
        centre_id = organisations.service_centre_id()
        allowed = {one.subject.key: one for one in self._allowed(actor, rows)}
        whose = allowed.get(subject.key)
        if centre_id is None or whose is None or not whose.is_sure:
            return Verdict("case_unknown", number=number)
        posts = [post.id for post in actor.posts if WINDOW in post.roles and post.organisation_id == centre_id]
        return Verdict("", str(whose.id), frozenset({centre_id}), posts[0] if posts else None)

    def _allowed(self, actor: Actor, rows: Sequence[Any]) -> list[Whose]:
        if not self._at_window:
            return all_whose(actor)
        try:
            return [present_at_window(actor, row.id) for row in rows]
        except NotFound:
            return []


def id_in(text: str) -> UUID:
    """Return the id that a text is; for any other text one that nobody has."""
    try:
        return UUID(text)
    except ValueError:
        return NOBODY_ID
