"""Submitting: all that is missing at once, exactly once, all or nothing."""

import io
import threading
import uuid
from typing import Any

import pypdf
import pytest
from django.db import connection

from tongban.applications import actions, queries
from tongban.applications.errors import Incomplete, NotApplicable, NotDeclared
from tongban.applications.models import Application, ApplicationMaterial, Draft
from tongban.applications.tests.people import SHOP, Town, make_town
from tongban.base.actor import SYSTEM
from tongban.base.errors import Forbidden, NotFound
from tongban.cases.kinds import KINDS
from tongban.cases.models import Case, Task
from tongban.cases.tests.people import NOW
from tongban.catalogue import actions as catalogue
from tongban.catalogue.models import HandlingItem, ServiceItem
from tongban.files import queries as files
from tongban.ledger.queries import history_of
from tongban.organisations import queries as organisations
from tongban.organisations.models import Post
from tongban.papers import actions as papers
from tongban.papers.models import Paper


def test_a_case_with_receipt_comes_of_a_draft(town: Town) -> None:
    draft = town.fill(town.begin())
    application = town.submit(draft)
    case = Case.objects.get(application=application)
    assert (case.state, case.channel, case.applicant_name) == ("submitted", "web", "林知夏")
    assert case.kind == "application"
    assert application.values["area"] == "23.5"
    assert case.process_data["form"]["area"] == 23.5
    assert case.terms["fees"][0]["amount_fen"] == 12000
    assert not Draft.objects.exists()
    assert "applications.application_submitted" in {event.kind for event in history_of("case", case.id)}
    ways = {row.material_key: (row.way, row.trust) for row in queries.materials_of(application.id)}
    assert ways == {"plan": ("file", "C"), "licence": ("exempt", "A")}


def test_the_office_has_its_own_post_accept_it_and_never_its_head_before_another(town: Town) -> None:
    posts = town.city.market.posts
    Post.objects.filter(id=posts["approval"].id).update(roles=["approval", "acceptance"], is_head=True, name="A岗")
    assert accepting_post(town.submitted()) == posts["acceptance"].id
    Post.objects.filter(id=posts["acceptance"].id).update(ended_at=NOW)
    assert accepting_post(town.submitted()) == posts["approval"].id


def test_where_the_office_has_no_post_that_accepts_the_intake_post_does(town: Town) -> None:
    own, intake = town.city.market.posts["acceptance"], town.city.health.posts["acceptance"]
    Post.objects.filter(id=own.id).update(roles=["review"], is_intake=False)
    Post.objects.filter(id=intake.id).update(is_intake=True)
    assert accepting_post(town.submitted()) == intake.id


def accepting_post(application: Application) -> uuid.UUID:
    return Task.objects.get(case=application.case, kind=Task.Kind.ACCEPTANCE).post_id


def test_the_receipt_says_who_handed_in_what(town: Town) -> None:
    application = town.submitted()
    assert application.receipt_id
    stored = papers.draw(application.receipt_id, NOW)
    pages = pypdf.PdfReader(io.BytesIO(files.content_of(stored))).pages
    text = "".join(page.extract_text() for page in pages).replace("\n", "")
    for words in (application.case.number, "林知夏", "开设店铺", "平面图", "2026年3月2日 10:00"):
        assert words in text


def test_all_that_is_missing_is_named_at_once(town: Town) -> None:
    draft = town.begin(situation={"premises": "rented"})
    with pytest.raises(Incomplete) as incomplete:
        town.submit(draft)
    assert {"words", "area", "opened", "kitchen", "plan", "lease", "delivery"} <= set(incomplete.value.fields)
    places = dict(
        queries.problem_places(
            queries.draft_for(town.lin.actor, draft.id), {"words": ["a"], "plan": ["b"], "delivery": ["c"]}
        )
    )
    assert places == {"shop": "a", "materials": "b", "delivery": "c"}
    assert Draft.objects.count() == 1
    assert not Case.objects.exists()
    assert not Paper.objects.exists()


def test_nothing_is_submitted_without_the_declaration(town: Town) -> None:
    draft = town.fill(town.begin())
    with pytest.raises(NotDeclared):
        actions.submit(
            actor=town.lin.actor, draft_id=draft.id, idempotency_key=draft.idempotency_key, declared=False, now=NOW
        )
    assert not Application.objects.exists()


def test_what_was_suspended_meanwhile_is_not_submitted(town: Town) -> None:
    draft = town.fill(town.begin())
    catalogue.suspend(actor=SYSTEM, code=SHOP, now=NOW)
    with pytest.raises(NotApplicable):
        town.submit(draft)
    assert Draft.objects.count() == 1


def test_the_same_key_again_is_the_same_application(town: Town) -> None:
    draft = town.fill(town.begin())
    first, again = town.submit(draft), town.submit(draft)
    assert first == again
    assert Application.objects.count() == Case.objects.count() == 1
    with pytest.raises(NotFound):
        town.submit(draft, town.other.actor)
    with pytest.raises(NotFound):
        actions.submit(actor=town.lin.actor, draft_id=draft.id, idempotency_key=uuid.uuid4(), declared=True, now=NOW)


def test_two_drafts_are_two_applications_with_numbers_of_their_own(town: Town) -> None:
    one, other = town.submitted(), town.submitted()
    assert one.receipt
    assert other.receipt
    assert one.receipt.number != other.receipt.number
    assert one.case.number != other.case.number


def test_a_death_within_the_transaction_leaves_nothing(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = town.fill(town.begin())
    before = len(history_of("draft", draft.id))

    def die(*_things: Any, **_named: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("tongban.applications.actions.submitting.ledger.recorded", die)
        with pytest.raises(KeyboardInterrupt):
            town.submit(draft)
    assert Draft.objects.count() == 1
    assert len(history_of("draft", draft.id)) == before
    assert not any(table.objects.exists() for table in (Application, ApplicationMaterial, Case, Paper))
    assert town.submit(draft).receipt


def test_an_item_that_has_moved_to_another_office_goes_there(town: Town) -> None:
    """What an item belonged to is remembered, and looked at anew each time."""
    first = town.submitted()
    assert town.submitted().case.organisation_id == first.case.organisation_id
    item = first.handling_version.handling_item
    other = organisations.organisations().exclude(id=first.case.organisation_id)[0]
    ServiceItem.objects.filter(id=item.service_item_id).update(organisation=other)
    HandlingItem.objects.filter(id=item.id).update(name="改了名")
    moved = town.submitted().case
    assert (moved.organisation_id, moved.title) == (other.id, "改了名")
    draft = town.fill(town.begin())
    HandlingItem.objects.filter(id=item.id).update(state="suspended")
    with pytest.raises(NotApplicable):
        town.submit(draft)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_submit_at_once_both_get_the_one_application() -> None:
    town = make_town()
    draft = town.fill(town.begin())
    gate, got = threading.Barrier(2), list[uuid.UUID]()

    def send() -> None:
        try:
            gate.wait(timeout=20)
            got.append(town.submit(draft).id)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _one in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(got) == 2
    assert len(set(got)) == 1
    assert Application.objects.count() == Case.objects.count() == 1
    assert Paper.objects.filter(kind="receipt").count() == 1


def test_a_window_opens_the_same_case(town: Town) -> None:
    proxy = {"name": "贺兰", "identity_kind": "passport", "identity_number": "E12345678", "authority": "委托书"}
    clerk = town.clerk.actor
    draft = actions.begin_at_window(
        actor=clerk,
        post_id=town.clerk.post.id,
        item_code=SHOP,
        person_id=town.lin.person_id,
        proxy=proxy,
        situation={"premises": "own"},
        now=NOW,
    )
    with pytest.raises(NotFound):
        queries.draft_for(town.lin.actor, draft.id)
    actions.state_word(actor=clerk, draft_id=draft.id, material_key="plan", way="paper", word="", now=NOW)
    assert town.save(draft, "who", clerk) == {}
    assert town.save(draft, "shop", clerk) == {}
    actions.save_delivery(actor=clerk, draft_id=draft.id, typed={"way": "window"}, now=NOW)
    here = town.submit(draft, clerk)
    online = town.submitted()
    assert here.proxy == proxy
    assert {row.material_key: row.trust for row in queries.materials_of(here.id)} == {"plan": "B", "licence": "A"}
    assert (here.case.channel, online.case.channel) == ("window", "web")
    for name in (
        "kind",
        "title",
        "state",
        "terms",
        "applicant_name",
        "applicant_person_id",
        "organisation_id",
        "process_data",
    ):
        assert getattr(here.case, name) == getattr(online.case, name), name
    keys = [panel.key for panel in KINDS["application"].panels(here.case, clerk)]
    assert keys == ["answers", "materials"]


def test_only_a_window_takes_in_for_others(town: Town) -> None:
    tries = [(staff.actor, staff.post.id) for staff in (town.city.desk, town.city.head)]
    for actor, post_id in [*tries, (town.clerk.actor, town.city.desk.post.id)]:
        with pytest.raises(Forbidden):
            actions.begin_at_window(actor=actor, post_id=post_id, item_code=SHOP, person_id=town.lin.person_id, now=NOW)
    assert not Draft.objects.exists()
