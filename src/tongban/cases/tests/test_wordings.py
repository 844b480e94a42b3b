"""What papers say is data: item managers write it, law's parts cannot be left out, and nothing typed is executed."""

from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as some

from tongban.base.actor import SYSTEM
from tongban.base.errors import Forbidden
from tongban.cases import actions
from tongban.cases.kinds import Terms
from tongban.cases.models import Case
from tongban.cases.rules import wordings as rules_of_cases
from tongban.cases.tests.people import NOW, City, Office, Staff, client_of, open_task
from tongban.organisations import actions as organisations
from tongban.papers import actions as papers
from tongban.papers import kinds, queries
from tongban.papers.errors import WordingChanged, WordingRefused
from tongban.papers.models import Paper, PaperTemplate
from tongban.papers.rules import Text, faults, fill

ADDRESS = "/office/wordings/acceptance"
TYPED = {
    "paragraphs": "您好！您的“{matter}”申请已于{accepted_on}受理。\n\n{limits}\n\n如有疑问请来电。",
    "remarks": "办件编号：{number}",
    "paragraphs_en": "Your “{matter}” is accepted as of {accepted_on}.\n\n{limits}",
    "reason": "更亲切",
    "after_version": "0",
}


def manager(office: Office, name: str = "孙事项") -> Staff:
    office.posts["item_manager"] = organisations.create_post(
        actor=SYSTEM, organisation_id=office.organisation.id, name="事项管理岗", roles=["item_manager"], now=NOW
    )
    return office.staff("item_manager", name)


def paper_of(case: Case, kind: str = "acceptance") -> dict[str, Any]:
    said = Paper.objects.get(subject_id=case.id, kind=kind).content
    assert said is not None
    return dict(said)


@pytest.mark.django_db
def test_a_wording_is_published_and_used_from_then_on(city: City) -> None:
    before = city.accepted()
    client = client_of(manager(city.market).username)
    page = client.get(ADDRESS)
    assert "{accepted_on}" in page.content.decode()
    assert client.post(ADDRESS, {**TYPED, "action": "publish"}).status_code == 302
    after = city.accepted()
    said = paper_of(after)
    assert said["paragraphs"][0] == "您好！您的“食品经营许可”申请已于2026年3月2日受理。"
    assert said["paragraphs"][-1] == "如有疑问请来电。"
    assert said["remarks"] == [f"办件编号：{after.number}"]
    assert "values" not in said
    assert "您好" not in paper_of(before)["paragraphs"][0]
    history = client.get(ADDRESS).content.decode()
    assert "更亲切" in history
    assert "<ins>如有疑问请来电。</ins>" in history


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"paragraphs": "{matter} {limits}"}, "{accepted_on}"),
        ({"paragraphs": TYPED["paragraphs"] + "\n\n{password}"}, "{password}"),
        ({"paragraphs": TYPED["paragraphs"] + "\n\n{matter.__class__}"}, "{matter.__class__}"),
        ({"paragraphs": TYPED["paragraphs"] + "\n\n{% load x %}"}, "{% load x %}"),
        ({"paragraphs": TYPED["paragraphs"] + "\n\n到{due_on}为止，{matter}。"}, "{due_on}"),
        ({"paragraphs_en": ""}, "{matter}"),
        ({"reason": " "}, "为什么"),
    ],
)
def test_what_cannot_be_a_wording_is_refused_beside_its_field(city: City, typed: dict[str, str], told: str) -> None:
    client = client_of(manager(city.market).username)
    answer = client.post(ADDRESS, {**TYPED, **typed, "action": "publish"})
    shown = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert told in shown.split("govuk-error-summary__list", 1)[1].split("</ul>")[0]
    assert "govuk-error-message" in shown
    assert not PaperTemplate.objects.exists()


@pytest.mark.django_db
def test_the_preview_is_a_paper_and_issues_none(city: City) -> None:
    case = city.accepted()
    staff = manager(city.market)
    client, issued = client_of(staff.username), Paper.objects.count()
    shown = client.post(ADDRESS, {**TYPED, "action": "preview"})
    assert (shown.status_code, shown["Content-Type"]) == (200, "application/pdf")
    assert b"".join(shown).startswith(b"%PDF")
    unseen = client.post(ADDRESS, {**TYPED, "action": "preview", "case_number": case.number})
    assert unseen.status_code == 422, "an item manager sees no cases of others' desks"
    organisations.appoint(
        actor=SYSTEM, official_id=staff.official_id, post_id=city.market.posts["acceptance"].id, now=NOW
    )
    seen = client.post(ADDRESS, {**TYPED, "action": "preview", "case_number": case.number})
    assert (seen.status_code, seen["Content-Type"]) == (200, "application/pdf")
    assert (Paper.objects.count(), PaperTemplate.objects.count()) == (issued, 0)


@pytest.mark.django_db
def test_each_office_writes_its_own_and_only_the_centre_for_all(city: City) -> None:
    other = manager(city.health)
    answer = client_of(other.username).post(ADDRESS, {**TYPED, "action": "publish"})
    assert answer.status_code == 403
    with pytest.raises(Forbidden):
        publish(other, office=city.market)
    assert not PaperTemplate.objects.exists()
    publish(other, office=city.health)
    assert "您好" not in paper_of(city.accepted())["paragraphs"][0]


def publish(by: Staff, *, office: Office | None, item: str = "", first: str = "{matter}{accepted_on}") -> PaperTemplate:
    text = Text((first, "{limits}"))
    return papers.publish_wording(
        actor=by.actor,
        kind="acceptance",
        organisation_id=office.organisation.id if office else None,
        item_code=item,
        texts={"zh-hans": text, "en": text},
        reason="x",
        now=NOW,
    )


@pytest.mark.django_db
def test_the_closest_wording_counts_and_versions_come_back(city: City) -> None:
    staff = manager(city.market)
    publish(staff, office=None, first="全市：{matter}{accepted_on}")
    first = publish(staff, office=city.market, first="本局：{matter}{accepted_on}")
    publish(staff, office=city.market, item="X1", first="事项：{matter}{accepted_on}")

    def said(item: str) -> str:
        return str(paper_of(city.accepted(terms=Terms(item_type="01", item_code=item)))["paragraphs"][0])[:2]

    assert (said("X1"), said("X2")) == ("事项", "本局")
    second = publish(staff, office=city.market, first="新的：{matter}{accepted_on}")
    assert said("X2") == "新的"
    client = client_of(staff.username)
    client.post(f"/office/wordings/versions/{first.id}/again")
    assert said("X2") == "本局"
    third = PaperTemplate.objects.get(organisation=city.market.organisation, item_code="", in_force=True)
    assert (third.version, second.version) == (3, 2)
    client.post(f"/office/wordings/versions/{third.id}/withdraw")
    assert said("X2") == "全市"
    with pytest.raises(WordingChanged):
        papers.publish_wording(
            actor=staff.actor, kind="acceptance", organisation_id=None, texts=queries.texts_of(first), reason="x",
            after_version=0, now=NOW,
        )  # fmt: skip


@pytest.mark.django_db
def test_a_wording_costs_no_statement_when_accepting(city: City) -> None:
    city.accepted()
    plain = city.case()
    with CaptureQueriesContext(connection) as without:
        actions.accept(actor=city.desk.actor, task=open_task(plain, "acceptance"), now=NOW)
    publish(manager(city.market), office=None)
    city.accepted()
    worded = city.case()
    with CaptureQueriesContext(connection) as with_one:
        actions.accept(actor=city.desk.actor, task=open_task(worded, "acceptance"), now=NOW)
    assert len(with_one) == len(without)


def test_every_shipped_wording_will_do_in_both_languages() -> None:
    for kind in rules_of_cases.WORDINGS:
        wording = kinds.wordings[kind.kind]
        for language, text in queries.shipped_texts(wording).items():
            assert faults(wording, text) == {}, (kind.kind, language)


def test_remedies_and_expected_length_cannot_be_left_out() -> None:
    for kind, needed in (
        ("decision_refused", {"remedies", "legal_basis", "reasons"}),
        ("non_acceptance", {"remedies", "legal_basis", "what_else"}),
        ("special_procedure", {"expected_length", "legal_basis"}),
    ):
        for name in needed:
            texts = queries.shipped_texts(kinds.wordings[kind])
            cut = Text(tuple(one for one in texts["zh-hans"].paragraphs if f"{{{name}}}" not in one))
            with pytest.raises(WordingRefused) as refused:
                papers.check_wording(kind, {**texts, "zh-hans": cut})
            assert any(f"{{{name}}}" in sentence for sentence in refused.value.fields["paragraphs"])


@given(some.text(), some.dictionaries(some.sampled_from(["matter", "word"]), some.text()))
def test_filling_in_only_ever_puts_text_in_place_of_names(sentence: str, values: dict[str, str]) -> None:
    for said in fill([sentence], values):
        assert "{matter}" not in said or "{matter}" in "".join(values.values()) or "{matter}" not in sentence
    assert fill(["{matter}"], {"matter": "{word} {0} {matter.x}"}) == ("{word} {0} {matter.x}",)
