"""Registers fill in and answer: what is theirs stands, what is not theirs stays shut, and nothing is a dead end."""

from datetime import timedelta
from typing import Any

import pytest

from tongban.applications import actions, queries
from tongban.applications.errors import Incomplete, NothingToAsk
from tongban.applications.models import Application, ApplicationAnswer, Draft, DraftAnswer
from tongban.applications.tests.registered import ASKED, GUIDE, HOME, LIN, Registered, make_registered, published
from tongban.base.actor import SYSTEM
from tongban.base.errors import Invalid, NotFound
from tongban.cases import actions as cases
from tongban.cases.kinds import KINDS
from tongban.cases.models import Case
from tongban.cases.tests.people import NOW, Resident, given
from tongban.exchange import actions as exchange
from tongban.exchange import errors as exchange_errors
from tongban.exchange.models import LookUp, Source
from tongban.exchange.providers import CASES_OF
from tongban.exchange.rules.calls import About, Call, CaseReference
from tongban.ledger.models import Event
from tongban.ledger.queries import history_of


@pytest.fixture
def here(db: None) -> Registered:
    return make_registered()


def away(here: Registered) -> None:
    """Let the source answer no more."""
    Source.objects.filter(resource=here.register.resource_id).update(kind="not_installed")


def test_a_step_is_filled_from_the_register_and_the_log_names_the_draft(here: Registered) -> None:
    draft = here.begin()
    assert here.ask(draft) is True
    fills = queries.fills_for(queries.draft_for(here.lin, draft.id), "who")
    assert {key: (fill.value, fill.is_fixed) for key, fill in fills.items()} == {
        "name": ("林知夏", True),
        "born": ("1990-03-07", True),
        "home": ("书院路 18 号", False),
        "area": ("near", True),
    }
    row = here.last()
    assert (row.reference_kind, row.reference, row.purpose) == ("draft", str(draft.id), "settling")
    assert (row.consumer_id, row.official_id, row.account_id) == (
        here.town.city.market.organisation.id, None, here.lin.account_id
    )  # fmt: skip
    assert set(row.fields) == {"name", "birth_date", "address", "district"}
    assert LookUp.objects.count() == 1
    assert here.ask(draft) is False
    assert LookUp.objects.count() == 1


def test_nothing_is_asked_without_agreement(here: Registered) -> None:
    draft = here.begin(agreed=False)
    assert here.ask(draft) is False
    actions.choose_registers(actor=here.lin, draft_id=draft.id, agreed=False, now=NOW)
    assert here.ask(draft) is False
    assert not LookUp.objects.exists()
    assert not DraftAnswer.objects.exists()


def test_whoever_thinks_better_of_it_takes_the_answers_along(here: Registered) -> None:
    draft = here.begin()
    here.ask(draft)
    assert DraftAnswer.objects.exists()
    actions.choose_registers(actor=here.lin, draft_id=draft.id, agreed=False, now=NOW)
    assert not DraftAnswer.objects.exists()
    assert here.save(draft) == {"bus": ["请填写“班车线路”"]}
    assert Draft.objects.get().values["name"] == "别人"
    chosen = [
        event.data["agreed"] for event in Event.objects.filter(kind="applications.registers_chosen").order_by("id")
    ]
    assert chosen == [True, False]


def test_what_is_sent_for_a_fixed_question_is_left_aside(here: Registered) -> None:
    draft = here.begin()
    here.ask(draft)
    assert here.save(draft) == {}
    assert Draft.objects.get().values == {
        "name": "林知夏", "born": "1990-03-07", "home": "书院路 18 号", "area": "near"
    }  # fmt: skip


def test_a_draft_that_was_written_before_the_answer_came_is_submitted_with_what_stands(here: Registered) -> None:
    draft = here.begin(agreed=False)
    assert here.save(draft, bus="3 路") == {}
    actions.choose_registers(actor=here.lin, draft_id=draft.id, agreed=True, now=NOW)
    here.ask(draft)
    here.ask(draft, "materials")
    assert Draft.objects.get().values["name"] == "别人"
    actions.save_delivery(actor=here.lin, draft_id=draft.id, typed={"way": "window"}, now=NOW)
    application = here.submit(draft)
    assert application.values["name"] == "林知夏"
    assert "bus" not in application.values


def test_the_applicant_changes_an_answer_and_the_reviewer_is_shown_both(here: Registered) -> None:
    application = here.submitted(home="书院路 20 号")
    panel = next(
        one for one in KINDS["application"].panels(application.case, here.town.city.desk.actor) if one.key == "answers"
    )
    marks = {row.key: mark for step in panel.context["steps"] for row, mark in step.rows}  # type: ignore[attr-defined]
    assert (marks["home"].is_changed, marks["home"].said) == (True, "书院路 18 号")
    assert (marks["name"].is_changed, marks["name"].office) == (False, "云澜市公安局")
    kept = {row.key: row for row in ApplicationAnswer.objects.filter(kind="field")}
    assert set(kept) == {"name", "born", "home", "area"}
    look_up = LookUp.objects.get(reference=str(application.draft_id), fields__contains=["birth_date"])
    assert look_up.id == kept["name"].look_up_id
    assert kept["name"].records == [{"name": "林知夏"}]


def test_a_material_that_a_register_answers_is_not_asked_for(here: Registered) -> None:
    application = here.submitted()
    rows = {row.material_key: (row.way, row.trust, row.word) for row in queries.materials_of(application.id)}
    assert rows == {"household": ("answered", "A", "云澜市公安局《人口基础信息》")}
    kept = ApplicationAnswer.objects.get(kind="material")
    assert kept.records == [{"name": "林知夏", "district": "青溪区"}]
    assert kept.looked_at == NOW
    assert not DraftAnswer.objects.exists()
    assert CASES_OF["draft"]([str(application.draft_id)]) == {str(application.draft_id): application.case.number}


def test_the_same_submission_again_answers_the_same(here: Registered) -> None:
    draft = here.begin()
    here.fill(draft)
    first = here.submit(draft)
    assert here.submit(draft).id == first.id
    assert ApplicationAnswer.objects.count() == 5


@pytest.mark.parametrize("why", ["nothing", "unfit", "away", "withdrawn"])
def test_where_no_answer_comes_the_material_is_asked_for_as_ever(here: Registered, why: str) -> None:
    who = here.town.other
    _prepare(here, who, why)
    draft = here.begin(actor=who.actor)
    here.ask(draft, "materials", actor=who.actor)
    with pytest.raises(Incomplete) as incomplete:
        actions.save_materials(actor=who.actor, draft_id=draft.id, now=NOW)
    assert set(incomplete.value.fields) == {"household"}
    here.town.attach(draft, "household", actor=who.actor)
    assert actions.save_materials(actor=who.actor, draft_id=draft.id, now=NOW).steps_done == ["materials"]
    outcomes = {"nothing": "nothing_found", "unfit": "answered", "away": "source_unavailable", "withdrawn": "no_grant"}
    assert DraftAnswer.objects.get().outcome == outcomes[why]


def _prepare(here: Registered, who: Resident, why: str) -> None:
    given(who)
    if why == "unfit":
        here.record(who, district="汀南区")
    elif why == "away":
        here.record(who)
        away(here)
    elif why == "withdrawn":
        here.record(who)
        exchange.withdraw_grant(actor=SYSTEM, grant_id=here.grant.id, word="不再需要", now=NOW)


def test_an_answer_that_has_grown_old_is_asked_for_anew(here: Registered) -> None:
    draft = here.begin()
    here.fill(draft)
    later = NOW + timedelta(days=8)
    with pytest.raises(Incomplete) as incomplete:
        here.submit(draft, now=later)
    assert set(incomplete.value.fields) == {"household"}
    assert Draft.objects.exists()
    assert here.ask(draft, "materials", now=later) is True
    assert here.submit(draft, now=later).case.number


def test_a_source_that_was_away_is_asked_again_a_minute_later(here: Registered) -> None:
    draft = here.begin()
    away(here)
    assert here.ask(draft) is True
    assert here.ask(draft, now=NOW + timedelta(seconds=30)) is False
    Source.objects.update(kind="register")
    assert here.ask(draft, now=NOW + timedelta(seconds=61)) is True
    assert queries.fills_for(queries.draft_for(here.lin, draft.id), "who")["name"].value == "林知夏"


def refused(here: Registered, draft: Draft, about: About, code: str, *, actor: Any = None) -> None:
    """A look-up for a draft is refused, in the log with its reason, and nothing is answered."""
    call = Call(
        about=about, fields=("name",), purpose="settling", reference=CaseReference(str(draft.id), "draft"),
        resource="population",
    )  # fmt: skip
    with pytest.raises(exchange_errors.LookUpRefused):
        exchange.look_up(call=call, actor=actor or here.lin, now=NOW)
    row = here.last()
    assert (row.refused, row.reference) == (code, str(draft.id))


def test_a_draft_opens_nobody_elses_data(here: Registered) -> None:
    draft = here.begin()
    other = here.town.other
    here.record(other)
    refused(here, draft, About(kind="person", id=other.person_id), "case_about_another")
    refused(here, draft, About(kind="person", id=here.lin.person_id), "case_not_yours", actor=other.actor)
    refused(here, draft, About(kind="person", id=here.lin.person_id), "case_not_yours", actor=here.town.clerk.actor)
    with pytest.raises(NotFound):
        actions.choose_registers(actor=other.actor, draft_id=draft.id, agreed=True, now=NOW)


def test_naming_somebody_in_the_form_opens_nothing(here: Registered) -> None:
    other = here.town.other
    here.record(other)
    draft = here.begin()
    from tongban.applications.tests.registered import about  # noqa: PLC0415 - only here

    assert here.save(draft, "partner_step", partner=about(other).number) == {}
    here.ask(draft, "partner_home_step")
    assert here.last().refused == "case_about_another"
    fresh = queries.draft_for(here.lin, draft.id)
    assert queries.fills_for(fresh, "partner_home_step") == {}
    assert here.save(draft, "partner_step", partner=about(here.town.lin).number) == {}
    here.ask(draft, "partner_home_step")
    fresh = queries.draft_for(here.lin, draft.id)
    assert queries.fills_for(fresh, "partner_home_step")["partner_home"].value == "书院路 18 号"
    assert here.save(draft, "partner_step", partner=about(other).number) == {}
    fresh = queries.draft_for(here.lin, draft.id)
    assert queries.fills_for(fresh, "partner_home_step") == {}


def test_an_official_asks_again_through_the_gate_for_the_case(here: Registered) -> None:
    application = here.submitted()
    number, desk = application.case.number, here.town.city.desk
    here.record(here.town.lin, now=NOW - timedelta(days=1), district="汀南区")
    row = actions.ask_again(actor=desk.actor, number=number, material_key="household", now=NOW)
    assert (row.outcome, row.asked_by_id) == ("answered", desk.official_id)
    look_up = here.last()
    assert (look_up.reference_kind, look_up.reference, look_up.official_id) == ("case", number, desk.official_id)
    panel = next(one for one in KINDS["application"].panels(application.case, desk.actor) if one.key == "materials")
    shown: Any = panel.context["answers"]
    assert [len(one.told) for one in shown] == [2]
    assert "applications.register_asked_again" in {event.kind for event in history_of("case", application.case_id)}
    with pytest.raises(NothingToAsk):
        actions.ask_again(actor=desk.actor, number=number, material_key="photo", now=NOW)
    stranger = here.keeper.staff("steward").actor
    with pytest.raises(NotFound):
        actions.ask_again(actor=stranger, number=number, material_key="household", now=NOW)
    assert ApplicationAnswer.objects.filter(kind="material").count() == 2


def test_an_official_who_may_not_ask_is_refused_and_nothing_changes(here: Registered) -> None:
    application = here.submitted()
    exchange.withdraw_grant(actor=SYSTEM, grant_id=here.grant.id, word="不再需要", now=NOW)
    with pytest.raises(exchange_errors.NoGrant):
        actions.ask_again(
            actor=here.town.city.desk.actor, number=application.case.number, material_key="household", now=NOW
        )
    assert here.last().refused == "no_grant"
    assert ApplicationAnswer.objects.filter(kind="material").count() == 1
    away(here)


def test_what_registers_said_is_archived_and_erased_with_the_case(here: Registered) -> None:
    application = here.submitted()
    case = Case.objects.get(id=application.case_id)
    files = dict(KINDS["application"].archive_entries(case))
    text = files["registers.txt"]
    assert isinstance(text, bytes)
    for words in (
        "云澜市公安局",
        "人口基础信息",
        "青溪区",
        str(ApplicationAnswer.objects.filter(kind="material").get().look_up_id),
    ):
        assert words in text.decode()
    actions.erase_application(case_id=case.id, now=NOW)
    for row in ApplicationAnswer.objects.all():
        assert (row.records, row.value, row.subject_key) == ([], None, None)
    assert Application.objects.get().erased_at == NOW


def test_answers_go_with_a_draft_that_is_thrown_away(here: Registered) -> None:
    draft = here.begin()
    here.ask(draft)
    actions.discard(actor=here.lin, draft_id=draft.id, now=NOW)
    assert not DraftAnswer.objects.exists()


def test_a_window_asks_for_whoever_stands_there(here: Registered) -> None:
    clerk = here.town.clerk
    draft = actions.begin_at_window(
        actor=clerk.actor, post_id=clerk.post.id, item_code=HOME, person_id=here.person_id, now=NOW
    )
    actions.choose_registers(actor=clerk.actor, draft_id=draft.id, agreed=True, now=NOW)
    here.ask(draft, "materials", actor=clerk.actor)
    row = here.last()
    assert (row.refused, row.post_id, row.official_id) == ("", clerk.post.id, clerk.official_id)
    assert queries.material_states(queries.draft_for(clerk.actor, draft.id))[0].told is not None
    stranger = here.town.city.market.staff("review").actor
    refused(here, draft, About(kind="person", id=here.lin.person_id), "case_not_yours", actor=stranger)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"prefills": [ASKED | {"field": "unheard", "item": "name"}]}, "prefills.0"),
        ({"prefills": [ASKED | {"field": "home", "item": "unheard"}]}, "prefills.0"),
        ({"prefills": [{"resource": "unheard", "purpose": "x", "field": "home", "item": "name"}]}, "prefills.0"),
        ({"prefills": [ASKED | {"field": "home", "item": "name", "about": "enterprise"}]}, "prefills.0"),
        ({"prefills": [ASKED | {"field": "home", "item": "name", "about": "form.home"}]}, "prefills.0"),
        ({"prefills": [ASKED | {"field": "home", "item": "name", "which": "answer. =="}]}, "prefills.0"),
        ({"prefills": [ASKED | {"field": "area", "item": "district", "values": {"甲": "nowhere"}}]}, "prefills.0"),
        ({"prefills": [ASKED | {"field": "home", "item": "address", "part": "detail"}]}, "prefills.0"),
        (
            {"prefills": [ASKED | {"field": "home", "item": "name"}, ASKED | {"field": "home", "item": "address"}]},
            "prefills.1",
        ),
        (
            {"materials": [GUIDE["materials"][0] | {"exemption": "electronic_licence"}]},
            "materials.0.answered_by",
        ),
    ],
)
def test_a_guide_that_asks_what_cannot_be_answered_is_not_published(
    here: Registered, changes: dict[str, Any], place: str
) -> None:
    with pytest.raises(Invalid) as wrong:
        published(here.town.city.market.organisation.id, **changes)
    assert set(wrong.value.fields) == {place}
    assert here.version.handling_item.versions.count() == 1


def test_whoever_publishes_is_warned_of_what_nobody_has_granted(here: Registered) -> None:
    office = here.town.city.market.organisation.id
    assert here.version.warnings == ()
    exchange.withdraw_grant(actor=SYSTEM, grant_id=here.grant.id, word="不再需要", now=NOW)
    again = published(office)
    assert again.id == here.version.id
    assert len(again.warnings) == 5
    assert all("population" in words for words in again.warnings)


def test_a_case_that_has_ended_is_asked_about_no_more(here: Registered) -> None:
    application = here.submitted()
    cases.withdraw(actor=here.lin, case=application.case, reason="", now=NOW)
    with pytest.raises(exchange_errors.CaseNotOpen):
        actions.ask_again(
            actor=here.town.city.desk.actor, number=application.case.number, material_key="household", now=NOW
        )
    assert LIN["district"] == ApplicationAnswer.objects.get(kind="material").records[0]["district"]
