"""A small office for the tests of cases: two departments with their posts, officials, residents, a kind of case."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID

from django.test import Client

from tongban.accounts import actions as accounts
from tongban.accounts import queries as account_queries
from tongban.accounts.tests.people import identity_number
from tongban.base.actor import SYSTEM, Actor
from tongban.cases import actions
from tongban.cases.kinds import KINDS, ApplicantRef, CaseKind, DeliveryWish, Target, Terms
from tongban.cases.models import Case, Task
from tongban.organisations import actions as organisations
from tongban.organisations import queries as organisation_queries
from tongban.organisations.models import Organisation, Post
from tongban.processes import actions as processes
from tongban.processes import queries as process_queries
from tongban.processes.models import ProcessVersion
from tongban.processes.tests import invented

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
"""Monday, 10 o'clock in the office."""
_numbers = count(1)


class TestKind(CaseKind):
    """A kind of case that lives in the tests."""

    __test__ = False
    name = "test"
    words = "Test matter"

    def supplement_targets(self, case: Case) -> list[Target]:
        return [
            Target(kind="field", key="address", name="经营场所"),
            Target(kind="material", key="lease", name="租赁合同"),
        ]

    def supplement_url(self, case: Case) -> str:
        return f"/answer/{case.number}"

    def archive_entries(self, case: Case) -> Iterable[tuple[str, bytes | UUID]]:
        yield "answers.txt", "地址".encode()


def register_kind() -> None:
    if "test" not in KINDS:
        KINDS.register("test", TestKind())


@dataclass
class Staff:
    """An official who holds a post."""

    actor: Actor
    username: str
    official_id: UUID
    post: Post


@dataclass
class Office:
    """A department with posts."""

    organisation: Organisation
    posts: dict[str, Post] = field(default_factory=dict)

    def staff(self, role: str, name: str = "周明") -> Staff:
        """Appoint a new official to the post of a role."""
        number = next(_numbers)
        username = f"official{number}"
        official = accounts.create_official(
            actor=SYSTEM, name=name, staff_number=f"S{number}", username=username, password="right horse 马", now=NOW
        )
        organisations.appoint(actor=SYSTEM, official_id=official.id, post_id=self.posts[role].id, now=NOW)
        return Staff(actor_of(official.account_id), username, official.id, self.posts[role])


ROLES = ("window", "acceptance", "review", "approval", "delivery", "fees", "supervisor")


def actor_of(account_id: UUID, at: datetime = NOW) -> Actor:
    return organisation_queries.actor_for_account(account_id, at)


def office(name: str, slug: str, *, roles: Iterable[str] = ROLES, intake: bool = False) -> Office:
    made = organisations.create_organisation(
        actor=SYSTEM, name=name, slug=slug, now=NOW, paper_prefix=slug, address="云澜市和平路 1 号"
    )
    found = Office(made)
    for role in roles:
        found.posts[role] = organisations.create_post(
            actor=SYSTEM,
            organisation_id=made.id,
            name=f"{role}岗",
            roles=[role],
            is_intake=intake and role == "acceptance",
            now=NOW,
        )
    return found


@dataclass
class Resident:
    """Somebody with an account."""

    actor: Actor
    account_id: UUID
    username: str

    @property
    def person_id(self) -> UUID:
        assert self.actor.person_id is not None
        return self.actor.person_id


def resident(name: str = "林知夏", *, language: str = "zh-hans") -> Resident:
    username = f"resident{next(_numbers)}"
    account = accounts.sign_up(
        name=name,
        identity_kind="resident_identity_card",
        identity_number=identity_number(),
        password="right horse 马",
        consents={"privacy_notice", "electronic_service"},
        phone=f"139{next(_numbers):08}",
        username=username,
        language=language,
        now=NOW,
    )
    return Resident(account_queries.actor_by_account(account.id), account.id, username)


def given(who: Resident) -> Resident:
    """Let a window see the identity card of a resident and give them the account: from then on they are surely there."""
    person = account_queries.person_by_id(who.person_id)
    accounts.register_person(
        actor=SYSTEM, name=person.name, identity_kind=person.identity_kind, identity_number=person.identity_number,
        assurance="seen", now=NOW,
    )  # fmt: skip
    accounts.vouch_for_holder(actor=SYSTEM, person_id=person.id, now=NOW)
    return Resident(account_queries.actor_by_account(who.account_id), who.account_id, who.username)


def client_of(account_username: str) -> Client:
    """Return a browser in which somebody has signed in."""
    from tongban.accounts.models import Account  # noqa: PLC0415 - only here

    client = Client()
    client.force_login(
        Account.objects.get(username=account_username), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def default_process() -> ProcessVersion:
    processes.publish_shipped(NOW)
    return process_queries.default_process("promised")


def process_without_limits() -> ProcessVersion:
    """Publish a review whose step may take as long as the case: only the limits of the whole are watched."""
    text = invented.line("review")
    return processes.publish(code="without-limits", name="无环节时限", bpmn=text, now=NOW)


def open_case(at: Office, of: Resident, **changes: Any) -> Case:
    register_kind()
    terms = changes.pop("terms", Terms(item_type="01", item_code="X1", retention_years=1))
    values: dict[str, Any] = {
        "actor": of.actor,
        "kind": "test",
        "title": "食品经营许可",
        "title_en": "Food licence",
        "organisation_id": at.organisation.id,
        "applicant": ApplicantRef(name=of.actor.name, person_id=of.person_id, submitted_by_id=of.person_id),
        "channel": "web",
        "terms": terms,
        "process": default_process(),
        "process_data": {"form": {}, "situation": {}, "applicant": {"kind": "person"}},
        "delivery": DeliveryWish(way="online", electronic=True),
        "now": NOW,
        **changes,
    }
    return actions.open_case(opening=actions.opening(**values), now=values["now"])


def open_task(case: Case, kind: str) -> Task:
    return Task.objects.select_related("case").get(case=case, kind=kind, state="open")


@dataclass
class City:
    """Two departments and who works there."""

    market: Office
    health: Office
    desk: Staff
    reviewer: Staff
    head: Staff
    lin: Resident

    def case(self, **changes: object) -> Case:
        """Open a case of the market office."""
        return open_case(self.market, self.lin, **changes)

    def accepted(self, **changes: object) -> Case:
        """Open a case and accept it."""
        case = self.case(**changes)
        actions.accept(actor=self.desk.actor, task=open_task(case, "acceptance"), now=NOW)
        return case

    def reviewed(self, **changes: object) -> Case:
        """Bring a case to the desk of who decides."""
        case = self.accepted(**changes)
        task = open_task(case, "review")
        actions.complete_review(actor=self.reviewer.actor, task=task, choice="agree", now=NOW)
        return case


def make_city() -> City:
    """Make the city; for tests with transactions of their own too."""
    market = office("云澜市市场监督管理局", "market", intake=True)
    health = office("云澜市卫生健康局", "health", roles=("acceptance", "fees"))
    return City(
        market=market,
        health=health,
        desk=market.staff("acceptance", "王受理"),
        reviewer=market.staff("review", "李审查"),
        head=market.staff("approval", "赵决定"),
        lin=resident(),
    )
