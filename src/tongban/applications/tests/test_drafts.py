"""Drafts: for whom, step by step, materials, delivery, thrown away."""

import io
import uuid
from datetime import timedelta
from typing import Any

import pytest

from tongban.accounts import actions as accounts
from tongban.accounts.tests.people import identity_number
from tongban.applications import actions, queries
from tongban.applications.errors import (
    Incomplete,
    KeyUsed,
    MaterialUnknown,
    NotApplicable,
    StaleDraft,
    TooManyFiles,
    WrongApplicant,
)
from tongban.applications.models import Application, Draft, DraftMaterial
from tongban.applications.tests.people import FIRM, SHOP, Town, firm_of, publish
from tongban.base.actor import NOBODY, SYSTEM
from tongban.base.errors import Forbidden, Invalid, NotFound
from tongban.cases.tests.people import NOW
from tongban.catalogue import actions as catalogue
from tongban.files.errors import UnknownType
from tongban.ledger.queries import history_of


def kinds_of(draft: Draft) -> list[str]:
    return [event.kind for event in history_of("draft", draft.id)]


def test_for_oneself(town: Town) -> None:
    draft = town.begin(situation={"premises": "rented", "strange": "x"})
    assert (draft.account_id, draft.person_id) == (town.lin.account_id, town.lin.person_id)
    assert draft.situation == {"premises": "rented"}
    assert draft.expires_on.isoformat() == "2026-05-31"
    assert kinds_of(draft) == ["applications.draft_begun"]


def test_for_a_ward_and_for_nobody_elses(town: Town) -> None:
    ward = accounts.add_ward(
        actor=town.lin.actor,
        name="林小满",
        identity_kind="resident_identity_card",
        identity_number=identity_number(),
        relation="parent",
        now=NOW,
    )
    draft = town.begin(applicant_kind="ward", subject_id=ward.id)
    assert draft.ward_id == ward.id
    assert queries.prefilled(draft)["name"] == "林小满"
    with pytest.raises(WrongApplicant):
        town.begin(town.other.actor, applicant_kind="ward", subject_id=ward.id)
    assert Draft.objects.count() == 1


def test_for_an_enterprise_and_for_nobody_elses(town: Town) -> None:
    publish(town.city.market.organisation.id, FIRM, audiences=["enterprise"])
    firm = firm_of(town.lin)
    draft = town.begin(code=FIRM, applicant_kind="enterprise", subject_id=firm)
    assert queries.prefilled(draft)["name"] == "云澜望江餐饮有限公司"
    for changes in ({"applicant_kind": "enterprise", "subject_id": firm}, {}):
        with pytest.raises(WrongApplicant):
            town.begin(town.other.actor, code=FIRM, **changes)
    with pytest.raises(WrongApplicant):
        town.begin(applicant_kind="enterprise", subject_id=firm)
    assert Draft.objects.count() == 1


def test_officials_and_nobody_apply_at_a_window_or_not_at_all(town: Town) -> None:
    for actor in (town.clerk.actor, NOBODY, SYSTEM):
        with pytest.raises(Forbidden):
            town.begin(actor)
    with pytest.raises(NotFound):
        town.begin(code="no-such-matter")


def test_a_suspended_matter_is_not_begun(town: Town) -> None:
    item_id = town.begin().handling_version.handling_item_id
    catalogue.suspend(actor=SYSTEM, code=SHOP, now=NOW)
    with pytest.raises(NotApplicable):
        town.begin()
    assert Draft.objects.get().handling_version.handling_item_id == item_id


def test_the_same_key_begins_once(town: Town) -> None:
    key = uuid.uuid4()
    draft = town.begin(idempotency_key=key)
    assert town.begin(idempotency_key=key) == draft
    assert Draft.objects.count() == 1
    assert kinds_of(draft) == ["applications.draft_begun"]
    with pytest.raises(KeyUsed):
        town.begin(town.other.actor, idempotency_key=key)


def test_right_answers_are_kept_while_others_are_wrong(town: Town) -> None:
    draft = town.begin()
    errors = town.save(draft, "shop", area="很大", opened="2099-01-01")
    assert set(errors) == {"area", "opened"}
    draft.refresh_from_db()
    assert draft.values["words"] == "望江面馆"
    assert "area" not in draft.values
    assert "shop" not in draft.steps_done
    assert town.save(draft, "shop") == {}
    draft.refresh_from_db()
    assert draft.values["area"] == "23.5"
    assert "shop" in draft.steps_done
    assert queries.next_part(draft) == "who"


def test_a_question_that_hangs_on_an_answer_makes_a_step_of_its_own(town: Town) -> None:
    draft = town.begin()
    town.save(draft, "shop", kitchen="yes")
    keys = [part.key for part in queries.parts_of(queries.draft_for(town.lin.actor, draft.id))]
    assert keys == ["who", "shop", "kitchen_step", "materials", "delivery", "review"]
    town.save(draft, "shop", kitchen="no")
    keys = [part.key for part in queries.parts_of(queries.draft_for(town.lin.actor, draft.id))]
    assert "kitchen_step" not in keys


def test_what_was_changed_elsewhere_is_not_written_over(town: Town) -> None:
    draft = town.begin()
    seen = draft.revision
    actions.save_step(
        actor=town.lin.actor, draft_id=draft.id, step_key="shop", typed={"words": "一"}, revision=seen, now=NOW
    )
    with pytest.raises(StaleDraft):
        actions.save_step(
            actor=town.lin.actor, draft_id=draft.id, step_key="shop", typed={"words": "二"}, revision=seen, now=NOW
        )
    draft.refresh_from_db()
    assert draft.values["words"] == "一"


def test_nobody_else_writes_a_draft(town: Town) -> None:
    draft = town.fill(town.begin())
    row = DraftMaterial.objects.get()
    stranger: Any = {"actor": town.other.actor, "draft_id": draft.id, "now": NOW}
    for attempt in (
        lambda: actions.save_step(step_key="shop", typed={}, **stranger),
        lambda: actions.save_materials(**stranger),
        lambda: actions.save_delivery(typed={"way": "window"}, **stranger),
        lambda: actions.detach(row_id=row.id, **stranger),
        lambda: actions.state_word(material_key="plan", way="not_applicable", word="没有", **stranger),
        lambda: actions.discard(**stranger),
        lambda: actions.submit(idempotency_key=draft.idempotency_key, declared=True, **stranger),
    ):
        with pytest.raises(NotFound):
            attempt()
    with pytest.raises(NotFound):
        town.attach(draft, actor=town.other.actor)
    before = draft.revision
    draft.refresh_from_db()
    assert draft.revision == before
    assert not Application.objects.exists()


def test_answers_lie_sealed_in_the_table(town: Town) -> None:
    from django.db import connection  # noqa: PLC0415 - only here

    draft = town.begin()
    town.save(draft, "shop")
    with connection.cursor() as cursor:
        cursor.execute("SELECT values FROM applications_draft WHERE id = %s", [draft.id])
        stored = bytes(cursor.fetchone()[0])
    assert "望江面馆".encode() not in stored
    assert b"words" not in stored


def test_materials_are_named_all_at_once(town: Town) -> None:
    draft = town.begin(situation={"premises": "rented"})
    with pytest.raises(Incomplete) as incomplete:
        actions.save_materials(actor=town.lin.actor, draft_id=draft.id, now=NOW)
    assert list(incomplete.value.fields) == ["plan", "lease"]
    town.attach(draft)
    actions.state_word(
        actor=town.lin.actor, draft_id=draft.id, material_key="lease", way="not_applicable", word="是亲戚的", now=NOW
    )
    saved = actions.save_materials(actor=town.lin.actor, draft_id=draft.id, now=NOW)
    assert "materials" in saved.steps_done


def test_words_instead_of_files(town: Town) -> None:
    draft = town.begin()
    say: Any = {"actor": town.lin.actor, "draft_id": draft.id, "now": NOW}
    assert actions.state_word(material_key="report", way="follows", word="", **say).way == "follows"
    with pytest.raises(Forbidden):
        actions.state_word(material_key="plan", way="follows", word="", **say)
    with pytest.raises(Forbidden):
        actions.state_word(material_key="plan", way="paper", word="", **say)
    with pytest.raises(MaterialUnknown):
        actions.state_word(material_key="lease", way="not_applicable", word="不适用", **say)
    for way in ("exempt", "file", "", "x" * 50):
        with pytest.raises(MaterialUnknown):
            actions.state_word(material_key="plan", way=way, word="不适用", **say)
    for word in ("", " ", "x" * 301):
        with pytest.raises(Invalid):
            actions.state_word(material_key="plan", way="not_applicable", word=word, **say)
    actions.state_word(material_key="plan", way="not_applicable", word="没有\x00图", **say)
    actions.state_word(material_key="plan", way="not_applicable", word="真的没有", **say)
    assert DraftMaterial.objects.get(material_key="plan").word == "真的没有"
    town.attach(draft)
    assert DraftMaterial.objects.get(material_key="plan").way == "file"


def test_files_are_taken_and_given_back(town: Town) -> None:
    draft = town.begin()
    row = town.attach(draft)
    with pytest.raises(MaterialUnknown):
        town.attach(draft, "no_such_material")
    with pytest.raises(UnknownType):
        actions.attach(
            actor=town.lin.actor,
            draft_id=draft.id,
            material_key="plan",
            name="a.pdf",
            content=io.BytesIO(b"<html>"),
            now=NOW,
        )
    assert draft.materials.count() == 1
    file_id = draft.materials.get().file_id
    assert file_id
    assert queries.draft_sees_file(town.lin.actor, file_id)
    assert not queries.draft_sees_file(town.other.actor, file_id)
    actions.detach(actor=town.lin.actor, draft_id=draft.id, row_id=row, now=NOW)
    with pytest.raises(NotFound):
        actions.detach(actor=town.lin.actor, draft_id=draft.id, row_id=row, now=NOW)


def test_twenty_files_are_enough(town: Town) -> None:
    draft = town.begin()
    first = DraftMaterial.objects.get(id=town.attach(draft))
    DraftMaterial.objects.bulk_create(
        DraftMaterial(draft=draft, material_key="plan", way="file", file_id=first.file_id, added_at=NOW)
        for _one in range(19)
    )
    with pytest.raises(TooManyFiles):
        town.attach(draft)
    town.attach(draft, "photo")
    assert draft.materials.filter(material_key="plan").count() == 20


def test_papers_come_online_only_with_consent(town: Town) -> None:
    draft = town.begin()
    chosen: Any = {"actor": town.lin.actor, "draft_id": draft.id, "typed": {"way": "online"}, "now": NOW}
    assert actions.save_delivery(**chosen).delivery == {"way": "online"}
    accounts.withdraw_consent(actor=town.lin.actor, matter="electronic_service", now=NOW)
    with pytest.raises(Invalid) as refused:
        actions.save_delivery(**chosen)
    assert list(refused.value.fields) == ["way"]


def test_a_draft_is_thrown_away_by_its_writer(town: Town) -> None:
    draft = town.begin()
    town.attach(draft)
    actions.discard(actor=town.lin.actor, draft_id=draft.id, now=NOW)
    assert not Draft.objects.exists()
    assert kinds_of(draft)[-1] == "applications.draft_discarded"


def test_what_nobody_touches_for_ninety_days_goes_at_night(town: Town) -> None:
    old, kept = town.begin(), town.begin()
    later = NOW + timedelta(days=91)
    actions.save_step(actor=town.lin.actor, draft_id=kept.id, step_key="shop", typed={}, now=NOW + timedelta(days=10))
    assert actions.discard_expired(now=NOW + timedelta(days=90)) == 0
    assert actions.discard_expired(now=later) == 1
    assert actions.discard_expired(now=later) == 0
    assert Draft.objects.get() == kept
    assert kinds_of(old)[-1] == "applications.draft_discarded"
