"""Registers over time: what is so from when, what was known when; corrected, ended, merged, split, loaded."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from tests.standing import nothing_changes, standing

from tongban.base.actor import SYSTEM, Actor
from tongban.base.clock import office_date
from tongban.base.errors import Forbidden
from tongban.cases.tests.people import Resident, resident
from tongban.exchange.rules.calls import Call, StandingReference
from tongban.exchange.rules.entries import ItemDraft
from tongban.ledger.models import Event
from tongban.registers import actions, errors
from tongban.registers.models import Incoming, Record, RecordVersion, SubjectChange
from tongban.registers.tests.town import FIELDS, NOW, Town, after, entry, make_town

MOVED = date(2026, 2, 1)
LEADERLESS = tuple(replace(item, is_lead=False) for item in FIELDS)


def keeping(town: Town, **changes: Any) -> dict[str, Any]:
    """Return what every action on the register is given."""
    return {
        "actor": town.steward.actor, "register_id": town.register.id, "about": town.about(), "now": NOW
    } | changes  # fmt: skip


def known(
    town: Town, *, of: Resident | None = None, on: date | None = None, at: datetime | None = None, now: datetime = NOW
) -> list[Any]:
    """Ask the gate for the address, as a keeper does: as of a day, as known at an instant."""
    grants = town.resource.grants.filter(purpose="keeping")
    if not grants.exists():
        town.grant("address", "name", purpose="keeping", standing="keeping", rate_per_minute=1000)
    call = Call(
        about=town.about(of), fields=("address",), purpose="keeping", reference=StandingReference("keeping"),
        resource=town.register.code, valid_on=on, known_at=at,
    )  # fmt: skip
    return [row["address"] for row in town.ask(call, by=town.reviewer.actor, now=now).records]


def test_what_was_known_on_that_day_is_one_question(town: Town) -> None:
    values = {"name": "林知夏", "address": "桂花路 9 号"}
    actions.record(**keeping(town), values=values, valid_from=MOVED)
    later = after(hours=1)
    assert known(town, now=later) == ["桂花路 9 号"]
    assert known(town, on=date(2026, 1, 31), now=later) == ["书院路 18 号"]
    # Before it was recorded, the old address was thought to hold on.
    before = NOW - timedelta(days=1)
    assert known(town, on=office_date(NOW), at=before, now=later) == ["书院路 18 号"]
    assert known(town, on=date(2019, 12, 31), now=later) == []
    assert known(town, at=NOW - timedelta(days=31), now=later) == []


def test_a_correction_holds_for_the_same_days_and_leaves_what_was_known(town: Town) -> None:
    actions.correct(**keeping(town), values={"address": "书院路 81 号"}, on=date(2026, 1, 1))
    later = after(hours=1)
    assert known(town, on=date(2020, 1, 1), now=later) == ["书院路 81 号"]
    assert known(town, on=date(2020, 1, 1), at=NOW - timedelta(seconds=1), now=later) == ["书院路 18 号"]
    answer = town.ask(
        Call(
            about=town.about(), fields=("name",), purpose="keeping", reference=StandingReference("keeping"),
            resource="population",
        ),
        by=town.reviewer.actor, now=later,
    )  # fmt: skip
    assert answer.values == {"name": "林知夏"}  # carried over by the database


def test_a_field_that_is_corrected_to_nothing_is_known_no_longer(town: Town) -> None:
    actions.correct(**keeping(town), values={"address": None}, on=date(2026, 1, 1))
    assert known(town, now=after(hours=1)) == [None]


def test_an_end(town: Town) -> None:
    actions.end(**keeping(town), valid_to=MOVED)
    later = after(hours=1)
    assert known(town, now=later) == []
    assert known(town, on=date(2026, 1, 31), now=later) == ["书院路 18 号"]
    assert known(town, at=NOW - timedelta(seconds=1), now=later) == ["书院路 18 号"]
    with nothing_changes(), pytest.raises(errors.NoSuchRecord):
        actions.end(**keeping(town, now=later), valid_to=MOVED)


def test_what_lies_in_the_middle_leaves_both_ends(town: Town) -> None:
    actions.record(
        **keeping(town),
        values={"name": "林知夏", "address": "外地"},
        valid_from=date(2021, 1, 1),
        valid_to=date(2022, 1, 1),
    )
    later = after(hours=1)
    days = (date(2020, 12, 31), date(2021, 1, 1), date(2021, 12, 31), date(2022, 1, 1))
    assert [known(town, on=day, now=later)[0] for day in days] == ["书院路 18 号", "外地", "外地", "书院路 18 号"]


def test_refusals_change_nothing(town: Town) -> None:
    good: dict[str, Any] = {"values": {"name": "林知夏"}, "valid_from": MOVED}
    stranger: Actor = town.reviewer.actor
    with nothing_changes():
        with pytest.raises(errors.NotTheKeeper):
            actions.record(**keeping(town, actor=stranger), **good)
        with pytest.raises(errors.NotTheKeeper):
            actions.correct(**keeping(town, actor=stranger), values={"name": "何"}, on=MOVED)
        with pytest.raises(errors.NotTheKeeper):
            actions.end(**keeping(town, actor=stranger), valid_to=MOVED)
        for values in (
            {},
            {"name": ""},
            {"name": "x" * 101},
            {"name": "林", "birth_date": "1990-02-30"},
            {"name": "林", "height": 1},
        ):
            with pytest.raises(errors.WrongRecord):
                actions.record(**keeping(town), values=values, valid_from=MOVED)
        with pytest.raises(errors.WrongRecord):
            actions.record(**keeping(town), **good, valid_to=MOVED)
        with pytest.raises(errors.NoSuchRecord):
            actions.correct(**keeping(town), values={"name": "何"}, on=date(2019, 1, 1))
        with pytest.raises(errors.RecordedLater):
            actions.record(**keeping(town, now=NOW - timedelta(days=31)), **good)


def test_the_database_keeps_one_version_at_a_time(town: Town) -> None:
    version = RecordVersion.objects.get()
    for change in (
        lambda: RecordVersion.objects.create(
            record_id=version.record_id, schema_id=version.schema_id, valid_from=MOVED, recorded_from=NOW
        ),
        lambda: RecordVersion.objects.update(valid_from=MOVED),
        lambda: RecordVersion.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_the_change_feed_says_that_and_not_what(town: Town) -> None:
    actions.correct(**keeping(town), values={"address": "书院路 81 号"}, on=date(2026, 1, 1))
    event = Event.objects.filter(kind="registers.record_changed").latest("id")
    assert event.subject_id == Record.objects.get().subject_id
    assert (event.data["change"], event.data["register_id"]) == ("corrected", str(town.register.id))
    assert "书院路" not in str(event.data)
    town.register.resource.refresh_from_db()
    assert town.register.resource.updated_at == NOW


def merging(town: Town, other: Resident, **changes: Any) -> dict[str, Any]:
    """Return what merge and split are given."""
    values = keeping(town, origin=town.about(other), target=town.about(), grounds="同一人两个号码", **changes)
    values.pop("about")
    return values


def with_other(town: Town) -> Resident:
    """Return somebody else who stands in the register, too."""
    other = resident("林之夏")
    actions.record(
        **keeping(town, about=town.about(other), now=NOW - timedelta(days=20)),
        values={"name": "林之夏", "address": "旧号住址"},
        valid_from=date(2021, 1, 1),
    )
    return other


def test_two_numbers_of_one_person_are_merged_and_found_with_either(town: Town) -> None:
    other = with_other(town)
    change = actions.merge(**merging(town, other))
    later = after(hours=1)
    assert sorted(known(town, now=later)) == ["书院路 18 号", "旧号住址"]
    assert sorted(known(town, of=other, now=later)) == ["书院路 18 号", "旧号住址"]
    before = NOW - timedelta(seconds=1)
    assert known(town, at=before, now=later) == ["书院路 18 号"]
    assert known(town, of=other, at=before, now=later) == ["旧号住址"]
    assert SubjectChange.objects.get().id == change.id
    with nothing_changes(), pytest.raises(errors.NotToBeMerged):
        actions.merge(**merging(town, other, now=later))
    with pytest.raises(IntegrityError), transaction.atomic():
        change.delete()


def test_what_is_recorded_on_a_merged_number_is_found_with_either(town: Town) -> None:
    other = with_other(town)
    actions.merge(**merging(town, other))
    values = {"name": "林之夏", "address": "新住址"}
    about, since = town.about(other), date(2024, 1, 1)
    actions.record(**keeping(town, about=about, valid_from=since, now=after(hours=1), key="second"), values=values)
    records = [actions.Loaded(about=about, values=values, valid_from=since, key="third")]
    loading = keeping(town, now=after(hours=2), records=records)
    loading.pop("about")
    assert actions.load(**loading) == 1
    for who in (None, other):
        found = known(town, of=who, now=after(hours=3))
        assert sorted(found) == ["书院路 18 号", "新住址", "新住址", "旧号住址"]
    actions.end(**keeping(town, about=town.about(other), now=after(hours=4), key="second"), valid_to=date(2024, 2, 1))
    assert sorted(known(town, now=after(hours=5))) == ["书院路 18 号", "新住址", "旧号住址"]


def test_a_split_gives_each_their_own_again(town: Town) -> None:
    other = with_other(town)
    actions.merge(**merging(town, other))
    wrong = Record.objects.get(subject_id=Record.objects.exclude(key="").get().subject_id, key__contains="~")
    values = merging(town, other, now=after(days=1), record_ids=[wrong.id])
    values["origin"], values["target"] = values["target"], values["origin"]
    actions.split(**values)
    later = after(days=2)
    assert known(town, now=later) == ["书院路 18 号"]
    assert known(town, of=other, now=later) == ["旧号住址"]
    # In between, both were thought to be one.
    assert sorted(known(town, of=other, at=after(hours=1), now=later)) == ["书院路 18 号", "旧号住址"]


def test_only_the_office_that_gives_the_numbers_merges(town: Town) -> None:
    other = with_other(town)
    register = actions.make_register(
        actor=town.steward.actor, keeper_id=town.keeper.organisation.id, entry=entry("driving"), now=NOW
    )
    with nothing_changes(), pytest.raises(errors.NotTheKeeper):
        actions.merge(**merging(town, other, register_id=register.id))
    with nothing_changes(), pytest.raises(errors.WrongRecord):
        actions.merge(**merging(town, other) | {"grounds": " "})


def loaded(many: int, **changes: Any) -> list[actions.Loaded]:
    """Return records of invented people."""
    from tongban.accounts.tests.people import identity_number  # noqa: PLC0415 - only here
    from tongban.exchange.rules.calls import About  # noqa: PLC0415 - only here

    return [
        actions.Loaded(
            about=About(kind="person", number=identity_number(date(1950 + place % 50, 1, 1 + place % 28))),
            values={"name": f"居民{place}", "religion": "无", "address": f"桂花路 {place} 号"} | changes,
            valid_from=date(2020, 1, 1),
        )
        for place in range(many)
    ]


def test_a_bulk_load_is_whole_and_leaves_nothing_on_its_way(town: Town) -> None:
    records = loaded(300)
    number = actions.load(actor=town.steward.actor, register_id=town.register.id, records=records, now=NOW)
    assert number == 300
    assert Record.objects.count() == 301
    assert not Incoming.objects.exists()
    town.grant("address", "religion", purpose="keeping", standing="keeping", rate_per_minute=1000)
    call = Call(
        about=records[17].about, fields=("address", "religion"), purpose="keeping",
        reference=StandingReference("keeping"), resource="population",
    )  # fmt: skip
    found = town.ask(call, by=town.reviewer.actor, now=after(hours=1))
    assert found.values == {"address": "桂花路 17 号", "religion": "无"}
    assert Event.objects.get(kind="registers.register_loaded").data["records"] == 300


def test_a_load_with_a_fault_loads_nothing_and_says_where(town: Town) -> None:
    records = loaded(3) + loaded(1, name="")
    with nothing_changes(), pytest.raises(errors.WrongRecord) as caught:
        actions.load(actor=town.steward.actor, register_id=town.register.id, records=records, now=NOW)
    assert list(caught.value.fields) == ["3.name"]


def test_the_schema_moves_on_and_old_records_stay(town: Town) -> None:
    fields = (*FIELDS, ItemDraft(code="phone", name="电话", sharing_class="unconditional"))
    schema = actions.publish_schema(
        actor=town.steward.actor, register_id=town.register.id, entry=entry(fields=fields), now=NOW
    )
    assert schema.version == 2
    assert known(town, now=after(hours=1)) == ["书院路 18 号"]
    actions.correct(**keeping(town), values={"phone": "13900000001"}, on=MOVED)
    before = standing()
    with pytest.raises(errors.WrongRecord):
        actions.publish_schema(
            actor=town.steward.actor,
            register_id=town.register.id,
            entry=entry(fields=(ItemDraft(code="name", name="姓名", type="I", sharing_class="unconditional"),)),
            now=NOW,
        )
    assert standing() == before


@pytest.mark.django_db(transaction=True)
def test_a_register_is_written_to_a_file_and_read_again(transactional_db: None) -> None:
    town = make_town()
    known_now = connection.settings_dict
    address = {"host": known_now["HOST"], "port": known_now["PORT"], "dbname": known_now["NAME"]}
    into = StringIO()
    with psycopg.connect(**address, user=settings.TONGBAN_ROLES.owner) as owner:
        with nothing_changes(), pytest.raises(Forbidden):
            actions.dump(actor=town.steward.actor, register=town.register, owner=owner, into=into, now=NOW)
        assert actions.dump(actor=SYSTEM, register=town.register, owner=owner, into=into, now=NOW) == 1
    assert Event.objects.get(kind="registers.register_dumped").data["records"] == 1
    [read] = actions.read_lines(into.getvalue().splitlines())
    assert read.values["religion"] == "无"
    other = actions.make_register(
        actor=SYSTEM, keeper_id=town.keeper.organisation.id, entry=entry("copied", LEADERLESS), now=NOW
    )
    assert actions.load(actor=SYSTEM, register_id=other.id, records=[read], now=NOW) == 1
    assert Record.objects.filter(register=other).count() == 1
