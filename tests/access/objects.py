"""Somebody's real objects, for every argument that occurs in an address. A new argument without one fails the walk."""

from dataclasses import dataclass
from datetime import timedelta

from django.test import Client

from tests.access.sharing import ASKED, asked_and_refused
from tests.people import (
    BACKEND,
    GUIDE,
    ITEM,
    Person,
    Town,
    accepted,
    applied,
    at_the_head,
    drafted,
    official,
    open_task,
    resident,
    submitted_as,
)
from tongban.accounts import actions as accounts
from tongban.accounts.models import Account, OpenedSession
from tongban.accounts.queries import person_of
from tongban.accounts.tests.people import credit_code, identity_number
from tongban.applications import actions as applications
from tongban.applications.models import Application, DraftMaterial
from tongban.base.actor import SYSTEM
from tongban.base.clock import now, office_date
from tongban.cases import actions as cases
from tongban.cases.models import Case, FeeDemand, Suspension, Task
from tongban.cases.tests.people import Office, actor_of
from tongban.catalogue import actions as catalogue
from tongban.catalogue.rules import THEMES
from tongban.coordination import actions as coordination
from tongban.coordination.models import Finding, Order
from tongban.exchange import actions as exchange
from tongban.exchange.models import Grant, Resource
from tongban.exchange.rules.calls import About, Call, CaseReference, Secrecy
from tongban.exchange.rules.entries import EntryDraft, ItemDraft
from tongban.exchange.tests.following import webhook_of
from tongban.ledger import actions as ledger
from tongban.notifications.models import Message
from tongban.organisations import actions as organisations
from tongban.papers import actions as papers
from tongban.papers import queries as paper_queries
from tongban.papers.kinds import wordings
from tongban.papers.models import Paper
from tongban.registers import actions as registers
from tongban.sharing import actions as sharing
from tongban.sharing import queries as my_data

STATED = "虚构市档案馆"


@dataclass(frozen=True)
class Belongings:
    """What belongs to 林知夏 and the market office, by argument, and words that are nobody's."""

    resident: Person
    official: Person
    owned: dict[str, str]
    """Argument → something of somebody's, which nobody else may see or change. With the piece of the address before
    it, `supplement/number`, where another one is needed there."""
    key: str
    """The key under which the draft is submitted."""
    bodies: dict[str, dict[str, object]]
    """Words of the address of an operation of the API → a body that is complete and right."""
    public: dict[str, str]
    """Piece of the address before it and argument → a word that is nobody's."""

    def find(self, route: str, name: str) -> tuple[str, bool]:
        """Return what stands for an argument of a route, and whether it is owned; fails where nothing is given."""
        here = f"{_before(route, name)}/{name}"
        for place in (f"{_after(route, name)}/{name}", here, name):
            if place in self.owned:
                return self.owned[place], True
        assert here in self.public, f"/{route}: give <{name}> a real object in tests/access/objects.py, as {here!r}"
        return self.public[here], False


def _pieces(route: str) -> list[str]:
    return [piece for piece in route.split("/") if piece]


def _place(route: str, name: str) -> int:
    return next(place for place, piece in enumerate(_pieces(route)) if f":{name}>" in piece or f"<{name}>" in piece)


def _before(route: str, name: str) -> str:
    return next((piece for piece in reversed(_pieces(route)[: _place(route, name)]) if "<" not in piece), "")


def _after(route: str, name: str) -> str:
    return next((piece for piece in _pieces(route)[_place(route, name) + 1 :] if "<" not in piece), "")


def everywhere_in(office: Office, name: str) -> Person:
    """Return an official who holds every post of an office."""
    first, *others = office.posts
    who = official(office, first, name)
    assert who.official_id is not None
    for role in others:
        organisations.appoint(actor=SYSTEM, official_id=who.official_id, post_id=office.posts[role].id, now=now())
    account = Account.objects.get(username=who.username)
    return Person(who.username, actor_of(account.id, now()), who.official_id, who.post_id)


def _held(clerk: Person, number: str) -> str:
    """Return a case of which the clerk has taken a task."""
    cases.claim(actor=clerk.actor, task=open_task(number, "acceptance"), now=now())
    return number


def belongings(town: Town) -> Belongings:
    """Give 林知夏 one of everything, and the market office what it has to do with it."""
    lin, clerk = town.lin, everywhere_in(town.market, "周明")
    number, awaited, due = applied(lin), applied(lin), accepted(town, applied(lin))
    cases.ask_supplement(
        actor=town["acceptance"].actor,
        task=open_task(awaited, "acceptance"),
        points=[("material", "sketch", "请换一张清楚的")],
        now=now(),
    )
    ledger.drain(now=now())
    case, draft = Case.objects.get(number=number), drafted(lin)
    order, standing = _ordered(clerk, case), _standing(town)
    row = DraftMaterial.objects.get(draft=draft)
    family = _family(lin)
    granted = _granted_to(town)
    catalogue.publish(actor=SYSTEM, guide=GUIDE.model_copy(update={"authority_name": STATED}), code="stated", now=now())
    return Belongings(
        resident=lin,
        official=clerk,
        key=str(draft.idempotency_key),
        bodies={
            "drafts/steps": {"answers": {"words": "换一块"}},
            "drafts/registers": {"agreed": False},
            "drafts/delivery": {"way": "window"},
            "drafts/submit": {"declared": True},
            "drafts/materials/word": {"way": "not_applicable", "word": "没有"},
            "cases/supplement": {"words": {"sketch": "见附件"}},
            "cases/rating": {"level": 1},
            "cases/stand-aside": {"reason": "亲属"},
            "tasks/hand-over": {"to_official_id": str(town["acceptance"].actor.official_id), "word": "请接手"},
            "tasks/supplement": {"points": [{"kind": "material", "key": "sketch", "words": "请换一张"}]},
            "tasks/refuse": {"reason": "不属本局", "legal_basis": "第三十二条", "what_else": "请到住建局"},
            "tasks/pass-on": {"organisation_id": str(town.health.organisation.id)},
            "tasks/review": {"choice": "agree", "opinion": "同意"},
            "tasks/decision": {"outcome": "granted", "reasons": "符合规定"},
            "tasks/deliver": {"way": "window", "handed_to": "本人"},
            "tasks/procedure": {
                "procedure": "expert_review",
                "ground": "需专家评审",
                "expected_value": 5,
                "expected_unit": "working_day",
            },
            "tasks/suspension": {"ground": "须以诉讼结果为依据", "basis": "《某条例》第十条"},
            "tasks/resumption": {"suspension_id": str(standing.id), "outcome": "已通过"},
            "tasks/extension": {"reasons": "情况复杂"},
            "tasks/late-supplement": {
                "points": [{"kind": "material", "key": "sketch", "words": "请换一张"}],
                "reasons": "首次看漏",
            },
            "tasks/answer": {"granted": True},
            "sharing/requests": {"resource": "shops", **ASKED},
            "sharing/requests/answer": {"fields": ["name"]},
            "sharing/requests/dispute": {"grounds": "需要"},
            "exchange/look-ups": {
                "resource": "shops",
                "about": {"kind": "enterprise", "number": credit_code()},
                "fields": ["name"],
                "purpose": "keeping",
                "standing": "keeping",
            },
            "exchange/webhooks/replay": {"after": ""},
        },
        owned={
            "number": number,
            "supplement/number": awaited,
            "full-numbers/number": _held(clerk, applied(lin)),
            "task_id": str(open_task(number, "acceptance").id),
            "procedure/task_id": str(_reviewed(town).id),
            "suspension/task_id": str(_reviewed(town).id),
            "resumption/task_id": str(open_task(standing.case.number, "review").id),
            "extension/task_id": str(_reviewed(town).id),
            "answer/task_id": str(_asked(town).id),
            "review/task_id": str(open_task(due, "review").id),
            "decision/task_id": str(open_task(at_the_head(town, applied(lin)), "decision").id),
            "deliver/task_id": str(open_task(_to_be_fetched(town), "delivery").id),
            "fee_id": str(FeeDemand.objects.get(case__number=due).id),
            "draft_id": str(draft.id),
            "row_id": str(row.id),
            "entry_id": str(row.id),
            "file_id": str(Application.objects.get(case=case).materials.exclude(file=None)[0].file_id),
            "paper_id": str(Paper.objects.filter(subject_id=case.id)[0].id),
            "message_id": str(Message.objects.filter(account__username=lin.username)[0].id),
            "leave_id": _leave(town, clerk),
            "session_id": _session(lin),
            "finding_id": _found_wrong(clerk, lin),
            "order_id": str(order.id),
            "look_up_id": _looked_up(town, clerk, number),
            "secrecy/look_up_id": _looked_up_secretly(town, clerk, number),
            "corrections/number": _corrected(town, clerk),
            "grant_id": granted,
            **asked_and_refused(town),
            "entry": "shops",
            "make/entry": "stalls",
            "webhook_id": _followed_by(town),
            **family,
        },
        public={
            "items/code": ITEM,
            "apply/code": ITEM,
            "window/code": ITEM,
            "themes/code": next(iter(THEMES)),
            "departments/slug": "market",
            "resources/resource": "shops",
            "held/resource": "shops",
            "held/field": "name",
            "new/resource": "shops",
            "quality/resource": "shops",
            "leads/datum": "shop.name",
            "registers/register": "shops",
            "named/name": STATED,
            "rules/version": "1",
            "wordings/kind": "acceptance",
            "clocks/item_type": "01",
            "versions/template_id": _wording(town),
            "versions/how": "again",
            "address/channel": "phone",
            "verify/channel": "phone",
            "form/step": "sign",
            "steps/key": "sign",
            "registers/part": "sign",
            "registers/key": "sketch",
            "tasks/step": "accept",
            "fees/how": "paid",
            "figures/figure": "on_time",
            "calendar/of_year": "2026",
            "entries/path": "000",
            "tile/level": "0",
            "tile/path": "000",
            "materials/key": "sketch",
            "supplement/key": "sketch",
        },
    )


def _granted_to(town: Town) -> str:
    """A grant of the market office, for a register of its own; the service centre sees it too.

    And an entry of which it has made no register yet.
    """
    _published_by(town, "stalls", "101001/9")
    return str(_granted(town, "shops", "101001/7", "enterprise", standing="keeping").id)


def _granted(town: Town, slug: str, code: str, kind: str, *, standing: str = "", purpose: str = "keeping") -> Grant:
    """Lay down a register of the market office unless it is there, and give the office a grant for it."""
    keeper_id = town.market.organisation.id
    resource = Resource.objects.filter(slug=slug).first()
    if resource is None:
        datum = "shop.name" if slug == "shops" else ""
        item = ItemDraft(code="name", name="名称", sharing_class="unconditional", datum=datum)
        entry = _entry(slug, code, kind, item)
        resource = registers.make_register(actor=SYSTEM, keeper_id=keeper_id, entry=entry, now=now()).resource
        version = exchange.submit_resource(actor=SYSTEM, version_id=resource.versions.get().id, now=now())
        exchange.publish_resource(actor=SYSTEM, version_id=version.id, now=now())
    terms = exchange.GrantTerms(
        resource_id=resource.id,
        consumer_id=keeper_id,
        fields=("name",),
        purpose=purpose,
        purpose_words="维护登记库",
        basis_law="《某条例》",
        basis_article="第一条",
        standing=standing,
        may_be_secret=purpose == "inquiry",
        valid_from=now(),
        valid_until=now() + timedelta(days=30),
        rate_per_minute=100,
    )
    return exchange.give_grant(actor=SYSTEM, terms=terms, now=now())


def _looked_up(town: Town, clerk: Person, number: str) -> str:
    """A look-up of 林知夏 for her case, by the market office. Her paper was seen, so that she may read of it."""
    lin = person_of(town.lin.actor)
    assert lin is not None
    accounts.register_person(
        actor=SYSTEM,
        name=lin.name,
        identity_kind=lin.identity_kind,
        identity_number=lin.identity_number,
        assurance="seen",
        now=now(),
    )
    accounts.vouch_for_holder(actor=SYSTEM, person_id=lin.id, now=now())
    return _look_up(town, clerk, number)


def _looked_up_secretly(town: Town, clerk: Person, number: str) -> str:
    """The same under an order: data stewards of the office that asked may extend it."""
    return _look_up(town, clerk, number, Secrecy(now() + timedelta(days=9), "云检调〔2026〕1号"))


def _look_up(town: Town, clerk: Person, number: str, secrecy: Secrecy | None = None) -> str:
    lin = person_of(town.lin.actor)
    assert lin is not None
    purpose = "inquiry" if secrecy else "keeping"
    grant = Grant.objects.filter(resource__slug="people", purpose=purpose).first() or _granted(
        town, "people", "101001/6", "person", purpose=purpose
    )
    call = Call(
        about=About(kind="person", id=lin.id),
        fields=("name",),
        purpose=grant.purpose,
        reference=CaseReference(number),
        grant_id=grant.id,
        secrecy=secrecy,
    )
    return str(exchange.look_up(call=call, actor=clerk.actor, now=now()).look_up_id)


def _corrected(town: Town, clerk: Person) -> str:
    """A correction that 林知夏 has asked for, and that waits for the market office's data steward."""
    sharing.give_own_views(now=now())
    whose = my_data.whose_for(town.lin.actor, None)
    case = sharing.ask_correction(
        actor=town.lin.actor,
        whose=whose,
        held=my_data.held_for(whose, "people", now()),
        field="name",
        record_key="",
        stated=None,
        wanted="林之夏",
        words="登记有误",
        now=now(),
    )
    cases.accept(actor=clerk.actor, task=open_task(case.number, "acceptance"), now=now())
    return case.number


def _entry(slug: str, code: str, kind: str, item: ItemDraft) -> EntryDraft:
    return EntryDraft(slug=slug, code=code, subject_kind=kind, name=slug, summary=slug, category=slug, items=(item,))


def _published_by(town: Town, slug: str, code: str) -> None:
    entry = _entry(slug, code, "enterprise", ItemDraft(code="name", name="名称", sharing_class="unconditional"))
    made = exchange.begin_resource(actor=SYSTEM, provider_id=town.market.organisation.id, draft=entry, now=now())
    exchange.submit_resource(actor=SYSTEM, version_id=made.id, now=now())
    exchange.publish_resource(actor=SYSTEM, version_id=made.id, now=now())


def _followed_by(town: Town) -> str:
    """A receiver of changes of the market office's own register."""
    return str(webhook_of(Resource.objects.get(slug="shops").id, town.market.organisation.id).id)


def _wording(town: Town) -> str:
    """A wording of the market office: item managers of all offices may read it, its own may change it."""
    made = papers.publish_wording(
        actor=SYSTEM,
        kind="acceptance",
        organisation_id=town.market.organisation.id,
        texts=paper_queries.shipped_texts(wordings["acceptance"]),
        reason="更亲切",
        now=now(),
    )
    return str(made.id)


def _reviewed(town: Town) -> Task:
    """Return an open review of a case of 林知夏."""
    return open_task(accepted(town, applied(town.lin)), "review")


def _standing(town: Town) -> Suspension:
    """Return a suspension for which a case of 林知夏 stands."""
    return cases.suspend_by_law(
        actor=town["review"].actor,
        task=_reviewed(town),
        ground="须以诉讼结果为依据",
        basis="《某条例》第十条",
        now=now(),
    )


def _asked(town: Town) -> Task:
    """Return the task of a superior who has been asked for more time."""
    return cases.ask_extension(actor=town["review"].actor, task=_reviewed(town), reasons="现场复杂", now=now()).task


def _to_be_fetched(town: Town) -> str:
    """Return the number of a case that was refused, and whose decision 林知夏 fetches at the window."""
    draft = drafted(town.lin)
    applications.save_delivery(actor=town.lin.actor, draft_id=draft.id, typed={"way": "window"}, now=now())
    number = submitted_as(town.lin, draft)
    cases.decide(
        actor=town["approval"].actor,
        task=open_task(at_the_head(town, number), "decision"),
        outcome="refused",
        reasons="不符合规定",
        legal_basis="《行政许可法》第三十八条",
        now=now(),
    )
    return number


def _session(lin: Person) -> str:
    """A session of another browser."""
    Client().force_login(Account.objects.get(username=lin.username), backend=BACKEND)
    return str(OpenedSession.objects.filter(account__username=lin.username).latest("id").id)


def _ordered(clerk: Person, case: Case) -> Order:
    """Return an order that the market office has to answer."""
    return coordination.issue_order(actor=clerk.actor, case=case, demand="请说明原因", now=now())


def _found_wrong(clerk: Person, lin: Person) -> str:
    """Return a warning against a case of the market office: not accepted, and hardly a reason given."""
    case = Case.objects.get(number=applied(lin))
    task = open_task(case.number, "acceptance")
    cases.refuse_acceptance(
        actor=clerk.actor, task=task, reason="不行", legal_basis="第三十二条", what_else="另办", now=now()
    )
    coordination.settle(case_ids=[case.id], now=now())
    return str(Finding.objects.get(case=case).id)


def _family(lin: Person) -> dict[str, str]:
    """A child, an enterprise, and somebody who may act for it."""
    paper = {"identity_kind": "resident_identity_card", "identity_number": identity_number()}
    ward = accounts.add_ward(actor=lin.actor, name="林小满", **paper, relation="parent", now=now())
    enterprise = accounts.register_enterprise(actor=lin.actor, name="林知夏面馆", credit_code=credit_code(), now=now())
    mandate = organisations.grant_mandate(
        actor=lin.actor,
        enterprise_id=enterprise.id,
        name="宋远",
        identity_kind="resident_identity_card",
        identity_number=identity_number(),
        now=now(),
    )
    return {"ward_id": str(ward.id), "enterprise_id": str(enterprise.id), "mandate_id": str(mandate.id)}


def _leave(town: Town, clerk: Person) -> str:
    deputy = town["acceptance"].official_id
    assert deputy is not None
    first = office_date(now()) + timedelta(days=1)
    leave = organisations.take_leave(actor=clerk.actor, deputy_id=deputy, first_day=first, last_day=first, now=now())
    return str(leave.id)


def strangers(town: Town, who: str) -> Person:
    """Return somebody who has nothing to do with any of it."""
    if who == "resident":
        return resident("沈青禾")
    if who == "without_post":
        town.market.posts["no_role"] = organisations.create_post(
            actor=SYSTEM, organisation_id=town.market.organisation.id, name="见习岗", roles=[], now=now()
        )
        return official(town.market, "no_role", "徐行")
    return everywhere_in(town.health, "何远")
