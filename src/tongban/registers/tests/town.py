"""A small town for the tests of the gate: a keeper of a register, an office with a case, people in the register."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from tongban.accounts import queries as accounts
from tongban.base.actor import SYSTEM, Actor
from tongban.cases.kinds import Terms
from tongban.cases.tests.people import NOW, Office, Resident, Staff, office, open_case, register_kind, resident
from tongban.exchange import actions as exchange
from tongban.exchange.models import Grant, Resource
from tongban.exchange.rules.calls import About, Answer, Call, CaseReference
from tongban.exchange.rules.entries import EntryDraft, ItemDraft
from tongban.processes import actions as processes
from tongban.registers import actions
from tongban.registers.models import Register

LAW = "政务数据共享条例"
FIELDS = (
    ItemDraft(code="name", name="姓名", length=100, is_required=True, sharing_class="unconditional", datum="person.name", is_lead=True),
    ItemDraft(code="birth_date", name="出生日期", type="D", sharing_class="unconditional"),
    ItemDraft(code="address", name="住址", sharing_condition="办理业务需要"),
    ItemDraft(code="district", name="区县", sharing_condition="办理业务需要"),
    ItemDraft(code="religion", name="宗教信仰", is_sensitive=True, sharing_condition="法律另有规定"),
    ItemDraft(code="secret_word", name="内部备注", sharing_class="none", sharing_condition="《某法》第九条"),
)  # fmt: skip


def entry(slug: str = "population", fields: tuple[ItemDraft, ...] = FIELDS, **changes: Any) -> EntryDraft:
    """Return an entry of the catalogue."""
    values: dict[str, Any] = {
        "slug": slug, "code": f"101001/{abs(hash(slug)) % 10**8}", "subject_kind": "person", "name": "人口基础信息",
        "name_en": "Population", "summary": "自然人基本信息", "category": "人口", "items": fields,
    }  # fmt: skip
    return EntryDraft(**(values | changes))


@dataclass
class Town:
    """Who is there, and what may be asked."""

    keeper: Office
    asking: Office
    steward: Staff
    reviewer: Staff
    lin: Resident
    register: Register
    staff: dict[str, Staff] = field(default_factory=dict)

    @property
    def resource(self) -> Resource:
        """The resource of the register, as it stands now."""
        return Resource.objects.get(id=self.register.resource_id)

    def about(self, who: Resident | None = None) -> About:
        """Return a resident as a call names them: by number."""
        person = accounts.person_by_id((who or self.lin).person_id)
        return About(kind="person", number=person.identity_number, identity_kind=person.identity_kind)

    def grant(self, *fields: str, **changes: Any) -> Grant:
        """Give the asking office a grant."""
        return exchange.give_grant(actor=SYSTEM, terms=self.terms(*fields, **changes), now=NOW)

    def terms(self, *fields: str, **changes: Any) -> exchange.GrantTerms:
        """Return terms of a grant for the asking office."""
        values: dict[str, Any] = {
            "resource_id": self.register.resource_id, "fields": fields, "purpose": "residence_permit",
            "purpose_words": "办理居住证", "basis_law": LAW, "basis_article": "第十三条",
            "consumer_id": self.asking.organisation.id, "valid_from": NOW - timedelta(days=1),
            "valid_until": NOW + timedelta(days=365), "rate_per_minute": 40,
        }  # fmt: skip
        return exchange.GrantTerms(**(values | changes))

    def call(self, number: str, *fields: str, **changes: Any) -> Call:
        """Return a call of the asking office for a case."""
        values: dict[str, Any] = {
            "about": self.about(), "fields": fields or ("name",), "purpose": "residence_permit",
            "reference": CaseReference(number), "resource": self.register.code,
        }  # fmt: skip
        return Call(**(values | changes))

    def ask(self, call: Call, *, by: Actor | None = None, now: datetime = NOW) -> Answer:
        """Ask the gate, as the acceptance desk unless somebody else is named."""
        return exchange.look_up(call=call, actor=by or self.staff["acceptance"].actor, now=now)

    def case(self, applicant: Resident | None = None, **terms: Any) -> str:
        """Open a case of the applicant at the asking office; returns its number."""
        values: dict[str, Any] = {"item_type": "01", "item_code": "X1", "retention_years": 1}
        return open_case(self.asking, applicant or self.lin, terms=Terms(**(values | terms))).number


def make_town() -> Town:
    """Make the town: quick enough for each test."""
    register_kind()
    processes.publish_shipped(NOW)
    keeper = office("云澜市公安局", "keeper", roles=("steward", "acceptance"))
    asking = office("云澜市民政局", "asking", roles=("acceptance", "review", "steward", "supervisor"), intake=True)
    steward, lin = keeper.staff("steward", "郭数"), resident()
    register = actions.make_register(
        actor=SYSTEM, keeper_id=keeper.organisation.id, entry=entry(), now=NOW, names_subjects=True
    )
    version = exchange.submit_resource(actor=SYSTEM, version_id=register.resource.versions.get().id, now=NOW)
    exchange.publish_resource(actor=SYSTEM, version_id=version.id, now=NOW)
    town = Town(keeper, asking, steward, asking.staff("steward", "审数"), lin, register)
    town.staff["acceptance"] = asking.staff("acceptance")
    actions.record(
        actor=steward.actor,
        register_id=register.id,
        about=town.about(),
        values={"name": "林知夏", "birth_date": date(1990, 3, 7), "address": "书院路 18 号", "district": "青溪区", "religion": "无"},
        valid_from=date(2020, 1, 1),
        now=NOW - timedelta(days=30),
    )  # fmt: skip
    return town


def after(**changes: float) -> datetime:
    """Return an instant after NOW."""
    return NOW + timedelta(**changes)


__all__ = ["FIELDS", "NOW", "Resident", "Town", "after", "entry", "make_town"]
