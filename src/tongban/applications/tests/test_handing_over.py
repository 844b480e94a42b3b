"""A window hands an enterprise over: whoever registered it online before, perhaps a stranger, loses it."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from tongban.accounts import actions as accounts
from tongban.accounts import errors as refusals
from tongban.accounts.events import EnterpriseHandedOver
from tongban.accounts.models import Enterprise, Person
from tongban.applications import actions, errors, queries
from tongban.applications.models import Application, Draft, DraftAnswer
from tongban.applications.tests.people import FIRM, Town, firm_of, publish
from tongban.base.actor import SYSTEM, Actor
from tongban.base.errors import Forbidden, Invalid, NotFound
from tongban.cases import actions as cases
from tongban.cases import queries as case_queries
from tongban.cases.tests.people import NOW, Resident, client_of, given, open_task, resident
from tongban.ledger import actions as ledger
from tongban.ledger import queries as happened
from tongban.notifications.models import Message
from tongban.organisations import actions as organisations
from tongban.organisations.models import Mandate

LICENSED = "云澜望江餐饮有限公司"


class Firm:
    """An enterprise that a stranger has registered, its boss, and somebody whom the stranger has named."""

    def __init__(self, town: Town) -> None:
        publish(town.city.market.organisation.id, FIRM, audiences=["enterprise"])
        self.town = town
        self.stranger, self.friend, self.boss = (
            given(resident("先来")),
            given(resident("同伙")),
            given(resident("东家")),
        )
        self.id = firm_of(self.stranger, "望江餐饮")
        friend = Person.objects.get(id=self.friend.person_id)
        organisations.grant_mandate(
            actor=self.stranger.actor, enterprise_id=self.id, name=friend.name, identity_kind=friend.identity_kind,
            identity_number=friend.identity_number, now=NOW,
        )  # fmt: skip

    def begin(self, who: Resident) -> Draft:
        return self.town.begin(who.actor, FIRM, applicant_kind="enterprise", subject_id=self.id)

    def submit(self, who: Resident) -> Application:
        return self.town.submit(self.filled(who), who.actor)

    def filled(self, who: Resident) -> Draft:
        return self.town.fill(self.begin(who), who.actor)

    def hand_over(self, **changes: Any) -> None:
        values: dict[str, Any] = {
            "actor": self.town.clerk.actor, "enterprise_id": self.id, "former_id": self.stranger.person_id,
            "representative_id": self.boss.person_id, "name": LICENSED, "address": "云澜市滨江路 8 号", "now": NOW,
            **changes,
        }  # fmt: skip
        actions.hand_over_enterprise(**values)

    def state(self) -> list[Any]:
        """All that handing over changes."""
        return [
            list(Enterprise.objects.filter(id=self.id).values()),
            list(Mandate.objects.order_by("id").values()),
            list(Draft.objects.order_by("id").values("id", "account_id", "person_id", "values", "revision")),
            [event.kind for event in happened.history_of("enterprise", self.id)],
        ]


@pytest.fixture
def firm(town: Town) -> Firm:
    return Firm(town)


def sees(who: Resident, case_id: UUID) -> bool:
    listed = case_queries.visible(who.actor).filter(id=case_id).exists()
    assert listed == case_queries.case_is_visible(who.actor, case_id), "a list and one case answer alike"
    return listed


def test_cases_go_with_the_enterprise(firm: Firm) -> None:
    by_stranger, by_friend = firm.submit(firm.stranger), firm.submit(firm.friend)
    for application in (by_stranger, by_friend):
        assert [sees(one, application.case_id) for one in (firm.stranger, firm.friend, firm.boss)] == [
            True,
            True,
            False,
        ]
    firm.hand_over()
    for application in (by_stranger, by_friend):
        assert [sees(one, application.case_id) for one in (firm.stranger, firm.friend, firm.boss)] == [
            False,
            False,
            True,
        ]
        number, browser = application.case.number, client_of(firm.stranger.username)
        file_id = application.materials.get(file__isnull=False).file_id
        for address in (
            f"/my/cases/{number}", f"/api/v1/cases/{number}", f"/cases/{number}/receipt/",
            f"/papers/{application.receipt_id}.pdf", f"/files/{file_id}",
        ):  # fmt: skip
            assert browser.get(address).status_code == 404, address
            assert client_of(firm.boss.username).get(address).status_code in {200, 302}, address
        with pytest.raises(NotFound):
            queries.application_by_key(firm.stranger.actor, application.idempotency_key)


def test_news_of_them_go_to_the_new_representative(firm: Firm) -> None:
    case = firm.submit(firm.stranger).case
    ledger.drain(NOW)
    assert Message.objects.filter(account_id=firm.stranger.account_id, link__contains=case.number).count() == 1
    firm.hand_over()
    cases.accept(actor=firm.town.city.desk.actor, task=open_task(case, "acceptance"), now=NOW)
    ledger.drain(NOW)
    assert Message.objects.filter(account_id=firm.stranger.account_id, link__contains=case.number).count() == 1
    assert Message.objects.filter(account_id=firm.boss.account_id, link__contains=case.number).exists()


def test_drafts_go_over_without_what_is_about_their_writer(firm: Firm) -> None:
    drafts = [firm.filled(firm.stranger), firm.filled(firm.friend)]
    others = firm.town.begin(firm.stranger.actor)
    DraftAnswer.objects.create(
        draft=drafts[0], part="who", resource="r", purpose="p", about="applicant", items=[], outcome="answered",
        records=[{"name": "先来"}], looked_at=NOW,
    )  # fmt: skip
    firm.hand_over()
    for before in drafts:
        draft = queries.draft_for(firm.boss.actor, before.id)
        assert (draft.person_id, draft.revision, draft.delivery) == (firm.boss.person_id, before.revision + 1, {})
        assert not {"phone", "identity"} & set(draft.values)
        assert draft.values["words"] == before.values["words"]
        assert "shop" in draft.steps_done
        assert not {"who", "delivery"} & set(draft.steps_done)
        for lost in (firm.stranger, firm.friend):
            with pytest.raises(NotFound):
                queries.draft_for(lost.actor, before.id)
            assert client_of(lost.username).get(f"/drafts/{before.id}/form/shop/").status_code == 404
    assert not DraftAnswer.objects.exists()
    assert queries.draft_for(firm.stranger.actor, others.id) == others, "what is their own stays theirs"


def test_who_has_lost_it_submits_nothing_more(firm: Firm) -> None:
    draft = firm.filled(firm.stranger)
    firm.hand_over()
    Draft.objects.filter(id=draft.id).update(  # as if it had been begun at the same instant
        account_id=firm.stranger.account_id, person_id=firm.stranger.person_id
    )
    draft.refresh_from_db()
    with pytest.raises(errors.ActsNoMore):
        firm.town.submit(draft, firm.stranger.actor)
    assert not Application.objects.exists()
    assert Draft.objects.filter(id=draft.id).exists()


def test_mandates_end_and_all_who_lose_it_are_told_in_neutral_words(firm: Firm) -> None:
    firm.hand_over()
    enterprise = Enterprise.objects.get(id=firm.id)
    assert (enterprise.legal_representative_id, enterprise.representative_seen_at) == (firm.boss.person_id, NOW)
    assert (enterprise.name, enterprise.address) == (LICENSED, "云澜市滨江路 8 号")
    assert not Mandate.objects.filter(enterprise_id=firm.id, revoked_at__isnull=True).exists()
    ledger.drain(NOW)
    for lost in (firm.stranger, firm.friend):
        message = Message.objects.get(account_id=lost.account_id)
        assert LICENSED in message.subject
        for word in ("东家", "先来", "同伙", "冒"):
            assert word not in message.subject + message.body
        assert client_of(lost.username).get(message.link).status_code == 200
    assert not Message.objects.filter(account_id=firm.boss.account_id).exists()
    event = happened.history_of("enterprise", firm.id)
    assert [one.data for one in event if one.kind == EnterpriseHandedOver.kind] == [
        {"former_representative_id": str(firm.stranger.person_id), "legal_representative_id": str(firm.boss.person_id)}
    ]


@pytest.mark.parametrize(
    ("refused", "changes"),
    [
        (Forbidden, lambda firm: {"actor": firm.boss.actor}),
        (Forbidden, lambda firm: {"actor": firm.stranger.actor}),
        (Forbidden, lambda firm: {"actor": firm.town.city.desk.actor}),
        (Forbidden, lambda _firm: {"actor": SYSTEM}),
        (refusals.RepresentativeNotProven, lambda _firm: {"representative_id": resident("没来过").person_id}),
        (refusals.AlreadyRepresentative, lambda firm: {"representative_id": firm.stranger.person_id}),
        (refusals.RepresentativeChanged, lambda firm: {"former_id": firm.friend.person_id}),
        (errors.NothingToHandOver, lambda _firm: {"former_id": None}),
        (Invalid, lambda _firm: {"name": " "}),
        (Invalid, lambda _firm: {"address": "路" * 301}),
        (NotFound, lambda _firm: {"enterprise_id": uuid4()}),
        (NotFound, lambda _firm: {"representative_id": uuid4()}),
    ],
)
def test_refusals_change_nothing(firm: Firm, refused: type[Exception], changes: Any) -> None:
    firm.filled(firm.stranger)
    other, before = changes(firm), firm.state()
    with pytest.raises(refused):
        firm.hand_over(**other)
    assert firm.state() == before


def test_of_two_windows_the_second_is_refused(firm: Firm) -> None:
    firm.hand_over()
    before = firm.state()
    with pytest.raises(refusals.RepresentativeChanged):
        firm.hand_over(representative_id=given(resident("后来")).person_id)
    assert firm.state() == before


def desk(firm: Firm, who: Resident) -> Client:
    """Return the clerk's browser after the paper of somebody was seen."""
    person, clerk = Person.objects.get(id=who.person_id), client_of(firm.town.clerk.username)
    seen = {
        "name": person.name, "identity_kind": person.identity_kind, "identity_number": person.identity_number,
    }  # fmt: skip
    assert clerk.post("/office/accounts", seen).status_code == 302
    return clerk


def test_the_window_is_led_there_and_hands_over(firm: Firm) -> None:
    clerk, address = desk(firm, firm.boss), f"/office/window/enterprises/{firm.id}/hand-over"
    code = Enterprise.objects.get(id=firm.id).credit_code
    typed = {"enterprise-name": LICENSED, "enterprise-credit_code": code, "enterprise": "1"}
    taken = clerk.post("/office/accounts/person", typed)
    assert (taken.status_code, address in taken.content.decode()) == (422, True)
    page = clerk.get(address).content.decode()
    assert "东家" in page
    assert "先来" not in page, "who holds it is nobody's business here"
    assert "企业登记了法定代表人" in page
    sent = {"former": str(firm.stranger.person_id), "name": LICENSED, "address": ""}
    before = firm.state()
    for wrong in ({}, {"licence_seen": "on", "name": ""}, {"licence_seen": "on", "former": str(firm.friend.person_id)}):
        assert clerk.post(address, sent | wrong).status_code == 422
        assert firm.state() == before
    assert clerk.post(address, sent | {"licence_seen": "on"}).status_code == 302
    assert Enterprise.objects.get(id=firm.id).legal_representative_id == firm.boss.person_id
    assert "窗口按营业执照把企业移交给法定代表人" in clerk.get(address).content.decode()
    assert LICENSED in client_of(firm.boss.username).get("/profile/mandates").content.decode()
    assert LICENSED not in client_of(firm.stranger.username).get("/profile/mandates").content.decode()


def test_the_page_asks_for_the_account_first(firm: Firm) -> None:
    newcomer = resident("没来过")
    clerk, address = desk(firm, newcomer), f"/office/window/enterprises/{firm.id}/hand-over"
    page = clerk.get(address).content.decode()
    assert "请先把账号交给本人" in page
    assert 'name="licence_seen"' not in page
    sent = {"former": str(firm.stranger.person_id), "name": LICENSED, "address": "", "licence_seen": "on"}
    before = firm.state()
    assert clerk.post(address, sent).status_code == 422
    assert firm.state() == before


def test_the_page_is_the_windows_alone_and_about_the_person_seen(firm: Firm) -> None:
    address = f"/office/window/enterprises/{firm.id}/hand-over"
    for username in (firm.boss.username, firm.stranger.username, firm.town.city.desk.username):
        assert client_of(username).get(address).status_code == 403
    assert Client().get(address).status_code == 302
    assert client_of(firm.town.clerk.username).get(address).status_code == 404, "nobody's paper was seen"
    assert desk(firm, firm.boss).get(f"/office/window/enterprises/{uuid4()}/hand-over").status_code == 404


def taken_in(firm: Firm, came: Resident) -> UUID:
    """Return a case that a window took in for the enterprise, for which somebody came."""
    clerk = firm.town.clerk.actor
    draft = actions.begin_at_window(
        actor=clerk, post_id=firm.town.clerk.post.id, item_code=FIRM, person_id=came.person_id,
        enterprise_id=firm.id, situation={"premises": "own"}, now=NOW,
    )  # fmt: skip
    return firm.town.submit(firm.town.fill(draft, clerk), clerk).case_id


def test_what_a_window_took_in_for_it_shows_to_none_before_the_licence_was_seen(firm: Firm) -> None:
    """Whoever types a credit code, which everybody may know, is not told what the enterprise does at windows."""
    case_id = taken_in(firm, firm.boss)
    ledger.drain(NOW)
    assert [sees(one, case_id) for one in (firm.stranger, firm.friend, firm.boss)] == [False, False, False]
    assert not Message.objects.filter(account_id__in=[firm.stranger.account_id, firm.friend.account_id]).exists()
    firm.hand_over()
    assert [sees(one, case_id) for one in (firm.stranger, firm.friend, firm.boss)] == [False, False, True]


def test_once_the_licence_was_seen_mandates_from_before_show_ones_own_alone(firm: Firm) -> None:
    """A stranger who signed up as the boss may have named a friend; the boss comes to a window later."""
    Enterprise.objects.filter(id=firm.id).update(legal_representative_id=firm.boss.person_id)
    Mandate.objects.update(granted_at=NOW.replace(year=2025))
    of_boss, of_friend = firm.submit(firm.boss).case_id, firm.submit(firm.friend).case_id
    assert sees(firm.friend, of_boss)
    code = Enterprise.objects.get(id=firm.id).credit_code
    accounts.register_enterprise(
        actor=firm.town.clerk.actor, name="望江餐饮", credit_code=code, representative_id=firm.boss.person_id, now=NOW
    )
    assert [sees(firm.friend, one) for one in (of_boss, of_friend)] == [False, True]
    assert [sees(firm.boss, one) for one in (of_boss, of_friend)] == [True, True]
    Mandate.objects.update(granted_at=NOW)
    assert [sees(firm.friend, one) for one in (of_boss, of_friend)] == [True, True]
    Person.objects.filter(id=firm.friend.person_id).update(account_given_at=None)
    unproven: Actor = _again(firm.friend)
    listed = set(case_queries.visible(unproven).values_list("id", flat=True))
    assert listed == {of_friend} == {one for one in (of_boss, of_friend) if case_queries.case_is_visible(unproven, one)}


def _again(who: Resident) -> Actor:
    from tongban.accounts import queries as people  # noqa: PLC0415 - only here

    return people.actor_by_account(who.account_id)
