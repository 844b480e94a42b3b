"""Quality and 一数一源: late, incomplete and invalid data, the worst first; who answers for a datum."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser
from tests.standing import nothing_changes

from tongban.base.clock import now, office_date
from tongban.base.errors import NotFound
from tongban.base.tests.looking import look, shown
from tongban.cases.tests.people import Office, Staff, client_of, office
from tongban.exchange import actions, errors
from tongban.exchange.models import LeadProposal, QualityMeasure, Resource, ResourceItem, ResourceVersion
from tongban.exchange.queries import leads
from tongban.exchange.queries.quality import rated
from tongban.exchange.rules.entries import ItemDraft
from tongban.exchange.rules.leads import Holder, suggested
from tongban.exchange.rules.quality import CYCLES, FieldMeasure, Quality, timeliness
from tongban.registers import actions as registers
from tongban.registers.rules.values import Wrong, checked
from tongban.registers.tests.town import FIELDS, NOW, Town, after, entry

QUALITY, LEADS = "/office/data/quality/", "/office/data/leads/"


def page(client: Client, address: str) -> str:
    """Open a page."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def measured(town: Town) -> QualityMeasure:
    """Measure the town's register, and return what was counted."""
    registers.measure(register_id=town.register.id, now=now())
    return QualityMeasure.objects.get(resource=town.resource)


def by_field(measure: QualityMeasure) -> dict[str, tuple[int, int, int]]:
    """Return filled, judged and valid by field."""
    return {one["field"]: (one["filled"], one["judged"], one["valid"]) for one in measure.fields}


def test_a_register_is_counted_where_its_values_are(town: Town) -> None:
    found = measured(town)
    assert (found.records, found.required, found.required_filled) == (1, 1, 1)
    assert by_field(found) == {
        "name": (1, 1, 1), "birth_date": (1, 1, 1), "address": (1, 1, 1), "district": (1, 1, 1),
        "religion": (1, 0, 0), "secret_word": (0, 0, 0),
    }  # fmt: skip
    with connection.cursor() as cursor, pytest.raises(Exception, match="permission denied"):
        cursor.execute("SELECT value FROM registers_recordedvalue")


def test_what_a_newer_schema_wants_shows_in_the_counts(town: Town) -> None:
    codes = ({"value": "汀南区", "label": "汀南区"},)
    fields = {item.code: item for item in FIELDS}
    fields["secret_word"] = replace(fields["secret_word"], is_required=True)
    fields["district"] = replace(fields["district"], code_list=codes)
    fields["address"] = replace(fields["address"], length=3)
    town_entry = entry(fields=tuple(fields.values()), code=town.resource.code)
    registers.publish_schema(actor=town.steward.actor, register_id=town.register.id, entry=town_entry, now=now())
    found = measured(town)
    assert (found.required, found.required_filled) == (2, 1)
    assert by_field(found)["district"] == (1, 1, 0)
    assert by_field(found)["address"] == (1, 1, 0)
    assert (found.judged, found.valid) == (4, 2)


@pytest.mark.parametrize(
    ("kind", "value", "fits"),
    [
        ("C", '"甲"', True), ("C", "1", False), ("M", '"甲\\n乙"', True), ("N", "1.5", True), ("N", '"1"', False),
        ("I", "7", True), ("I", "7.5", False), ("Y", "-7", True), ("Y", '"7"', False), ("L", "true", True), ("L", '"true"', False),
        ("D", '"2026-02-28"', True), ("D", '"2026-13-01"', False), ("D", '"20260101"', False),
        ("T", '"2026-02-28T10:00:00+08:00"', True), ("T", '"2026-02-28"', False), ("G", '{"a": [1]}', True),
        ("C", '"甲乙丙丁"', False),
    ],
)  # fmt: skip
def test_values_are_held_against_their_type(db: None, kind: str, value: str, fits: bool) -> None:  # noqa: FBT001 - expected
    length = 3 if kind == "C" else None
    with connection.cursor() as cursor:
        cursor.execute("SELECT registers_fits(%s::jsonb, %s, %s, '[]'::jsonb)", [value, kind, length])
        assert cursor.fetchone() == (fits,)


_PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**9), 10**9), st.floats(-1000, 1000), st.text("甲a1-:.T+", max_size=6),
    st.dates().map(date.isoformat), st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat),
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=120, deadline=None)
@given(st.sampled_from("CMNBFIYLDT"), _PLAIN.filter(lambda value: value not in {None, ""}), st.booleans())
def test_counting_and_writing_judge_alike(db: None, kind: str, value: Any, listed: bool) -> None:  # noqa: FBT001 - drawn
    codes = ({"value": value, "label": "x"},) if listed else ()
    item = ItemDraft(code="a", name="a", type=kind, length=30, sharing_class="unconditional", code_list=codes)
    try:
        kept = checked([item], {"a": value}, whole=True)
    except Wrong:
        kept = None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT registers_fits(%s::jsonb, %s, 30, %s::jsonb)", [json.dumps(value), kind, json.dumps(codes)]
        )
        assert cursor.fetchone() == (kept == {"a": value} and type(kept["a"]) is type(value),)


def test_what_has_ended_or_was_corrected_is_counted_once(town: Town) -> None:
    about, register_id, actor = town.about(), town.register.id, town.steward.actor
    registers.correct(
        actor=actor, register_id=register_id, about=about, values={"name": "林知秋"}, on=date(2024, 1, 1), now=NOW
    )
    assert measured(town).records == 1
    today = office_date(now())
    registers.end(actor=actor, register_id=register_id, about=about, valid_to=today, now=after(hours=1))
    registers.measure(register_id=register_id, now=now())
    only = QualityMeasure.objects.get(resource=town.resource)
    assert (only.records, only.required, only.judged) == (0, 0, 0), "the same day is counted anew, not twice"


def test_a_record_notes_that_the_data_have_changed(town: Town) -> None:
    assert town.resource.updated_at == NOW - timedelta(days=30)
    change: dict[str, Any] = {"actor": town.steward.actor, "register_id": town.register.id, "about": town.about()}
    registers.correct(**change, values={"name": "林知秋"}, on=date(2024, 1, 1), now=NOW)
    registers.correct(**change, values={"name": "林知冬"}, on=date(2024, 1, 1), now=after(seconds=20))
    assert town.resource.updated_at == NOW
    registers.correct(**change, values={"name": "林知夏"}, on=date(2024, 1, 1), now=after(minutes=2))
    assert town.resource.updated_at == after(minutes=2)


@given(st.sampled_from(sorted(CYCLES)), st.timedeltas(timedelta(), timedelta(days=4000)))
def test_late_is_what_is_older_than_its_cycle(cycle: str, age: timedelta) -> None:
    late, in_time = timeliness(cycle, NOW - age, NOW)
    allowed = CYCLES[cycle]
    if allowed is None or late is None or in_time is None:
        assert (cycle, late, in_time) == ("as_needed", None, None)
        return
    assert (late == timedelta()) == (age <= allowed) == (in_time == 1)
    assert 0 < in_time <= 1
    assert timeliness(cycle, None, NOW) == (None, 0.0)


@given(*[st.none() | st.floats(0, 1)] * 3)
def test_the_score_is_the_worst_of_what_is_known(one: float | None, two: float | None, three: float | None) -> None:
    known = [part for part in (one, two, three) if part is not None]
    quality = Quality(None, one, two, three)
    assert quality.score == (min(known) if known else None)
    assert (quality.grade == "unknown") == (not known)


def published(town: Town, slug: str, at: Office, by: Staff, **changes: Any) -> Resource:
    """Publish an entry of an office."""
    draft = entry(slug, **changes)
    version = actions.draft_resource(actor=by.actor, provider_id=at.organisation.id, draft=draft, now=NOW)
    actions.submit_resource(actor=by.actor, version_id=version.id, now=NOW)
    return actions.publish_resource(actor=town.reviewer.actor, version_id=version.id, now=NOW).resource


def another(town: Town) -> Staff:
    """Return another data steward of the service centre than the one who reviews."""
    return town.asking.staff("steward", "又数")


def plain(code: str, datum: str = "", **changes: Any) -> ItemDraft:
    """Return an item that is shared freely."""
    return ItemDraft(code=code, name=code, sharing_class="unconditional", datum=datum, **changes)


def test_the_worst_comes_first(town: Town) -> None:
    resources = {slug: published(town, slug, town.keeper, town.steward, fields=(plain("a"),), **changes) for slug, changes in {
        "good": {"update_cycle": "yearly"}, "invalid": {"update_cycle": "yearly"}, "late": {"update_cycle": "daily"},
        "nothing-known": {"update_cycle": "as_needed"},
    }.items()}  # fmt: skip
    Resource.objects.filter(slug__in=["good", "invalid"]).update(updated_at=now() - timedelta(days=2))
    Resource.objects.filter(slug="late").update(updated_at=now() - timedelta(days=100))
    for slug, valid in (("good", 1000), ("invalid", 500)):
        counted = [FieldMeasure("a", is_required=True, filled=1000, judged=1000, valid=valid)]
        actions.note_quality(resource_id=resources[slug].id, records=1000, measured=counted, now=now())
    found = [one.resource.slug for one in rated(now())]
    assert found == ["population", "late", "invalid", "good", "nothing-known"]
    steward = client_of(town.steward.username)
    assert page(steward, QUALITY).index("invalid") < page(steward, QUALITY).index("nothing-known")
    assert "nothing-known" not in page(steward, QUALITY + "?grade=poor")
    assert "99 天" in page(steward, QUALITY + "late")
    assert "50%" in page(steward, QUALITY + "invalid")
    answer = steward.get("/office/data/quality.csv?grade=poor")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert [row["有效率"] for row in csv.DictReader(io.StringIO(text))][2] == "0.5"


def test_measures_older_than_a_year_are_forgotten(town: Town) -> None:
    counted = [FieldMeasure("name", is_required=True, filled=1, judged=1, valid=1)]
    for days in (500, 300, 0):
        actions.note_quality(
            resource_id=town.resource.id, records=1, measured=counted, now=now() - timedelta(days=days)
        )
    assert QualityMeasure.objects.count() == 2


@pytest.fixture
def school(town: Town) -> tuple[Office, Staff]:
    """Return an office that holds names, too."""
    at = office("云澜市教育局", "school", roles=("steward",))
    steward = at.staff("steward", "别数")
    published(town, "pupils", at, steward, fields=(plain("pupil", "person.name"), plain("school", "person.school")))
    return at, steward


def proposed(town: Town, school: tuple[Office, Staff]) -> LeadProposal:
    """Propose that the school office answers for names."""
    return actions.propose_lead(
        actor=school[1].actor, datum="person.name", resource_id=Resource.objects.get(slug="pupils").id,
        grounds="学籍以户籍为准", now=NOW,
    )  # fmt: skip


def led(datum: str) -> list[str]:
    """Return whose resources lead for a datum."""
    found = ResourceItem.objects.filter(datum=datum, in_force=True, is_lead=True)
    return list(found.values_list("version__resource__slug", flat=True))


def test_a_proposal_that_is_agreed_makes_a_version_of_both_entries(town: Town, school: tuple[Office, Staff]) -> None:
    proposal = proposed(town, school)
    actions.agree_lead(actor=town.reviewer.actor, proposal_id=proposal.id, word="同意", now=NOW)
    assert led("person.name") == ["pupils"]
    for slug in ("population", "pupils"):
        resource = Resource.objects.get(slug=slug)
        versions = ResourceVersion.objects.filter(resource=resource).order_by("number")
        assert [one.state for one in versions] == ["replaced", "published"]
        assert versions[1].drafted_by_id == school[1].official_id
        assert resource.in_force_id == versions[1].id
    again = LeadProposal.objects.get(id=proposal.id)
    assert (again.state, again.decided_by_id) == ("agreed", town.reviewer.official_id)
    with nothing_changes(), pytest.raises(errors.NotInThisState):
        actions.agree_lead(actor=town.reviewer.actor, proposal_id=proposal.id, word="", now=NOW)


def test_who_may_propose_and_who_decides(town: Town, school: tuple[Office, Staff]) -> None:
    elsewhere = office("云澜市水务局", "water", roles=("steward",)).staff("steward", "水数")
    resource_id = town.resource.id
    with nothing_changes():
        for who, changes, error in (
            (elsewhere, {}, errors.NotYours),
            (school[1], {"grounds": " "}, errors.NotComplete),
            (school[1], {"resource_id": resource_id}, errors.NotComplete),
            (school[1], {"datum": "person.nothing"}, NotFound),
        ):
            wanted: dict[str, Any] = {
                "datum": "person.name",
                "resource_id": Resource.objects.get(slug="pupils").id,
                "grounds": "x",
            }
            with pytest.raises(error):
                actions.propose_lead(actor=who.actor, now=NOW, **(wanted | changes))
    proposal = proposed(town, school)
    own = another(town)
    with nothing_changes():
        with pytest.raises(errors.AlreadyProposed):
            proposed(town, school)
        with pytest.raises(errors.OnlyTheCentre):
            actions.agree_lead(actor=school[1].actor, proposal_id=proposal.id, word="", now=NOW)
        with pytest.raises(errors.NotComplete):
            actions.decline_lead(actor=own.actor, proposal_id=proposal.id, word=" ", now=NOW)
    draft = entry(fields=FIELDS, code=town.resource.code, name="人口信息")
    actions.draft_resource(actor=town.steward.actor, provider_id=town.keeper.organisation.id, draft=draft, now=NOW)
    with nothing_changes(), pytest.raises(errors.VersionInMaking):
        actions.agree_lead(actor=own.actor, proposal_id=proposal.id, word="", now=NOW)
    actions.decline_lead(actor=own.actor, proposal_id=proposal.id, word="以户籍为准", now=NOW)
    assert led("person.name") == ["population"]


def test_conflicts_are_found_with_both_offices(town: Town, school: tuple[Office, Staff]) -> None:
    assert leads.datum("person.name").conflict == ""
    published(town, "workers", town.asking, another(town), fields=(plain("school", "person.school"),))
    nobody = leads.datum("person.school")
    assert nobody.conflict == "nobody"
    claim = entry(
        "pupils", code=Resource.objects.get(slug="pupils").code, fields=(plain("pupil", "person.name", is_lead=True),)
    )
    actions.draft_resource(actor=school[1].actor, provider_id=school[0].organisation.id, draft=claim, now=NOW)
    claimed = leads.datum("person.name")
    assert claimed.conflict == "claimed"
    assert [one.version.resource.slug for one in claimed.claims] == ["pupils"]
    assert [one.name for one in leads.data(only_conflicts=True)] == ["person.name", "person.school"]
    shown_page = page(client_of(school[1].username), LEADS + "?only=conflicts")
    for words in ("云澜市公安局", "云澜市教育局", "云澜市民政局"):
        assert words in shown_page


_holders = st.lists(
    st.builds(
        Holder,
        resource=st.text(min_size=1, max_size=3),
        is_lead=st.just(False),
        is_basic=st.booleans(),
        uses=st.integers(0, 3),
        published_on=st.none() | st.dates(),
    ),
    unique_by=lambda one: one.resource,
    max_size=5,
)


@given(_holders, st.randoms())
def test_the_suggestion_does_not_hang_on_the_order(holders: list[Holder], random: Any) -> None:
    first = suggested(holders)
    mixed = list(holders)
    random.shuffle(mixed)
    assert suggested(mixed) == first
    assert (first is None) == (not holders)
    if first and holders:
        chosen = next(one for one in holders if one.resource == first.resource)
        assert chosen.is_basic or not any(one.is_basic for one in holders)
        lead = replace(holders[-1], is_lead=True)
        assert suggested([*holders[:-1], lead]).resource == lead.resource  # type: ignore[union-attr]


def test_a_lead_is_proposed_and_settled_on_its_page(town: Town, school: tuple[Office, Staff]) -> None:
    address = LEADS + "person.name"
    asking, deciding = client_of(school[1].username), client_of(town.reviewer.username)
    resource_id = str(Resource.objects.get(slug="pupils").id)
    wanted = {"step": "propose", "proposal-resource": resource_id, "proposal-grounds": ""}
    with nothing_changes():
        assert asking.post(address, wanted).status_code == 422
        assert asking.post(address, {"step": "agree", "proposal": "x"}).status_code == 422
        assert asking.get(LEADS + "person.nothing").status_code == 404
    assert asking.post(address, wanted | {"proposal-grounds": "学籍"}).status_code == 302
    proposal = LeadProposal.objects.get()
    decided = {"step": "decline", "proposal": str(proposal.id), f"p{proposal.id}-word": ""}
    with nothing_changes():
        assert deciding.post(address, decided).status_code == 422
        assert asking.post(address, decided | {"step": "propose"}).status_code == 422
    assert deciding.post(address, decided | {"step": "agree"}).status_code == 302
    assert led("person.name") == ["pupils"]
    assert "已同意" in page(asking, address)


@pytest.mark.parametrize("address", [QUALITY, LEADS, "/office/data/quality.csv", LEADS + "person.name"])
def test_lists_cost_the_same_however_long_they_are(town: Town, school: tuple[Office, Staff], address: str) -> None:
    steward, costs = client_of(town.steward.username), []
    for part in range(2):
        steward.get(address)
        with CaptureQueriesContext(connection) as asked:
            answer = steward.get(address)
            assert answer.status_code == 200
            list(answer.streaming_content) if answer.streaming else None  # type: ignore[attr-defined]
        costs.append(len(asked))
        for number in range(3):
            item = plain("a", f"person.more_{part}_{number}")
            published(town, f"more-{part}-{number}", *school, fields=(item, plain("b", "person.name")))
    assert costs[0] == costs[1]


def test_how_the_pages_look(town: Town, school: tuple[Office, Staff], browser: Browser, tmp_path: Path) -> None:
    measured(town)
    long = "城市生活垃圾分类收集运输处置全过程监管信息" * 4
    published(town, "waste", *school, fields=(plain("a", "person.school"), plain("b", "person.address")), name=long)
    published(town, "workers", town.asking, another(town), fields=(plain("school", "person.school"),), name=long)
    proposed(town, school)
    reviewer = client_of(town.reviewer.username)
    addresses = {"quality": QUALITY, "population": QUALITY + "population", "waste": QUALITY + "waste", "leads": LEADS}
    none = {"none": LEADS + "?q=没有", "none-graded": QUALITY + "?grade=fair"}
    pages = shown(reviewer, addresses | none | {"lead": LEADS + "person.name", "disputed": LEADS + "person.school"})
    assert look(browser, pages, tmp_path) == []
