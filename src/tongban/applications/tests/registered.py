"""A town with a register: whose keeper is the police, whom the market office may ask, and a matter that it answers."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.test import Client

from tongban.accounts import queries as account_queries
from tongban.applications import actions, queries
from tongban.applications.models import Application, Draft
from tongban.applications.tests.people import Town, make_town
from tongban.base.actor import SYSTEM, Actor
from tongban.cases.tests.people import NOW, Office, Resident, client_of, given, office
from tongban.catalogue import actions as catalogue
from tongban.catalogue.models import HandlingVersion
from tongban.catalogue.queries import Guide
from tongban.exchange import actions as exchange
from tongban.exchange.models import Grant, LookUp
from tongban.exchange.rules.calls import About
from tongban.forms.rules import FormDocument
from tongban.registers import actions as registers
from tongban.registers.models import Register
from tongban.registers.tests.town import entry

HOME = "settle-here"
FORM: dict[str, Any] = {
    "title": "落户登记表",
    "steps": [
        {
            "key": "who",
            "title": "申请人",
            "fields": [
                {"key": "name", "type": "name", "label": "姓名", "source": "applicant.name"},
                {"key": "born", "type": "date", "label": "出生日期", "maximum": "today"},
                {"key": "home", "type": "text", "label": "住址"},
                {"key": "area", "type": "choice", "label": "区县",
                 "options": [{"value": "near", "label": "近郊"}, {"value": "far", "label": "远郊"}]},
                {"key": "bus", "type": "text", "label": "班车线路", "condition": "form.area == 'far'"},
            ],
        },
        {
            "key": "partner_step",
            "title": "同住人",
            "fields": [
                {"key": "partner", "type": "resident_id", "label": "同住人身份证号码", "required": False},
                {"key": "word", "type": "text", "label": "说明", "required": False},
            ],
        },
        {
            "key": "partner_home_step",
            "title": "同住人住址",
            "fields": [{"key": "partner_home", "type": "text", "label": "同住人住址", "required": False}],
        },
    ],
}  # fmt: skip
ASKED = {"resource": "population", "purpose": "settling"}
GUIDE: dict[str, Any] = {
    "name": "落户",
    "item_type": "07",
    "audiences": ["person"],
    "materials": [
        {"key": "household", "name": "户口簿", "issuer": "公安机关",
         "answered_by": ASKED | {"items": ["name", "district"], "which": "answer.district == '青溪区'"}},
        {"key": "photo", "name": "照片", "need": "optional"},
    ],
    "prefills": [
        ASKED | {"field": "name", "item": "name", "editable": False},
        ASKED | {"field": "born", "item": "birth_date", "editable": False},
        ASKED | {"field": "home", "item": "address"},
        ASKED | {"field": "area", "item": "district", "values": {"青溪区": "near"}, "editable": False},
        ASKED | {"field": "partner_home", "item": "address", "about": "form.partner"},
    ],
}  # fmt: skip
LIN = {"name": "林知夏", "birth_date": date(1990, 3, 7), "address": "书院路 18 号", "district": "青溪区"}
SENT = {"name": "别人", "born_year": "1980", "born_month": "1", "born_day": "1", "home": "书院路 18 号", "area": "far"}
"""What a page sends that somebody has tampered with: all but the address is fixed."""


def about(who: Resident) -> About:
    """Return a resident by number."""
    person = account_queries.person_by_id(who.person_id)
    return About(kind="person", number=person.identity_number, identity_kind=person.identity_kind)


@dataclass
class Registered:
    """Who is there, and what may be asked."""

    town: Town
    keeper: Office
    register: Register
    grant: Grant
    version: HandlingVersion

    @property
    def lin(self) -> Actor:
        """Who applies."""
        return self.town.lin.actor

    @property
    def person_id(self) -> UUID:
        """The applicant's person."""
        assert self.lin.person_id is not None
        return self.lin.person_id

    def record(self, who: Resident | About, *, now: datetime = NOW - timedelta(days=30), **values: Any) -> None:
        """Record something on somebody."""
        registers.record(
            actor=SYSTEM,
            register_id=self.register.id,
            about=about(who) if isinstance(who, Resident) else who,
            values=LIN | values,
            valid_from=date(2020, 1, 1),
            now=now,
        )

    def begin(self, *, agreed: bool = True, actor: Actor | None = None, **changes: Any) -> Draft:
        """Begin a draft, and agree that registers are asked."""
        actor = actor or self.lin
        values = {"applicant_kind": "self", "now": NOW, **changes}
        draft = actions.begin(actor=actor, item_code=HOME, **values)
        if agreed:
            actions.choose_registers(actor=actor, draft_id=draft.id, agreed=True, now=NOW)
        return draft

    def ask(self, draft: Draft, part: str = "who", actor: Actor | None = None, **changes: Any) -> bool:
        """Have registers asked for a part."""
        actor = actor or self.lin
        fresh = queries.draft_for(actor, draft.id)
        return actions.ask_registers(actor=actor, draft=fresh, part=part, **{"now": NOW, **changes})

    def save(self, draft: Draft, step: str = "who", **typed: str) -> dict[str, list[str]]:
        """Save a step as a page sends it; returns what is wrong."""
        sent = SENT if step == "who" else {}
        return actions.save_step(actor=self.lin, draft_id=draft.id, step_key=step, typed=sent | typed, now=NOW).errors

    def fill(self, draft: Draft, **typed: str) -> None:
        """Bring a draft to the point where it can be submitted."""
        self.ask(draft)
        assert self.save(draft, **typed) == {}
        for step in ("partner_step", "partner_home_step"):
            assert self.save(draft, step) == {}
        self.ask(draft, "materials")
        actions.save_materials(actor=self.lin, draft_id=draft.id, now=NOW)
        actions.save_delivery(actor=self.lin, draft_id=draft.id, typed={"way": "window"}, now=NOW)

    def submit(self, draft: Draft, **changes: Any) -> Application:
        """Submit a draft."""
        return actions.submit(
            actor=self.lin, draft_id=draft.id, idempotency_key=draft.idempotency_key, declared=True,
            **{"now": NOW, **changes},
        )  # fmt: skip

    def submitted(self, **typed: str) -> Application:
        """Apply from beginning to end."""
        draft = self.begin()
        self.fill(draft, **typed)
        return self.submit(draft)

    def last(self) -> LookUp:
        """Return the last look-up in the log."""
        return LookUp.objects.latest("id")

    def client(self) -> Client:
        """Return the applicant's browser."""
        return client_of(self.town.lin.username)


def published(organisation_id: UUID, **changes: Any) -> HandlingVersion:
    """Publish the matter."""
    return catalogue.publish(
        actor=SYSTEM,
        guide=Guide.model_validate(GUIDE | changes),
        code=HOME,
        organisation_id=organisation_id,
        form=FormDocument.model_validate(FORM),
        now=NOW,
    )


def make_registered() -> Registered:
    """Make the town: the applicant has shown the paper at a window, and is in the register."""
    town = make_town()
    keeper = office("云澜市公安局", "police", roles=("steward",))
    register = registers.make_register(actor=SYSTEM, keeper_id=keeper.organisation.id, entry=entry(), now=NOW)
    version = exchange.submit_resource(actor=SYSTEM, version_id=register.resource.versions.get().id, now=NOW)
    exchange.publish_resource(actor=SYSTEM, version_id=version.id, now=NOW)
    market = town.city.market.organisation
    grant = exchange.give_grant(
        actor=SYSTEM,
        terms=exchange.GrantTerms(
            resource_id=register.resource_id, consumer_id=market.id, purpose="settling", purpose_words="办理落户",
            fields=("name", "birth_date", "address", "district"), basis_law="户口登记条例", basis_article="第十条",
            items_served=(HOME,), valid_from=NOW - timedelta(days=1), valid_until=NOW + timedelta(days=900),
            rate_per_minute=1000,
        ),
        now=NOW,
    )  # fmt: skip
    made = Registered(town, keeper, register, grant, published(market.id))
    town.lin = given(town.lin)
    made.record(town.lin)
    return made
