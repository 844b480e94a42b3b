"""The demo city: what its people ask for fits them, what is refused fits the matter, and nobody is left without work."""

from collections import Counter
from datetime import UTC, datetime
from random import Random

import pytest
from django.contrib.auth.hashers import check_password, make_password

from tongban.accounts import queries as accounts
from tongban.applications import actions as applications
from tongban.applications import queries as drafts
from tongban.applications.models import ApplicationAnswer
from tongban.base.actor import Actor
from tongban.cases import queries as cases
from tongban.cases.models import Case, Task
from tongban.catalogue import queries as catalogue
from tongban.coordination import actions as coordination
from tongban.coordination import queries as supervision
from tongban.exchange import actions as exchange
from tongban.exchange.models import Grant, LookUp, Resource
from tongban.exchange.rules.calls import About, Call, StandingReference
from tongban.notifications import queries as notifications
from tongban.organisations import queries as organisations
from tongban.registers.models import Record
from tongban.site.demo import content, lives, loading
from tongban.site.demo.offices import build_offices
from tongban.site.demo.people import Town, settle
from tongban.site.demo.wishes import refusal_words, wishes_of

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
OFTEN = 400
NOT_FOR_FOREIGNERS = {"juzhuzheng-shenling", "gaoling-jintie", "dibao-rending", "shenfenzheng-buling"}


def test_the_password_opens_each_account_and_is_hashed_once(town: Town) -> None:
    written = content.people()
    names = [one["username"] for one in written["officials"] + written["residents"]]
    hashed = [account.password for account in map(accounts.account_by_username, names) if account is not None]
    assert len(hashed) == len(names)
    assert len(set(hashed)) == 1
    assert check_password(written["password"], hashed[0])
    assert not check_password(written["password"] + "1", hashed[0])


def test_passwords_have_salts_of_their_own_after_the_demo_is_loaded(town: Town) -> None:
    assert make_password("通办-passwort") != make_password("通办-passwort")


@pytest.fixture
def town(db: None) -> Town:
    return settle(build_offices(now=NOW), random=Random(1), now=NOW)  # noqa: S311 - invented lives


def test_what_is_asked_for_fits_who_asks(town: Town) -> None:
    wishes = wishes_of(town, random=Random(2), now=NOW, number=OFTEN)  # noqa: S311 - invented lives
    assert len(wishes) == OFTEN
    names = {actor.account_id: name for name, actor in town.actors.items()}
    asked = Counter(names.get(wish.actor.account_id, "") for wish in wishes)
    for resident in content.people()["residents"]:
        assert 2 <= asked[resident["username"]] <= 5, resident
    audiences = {item["code"]: item["guide"]["audiences"] for item in content.items()}
    for wish in wishes:
        person = accounts.person_of(wish.actor)
        assert person is not None
        kind = "enterprise" if wish.applicant_kind == "enterprise" else "person"
        assert kind in audiences[wish.item]
        assert person.identity_kind != "passport" or wish.item not in NOT_FOR_FOREIGNERS
        if wish.item == "gaoling-jintie":
            elder = accounts.person_by_id(wish.subject_id) if wish.subject_id else person
            assert elder.birth_date is not None
            assert NOW.year - elder.birth_date.year >= 80
    assert {wish.item for wish in wishes} == set(audiences)


def test_each_matter_has_a_refusal_that_fits_it() -> None:
    items = {item["code"]: item["catalogue"]["item_type"] for item in content.items()}
    assert set(content.lives()["refused"]) == set(items)
    reasons = Counter(refusal_words(code, item_type)[0] for code, item_type in items.items())
    assert max(reasons.values()) == 1
    for code, item_type in items.items():
        assert ("行政许可法" in refusal_words(code, item_type)[1]) is (item_type == "01"), code


def actor_of(username: str) -> Actor:
    account = accounts.account_by_username(username)
    assert account is not None
    return organisations.actor_for_account(account.id, NOW)


def test_the_lives_are_played_and_everybody_finds_their_work(db: None) -> None:
    loading.load(now=NOW, cases=22)
    assert Case.objects.count() >= 15
    open_tasks = Task.objects.filter(state="open").select_related("post")
    holders = organisations.officials_by_post(task.post_id for task in open_tasks)
    for task in open_tasks:
        assert holders.get(task.post_id), task.post.name
        assert not (task.kind == "delivery" and task.post.is_intake)
    collected = Case.objects.filter(state="delivered", delivery__way="window")
    assert collected.count() > Case.objects.filter(state="completed").count()
    supervisor = actor_of("demo-ducha")
    assert cases.visible(supervisor).count() == Case.objects.count()
    coordination.look(now=NOW)
    reach = supervision.reach_of(supervisor)
    counted = supervision.counted(reach, supervision.Filters())
    assert counted.total == supervision.findings(reach, supervision.Filters()).count()
    for resident in content.people()["residents"]:
        assert 1 <= notifications.box_of(actor_of(resident["username"])).count() <= 40


def test_the_registers_know_the_people_of_the_city(db: None) -> None:
    town = loading.load(now=NOW, cases=6)
    loading.look_around(town, now=NOW)
    people = {actor.person_id for actor in town.actors.values() if actor.person_id}
    keeping = LookUp.objects.filter(purpose="keeping", refused="", answer__outcome="answered")
    assert keeping.count() == len(people)
    assert Grant.objects.filter(purpose="own_data").count() == Resource.objects.count()
    given = Grant.objects.filter(standing="keeping", resource__slug="population").get()
    mei = accounts.person_of(actor_of("demo-limei"))
    assert mei is not None
    call = Call(
        about=About(kind="person", id=mei.id),
        fields=("name", "birth_date", "life_state"),
        purpose="keeping",
        reference=StandingReference("keeping"),
        grant_id=given.id,
    )
    answer = exchange.look_up(call=call, actor=actor_of("demo-gongan-sj"), now=NOW)
    assert answer.values == {"name": "李梅", "birth_date": "1985-06-12", "life_state": "存活"}
    assert set(Resource.objects.values_list("slug", flat=True)) == {
        "population", "legal-entities", "education", "employment-insurance", "medical-birth"
    }  # fmt: skip
    served = {code for grant in Grant.objects.all() for code in grant.items_served}
    assert served <= {item["code"] for item in content.items()}
    assert Record.objects.filter(register__code="population").count() > 800


def test_matters_that_ask_registers_have_their_grants_and_are_answered(db: None) -> None:
    """Li Mei has a child in the register of births: nothing of it is to be typed, and no certificate to be brought."""
    there = loading.load(now=NOW, cases=6)
    lives.play_asked(there, now=NOW)
    told = ApplicationAnswer.objects.select_related("application").filter(outcome="answered")
    assert {one.resource for one in told} == {"medical-birth", "employment-insurance"}
    assert {one.kind for one in told} == {"field", "material"}
    log = {row.id: row.reference for row in LookUp.objects.all()}
    assert [log[one.look_up_id] for one in told if one.look_up_id] == [str(one.application.draft_id) for one in told]
    for item in content.items():
        version = catalogue.item(item["code"]).current
        assert version is not None
        guide = catalogue.guide_of(version.id)
        office = version.handling_item.service_item.organisation_id
        assert catalogue.not_granted(guide, organisation_id=office, item_codes={item["code"]}, now=NOW) == []
    mei = actor_of("demo-limei")
    draft = applications.begin(actor=mei, item_code="xinshenger-dengji", applicant_kind="self", now=NOW)
    applications.choose_registers(actor=mei, draft_id=draft.id, agreed=True, now=NOW)
    applications.ask_registers(actor=mei, draft=drafts.draft_for(mei, draft.id), part="child", now=NOW)
    found = drafts.fills_for(drafts.draft_for(mei, draft.id), "child")
    assert set(found) == {"child_name", "child_sex", "child_birth_date", "certificate_number"}
    assert all(fill.is_fixed for fill in found.values())
    typed = {"nation": "汉族", "child_name": "不是这个"}
    assert applications.save_step(actor=mei, draft_id=draft.id, step_key="child", typed=typed, now=NOW).errors == {}
    applications.ask_registers(actor=mei, draft=drafts.draft_for(mei, draft.id), part=drafts.MATERIALS, now=NOW)
    states = {state.material.key: state for state in drafts.material_states(drafts.draft_for(mei, draft.id))}
    assert states["birth_certificate"].told is not None
    assert not states["birth_certificate"].missing
