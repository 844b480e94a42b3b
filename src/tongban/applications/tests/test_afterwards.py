"""Supplements, results, fees, archives, erasure: what follows once an application is in."""

import io
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from tongban.applications import actions, books, queries
from tongban.applications.actions import SupplementAnswer
from tongban.applications.errors import Incomplete, NoSupplementWanted, TooManyFiles
from tongban.applications.models import Application
from tongban.applications.tests.people import GUIDE, RENEWAL, SHOP, Town, publish
from tongban.base.actor import Actor
from tongban.base.books import Look
from tongban.base.errors import NotFound
from tongban.cases import actions as cases
from tongban.cases.books import states as case_books
from tongban.cases.errors import NotComplete
from tongban.cases.kinds import KINDS
from tongban.cases.models import Case, Clock, FeeDemand, Result
from tongban.cases.tests.people import NOW, client_of, open_task
from tongban.files import actions as files
from tongban.files.models import StoredFile
from tongban.files.tests.samples import png
from tongban.ledger import actions as ledger
from tongban.ledger.queries import history_of
from tongban.papers import queries as papers
from tongban.papers.models import Paper

LATER = NOW + timedelta(days=1)


def sent_file(actor: Actor) -> UUID:
    return files.receive(actor=actor, name="新图.png", content=io.BytesIO(png()), now=LATER).id


def asked(town: Town, application: Application, *points: tuple[str, str, str]) -> Case:
    cases.ask_supplement(
        actor=town.city.desk.actor, task=open_task(application.case, "acceptance"), points=list(points), now=NOW
    )
    return Case.objects.get(id=application.case_id)


def answer(actor: Actor, case: Case, **parts: Any) -> Application:
    return actions.answer_supplement(actor=actor, case_id=case.id, answer=SupplementAnswer(**parts), now=LATER)


PLAN = ("material", "plan", "请补充厨房的位置")
AREA = ("field", "area", "面积与平面图不符")


def test_an_answer_takes_the_place_of_what_was_wrong(town: Town) -> None:
    application = town.submitted()
    case = asked(town, application, PLAN, AREA)
    file_id = sent_file(town.lin.actor)
    answer(town.lin.actor, case, typed={"area": "18", "words": "别的"}, file_ids={"plan": [file_id]})
    application.refresh_from_db()
    assert application.values["area"] == "18"
    assert application.values["words"] == "望江面馆"
    plans = application.materials.filter(material_key="plan").order_by("round")
    assert [(row.round, row.replaced_at is None) for row in plans] == [(0, False), (1, True)]
    assert [row.file_id for row in queries.materials_of(application.id) if row.material_key == "plan"] == [file_id]
    case.refresh_from_db()
    assert case.state == "submitted"
    assert case.process_data["form"]["area"] == 18
    assert queries.application_sees_file(town.city.desk.actor, file_id)
    with pytest.raises(NoSupplementWanted):
        answer(town.lin.actor, case, typed={"area": "18"})


def test_every_point_must_be_answered_and_be_right(town: Town) -> None:
    application = town.submitted()
    case = asked(town, application, PLAN, AREA)
    with pytest.raises(Incomplete) as incomplete:
        answer(town.lin.actor, case, typed={"area": "很大"})
    assert set(incomplete.value.fields) == {"plan", "area"}
    application.refresh_from_db()
    assert application.values["area"] == "23.5"
    assert application.materials.filter(replaced_at__isnull=False).count() == 0
    answer(town.lin.actor, case, typed={"area": "30"}, words={"plan": "没有别的图"})
    assert {row.word for row in queries.materials_of(application.id)} == {"没有别的图", ""}


def test_a_date_is_judged_by_the_day_of_the_answer(town: Town) -> None:
    case = asked(town, town.submitted(), ("field", "opened", "日期不对"))
    with pytest.raises(Incomplete):
        answer(town.lin.actor, case, typed={"opened": "2026-03-04"})
    answer(town.lin.actor, case, typed={"opened": "2026-03-03"})


def test_only_fresh_files_of_ones_own_are_taken(town: Town) -> None:
    application = town.submitted()
    case = asked(town, application, PLAN)
    earlier = application.materials.get(material_key="plan").file_id
    elses = sent_file(town.other.actor)
    for file_id in (elses, earlier, application.id):
        with pytest.raises(NotFound):
            answer(town.lin.actor, case, file_ids={"plan": [file_id]})
    many = [sent_file(town.lin.actor)] * 21
    with pytest.raises(TooManyFiles):
        answer(town.lin.actor, case, file_ids={"plan": many})
    with pytest.raises(NotFound):
        answer(town.other.actor, case, words={"plan": "没有"})
    case.refresh_from_db()
    assert case.state != "submitted"
    assert application.materials.filter(round=1).count() == 0


def test_whatever_is_shown_can_be_asked_for(town: Town) -> None:
    application = town.submitted()
    targets = {(one.kind, one.key) for one in KINDS["application"].supplement_targets(application.case)}
    assert {("field", "area"), ("field", "identity"), ("material", "plan")} <= targets


def test_what_the_office_holds_itself_is_not_asked_for_again(town: Town) -> None:
    application = town.submitted()
    assert application.materials.get(material_key="licence").way == "exempt"
    case, task = application.case, open_task(application.case, "acceptance")
    page = client_of(town.city.desk.username).get(f"/office/cases/{case.number}").content.decode()
    assert 'name="point-material:plan"' in page
    assert "point-material:licence" not in page
    with pytest.raises(NotFound):
        cases.ask_supplement(
            actor=town.city.desk.actor, task=task, points=[("material", "licence", "请交营业执照")], now=NOW
        )
    assert Case.objects.get(id=case.id).state == "submitted"


def test_numbers_are_shown_to_who_works_on_the_case_and_never_unnoticed(town: Town) -> None:
    case = town.submitted().case
    task, desk = open_task(case, "acceptance"), client_of(town.city.desk.username)
    address, full = f"/office/cases/{case.number}", f"/office/cases/{case.number}/full-numbers"
    assert case.applicant_person is not None
    identity = case.applicant_person.identity_number
    page = desk.get(address).content.decode()
    assert "139****1234" in page
    assert "13900001234" not in page
    assert desk.post(full).status_code == 403
    assert desk.get(full).status_code == 302
    assert not [one for one in history_of("case", case.id) if one.kind == "cases.numbers_shown"]
    cases.claim(actor=town.city.desk.actor, task=task, now=NOW)
    page = desk.get(address).content.decode()
    assert "13900001234" in page
    assert identity not in page
    assert "显示完整号码" in page
    assert identity in desk.post(full).content.decode()
    (event,) = [one for one in history_of("case", case.id) if one.kind == "cases.numbers_shown"]
    assert event.data["fields"] == ["applicant", "identity"]
    assert event.official_id == town.city.desk.official_id
    assert identity not in str(event.data)
    page = desk.get(address).content.decode()
    assert identity not in page
    assert "查看了完整号码：申请人证件号码、身份证号码" in page
    followed = client_of(town.lin.username).get(f"/my/cases/{case.number}").content.decode()
    assert "查看了完整号码" in followed
    assert client_of(town.city.reviewer.username).post(full).status_code == 404


def paid(town: Town, case: Case) -> None:
    fee = FeeDemand.objects.get(case=case)
    cashier = town.city.market.staff("fees", "钱收费")
    cases.settle_fee(actor=cashier.actor, fee=fee, receipt_number="票-1", now=LATER)


def test_the_result_waits_for_the_fee_and_is_issued_once(town: Town) -> None:
    case = town.granted(town.submitted())
    ledger.drain(NOW)
    assert FeeDemand.objects.get(case=case).amount_fen == 12000
    assert not Result.objects.exists()
    paid(town, case)
    ledger.drain(LATER)
    result = Result.objects.get(case=case)
    assert (result.name, result.valid_from, result.valid_to) == ("店铺登记证", date(2026, 3, 3), date(2031, 3, 2))
    assert result.paper
    assert ["店名", "望江面馆"] in [list(row) for row in result.paper.content["rows"]]
    actions.issue_result_of(case_id=case.id, now=LATER)
    ledger.drain(LATER)
    assert Result.objects.count() == 1


def test_a_fee_of_several_amounts_is_chosen_at_acceptance(town: Town) -> None:
    items = [{"label": "甲类", "amount_fen": 100}, {"label": "乙类", "amount_fen": 200}]
    publish(town.city.market.organisation.id, "two-prices", fees=[{"name": "工本费", "items": items}])
    application = town.submit(town.fill(town.begin(code="two-prices")))
    [fee] = application.case.terms["fees"]
    assert fee["amount_fen"] is None
    assert [option["amount_fen"] for option in fee["options"]] == [100, 200]
    case = town.granted(application, {"工本费": 200})
    assert FeeDemand.objects.get(case=case).amount_fen == 200


def test_a_fee_stated_in_words_is_demanded_once_an_official_has_fixed_it(town: Town) -> None:
    publish(town.city.market.organisation.id, "in-words", fees=[{"name": "检测费", "standard": "按检测项目收取"}])
    application = town.submit(town.fill(town.begin(code="in-words")))
    [fee] = application.case.terms["fees"]
    assert (fee["amount_fen"], fee["standard"]) == (None, "按检测项目收取")
    case = town.granted(application, {"检测费": 12_345})
    demanded = FeeDemand.objects.get(case=case)
    assert demanded.amount_fen == 12_345
    assert demanded.paper is not None
    assert ["金额", "123.45 元"] in [list(row) for row in demanded.paper.content["rows"]]
    ledger.drain(NOW)
    assert not Result.objects.exists()
    paid(town, case)
    ledger.drain(LATER)
    assert Result.objects.filter(case=case).exists()


def held_result(town: Town) -> Result:
    publish(town.city.market.organisation.id, SHOP, charges=False, fees=[])
    case = town.granted(town.submitted())
    ledger.drain(NOW)
    return Result.objects.get(case=case)


def test_a_renewal_succeeds_the_result_of_its_holder_alone(town: Town) -> None:
    first = held_result(town)
    publish(
        town.city.market.organisation.id, SHOP, charges=False, fees=[], result={**GUIDE["result"], "succeeds": True}
    )
    with pytest.raises(NotFound):
        town.begin(town.other.actor, predecessor_id=first.id)
    draft = town.fill(town.begin(predecessor_id=first.id))
    case = town.granted(town.submit(draft))
    ledger.drain(NOW)
    second = Result.objects.get(case=case)
    assert second.predecessor_id == first.id
    assert second.paper
    assert second.paper.content["predecessor"] == first.number
    with pytest.raises(NotFound):
        town.begin(predecessor_id=first.id)


def test_a_renewal_that_nobody_decides_on_is_renewed_by_law_and_goes_on_without_a_break(town: Town) -> None:
    first = held_result(town)
    assert first.valid_to is not None
    permit = {"item_type": "01", "result": {**GUIDE["result"], "succeeds": "renewal"}}
    publish(town.city.market.organisation.id, SHOP, charges=False, fees=[], **permit)
    case = town.submit(town.fill(town.begin(predecessor_id=first.id))).case
    clock = case.clocks.get(kind="renewal")
    assert clock.due_on == first.valid_to
    over = clock.due_at
    assert over is not None
    assert cases.act_on_what_is_due(now=over).done == 1
    ledger.drain(over)
    second = Result.objects.get(case=case)
    assert (second.predecessor_id, second.valid_from) == (first.id, first.valid_to + timedelta(days=1))
    case.refresh_from_db()
    assert case.state in {"completed", "delivered"}


def test_a_matter_of_another_kind_renews_nothing(town: Town) -> None:
    first = held_result(town)
    publish(town.city.market.organisation.id, RENEWAL, name="别的事项")
    with pytest.raises(NotFound):
        town.begin(code=RENEWAL, predecessor_id=first.id)


def test_the_archive_holds_answers_and_files(town: Town) -> None:
    application = town.submitted()
    entries = dict(KINDS["application"].archive_entries(application.case))
    text = entries.pop("application.txt")
    assert isinstance(text, bytes)
    assert "望江面馆" in text.decode()
    assert application.values["identity"] in text.decode()
    [(name, file_id)] = entries.items()
    assert name.startswith("materials/")
    assert name.endswith("plan.png")
    assert file_id == application.materials.get(material_key="plan").file_id


def test_erasing_leaves_no_answer_and_no_file(town: Town) -> None:
    application = town.submitted()
    file_id = application.materials.get(material_key="plan").file_id
    assert file_id
    KINDS["application"].erase(application.case_id, LATER)
    KINDS["application"].erase(application.case_id, LATER + timedelta(days=1))
    application.refresh_from_db()
    assert (application.values, application.proxy, application.erased_at) == ({}, None, LATER)
    assert not application.materials.exclude(file=None).exists()
    assert StoredFile.objects.get(id=file_id).erased_at == LATER
    panels = KINDS["application"].panels(application.case, town.city.desk.actor)
    assert panels[0].context["steps"] == []


def mended(town: Town, application: Application, wrong: str, right: str) -> Paper:
    assert application.receipt_id is not None
    return cases.correct_paper(
        actor=town.city.desk.actor,
        case_id=application.case_id,
        paper_id=application.receipt_id,
        reason="录入有误",
        wanted=[cases.Correction(wrong, right)],
        now=LATER,
    )


def test_a_slip_of_the_pen_on_a_receipt_is_corrected_and_the_day_of_receipt_stays(town: Town) -> None:
    application = town.submitted()
    old = application.receipt
    assert old is not None
    assert old.content is not None
    material = old.content["table"][0][1]
    for fixed in ("2026年3月2日", application.case.number):
        with pytest.raises(NotComplete):
            mended(town, application, fixed, "2026年3月9日")
    assert not Paper.objects.exclude(voided_at=None).exists()
    made = mended(town, application, material, f"{material}（复印件）")
    application.refresh_from_db()
    assert (application.receipt_id, made.kind) == (made.id, "receipt")
    page = client_of(town.lin.username).get(f"/cases/{application.case.number}/receipt/").content.decode()
    assert str(made.id) in page
    assert str(old.id) not in page
    for one in (books.submissions, case_books.papers):
        assert list(one(Look(LATER)).named) == []


def test_the_receipt_and_the_result_of_a_case_are_looked_at_before_a_wording_is_used(town: Town) -> None:
    waiting = town.submitted()
    desk = town.city.desk.actor
    assert queries.paper_example(desk, "result", waiting.case.number) is None
    result = held_result(town)
    application, number = queries.application_of(result.case_id), result.case.number
    for kind, paper in (("receipt", application.receipt), ("result", result.paper)):
        assert paper is not None
        example = queries.paper_example(desk, kind, number)
        assert example is not None
        said, kept = papers.worded(kind, example, application.case.organisation_id, []), papers.content_of(paper)
        for part in ("office", "addressee", "paragraphs", "rows", "table", "valid_from", "valid_to"):
            assert getattr(said, part) == getattr(kept, part), (kind, part)
        assert queries.paper_example(town.city.health.staff("fees").actor, kind, number) is None


@pytest.mark.parametrize("item_type", ["01", "07"])
def test_a_limit_without_a_unit_measures_nothing(town: Town, item_type: str) -> None:
    """The guide says 20 and not of what: it is told as it stands, no clock and no day is made of it."""
    nowhere = {"value": 20, "unit": None}
    office = town.city.market.organisation.id
    publish(office, SHOP, promised_limit=nowhere, statutory_limit=nowhere, item_type=item_type)
    case = town.submitted().case
    cases.accept(actor=town.city.desk.actor, task=open_task(case, "acceptance"), now=NOW)
    clocks = {str(clock.kind): clock for clock in Clock.objects.filter(case=case, state="running")}
    expected = {"01": {"statutory", "step"}, "07": {"policy", "step"}}[item_type]
    assert set(clocks) == expected, "the law's own limit for permits; for others the internal one"
    assert "promised" not in {str(clock.kind) for clock in case.clocks.all()}
    page = client_of(town.lin.username).get(f"/my/cases/{case.number}/clocks").content.decode()
    assert ("2026年3月30日" in page) is (item_type == "01")
    assert "承诺时限" not in page
    receipt = client_of(town.lin.username).get(f"/cases/{case.number}/receipt/").content.decode()
    assert "20 个工作日" not in receipt
    assert "20 日" not in receipt
