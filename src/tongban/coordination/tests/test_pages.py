"""The supervisor's page, orders and rules, over HTTP; who may, and that figures and lists agree."""

import re
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from tongban.base.clock import office_date
from tongban.base.errors import NotFound
from tongban.base.ids import new_id
from tongban.cases import actions as cases
from tongban.cases.kinds import TermLimit, Terms
from tongban.cases.models import Case, Rating
from tongban.cases.tests.people import NOW, City, Staff, client_of, office, open_case, open_task
from tongban.cases.tests.test_erased_words import WORD, places_of
from tongban.coordination import actions, queries
from tongban.coordination.errors import NotYourTurn, OnlyTheCentre, OrderOpen
from tongban.coordination.models import Finding, Order, RuleTable
from tongban.coordination.queries.findings import Filters, filters_of
from tongban.coordination.queries.warning import Warner
from tongban.coordination.rules.table import Rules
from tongban.ledger import actions as ledger
from tongban.ledger import queries as ledger_queries
from tongban.notifications.models import Message

TERMS = Terms(item_type="01", item_code="X1", promised=TermLimit(value=5, unit="working_day"), retention_years=1)
OVERVIEW = "/office/supervision/"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    for page in ("supervision", "orders", "rules"):
        monkeypatch.setattr(f"tongban.coordination.web.{page}.now", lambda: NOW + timedelta(days=8))


@pytest.fixture
def supervisor(city: City) -> Staff:
    return city.market.staff("supervisor", "鉴明")


@pytest.fixture
def late(city: City) -> Case:
    case = city.accepted(terms=TERMS)
    actions.look(now=NOW + timedelta(days=8))
    return case


def ordered(city: City, supervisor: Staff, case: Case) -> Order:
    return actions.issue_order(actor=supervisor.actor, case=case, demand="请说明超时原因。", days=3, now=NOW)


def test_each_figure_counts_the_list_it_opens(city: City, supervisor: Staff, late: Case) -> None:
    for item in ("X2", "X2", "X3"):
        city.accepted(terms=TERMS.model_copy(update={"item_code": item}))
    actions.look(now=NOW + timedelta(days=4), whole=True)
    reach = queries.reach_of(supervisor.actor)
    counted = queries.counted(reach, Filters())
    assert counted.total == 4
    figures = [*counted.colours, *counted.watches, *counted.offices, *counted.items, *counted.posts]
    assert {figure.key for figure in counted.items} == {"X1", "X2", "X3"}
    for figure in figures:
        filters = filters_of(dict(parse_qsl(figure.href.removeprefix("?"))))
        assert queries.findings(reach, filters).count() == figure.count, figure
    assert sum(figure.count for figure in counted.colours) == counted.total
    page = client_of(supervisor.username).get(OVERVIEW).content.decode()
    assert late.number in page
    assert "4 条预警" in page


def test_the_page_costs_the_same_however_much_it_shows(city: City, supervisor: Staff, late: Case) -> None:
    browser, costs = client_of(supervisor.username), []
    for _round in range(2):
        browser.get(OVERVIEW)
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(OVERVIEW).status_code == 200
        costs.append(len(asked))
        for _number in range(3):
            city.accepted(terms=TERMS)
        actions.look(now=NOW + timedelta(days=8), whole=True)
    assert costs[0] == costs[1]


def test_only_supervisors_see_it_and_only_their_offices(city: City, supervisor: Staff, late: Case) -> None:
    assert client_of(city.reviewer.username).get(OVERVIEW).status_code == 403
    elsewhere = city.health.staff("acceptance").actor
    finding = Finding.objects.get()
    with pytest.raises(NotFound):
        queries.finding_for(elsewhere, finding.id)
    browser = client_of(supervisor.username)
    assert browser.get(reverse("coordination:warning", args=[finding.id])).status_code == 200
    cases.stand_aside(actor=supervisor.actor, case=late, reason="亲属", now=NOW)
    assert late.number not in browser.get(OVERVIEW).content.decode()
    assert browser.get(reverse("coordination:warning", args=[finding.id])).status_code == 404


def test_the_list_as_csv(supervisor: Staff, late: Case) -> None:
    Case.objects.filter(id=late.id).update(title="=HYPERLINK(1)")
    answer = client_of(supervisor.username).get(f"{OVERVIEW}list.csv?colour=red")
    text = b"".join(answer).decode("utf-8-sig")
    assert late.number in text
    assert "'=HYPERLINK" in text
    assert late.number not in b"".join(client_of(supervisor.username).get(f"{OVERVIEW}list.csv?colour=yellow")).decode()


def test_a_case_with_an_open_order_leads_to_it_not_to_another(city: City, supervisor: Staff, late: Case) -> None:
    issue, browser = reverse("coordination:issue", args=[late.number]), client_of(supervisor.username)
    assert issue in browser.get(OVERVIEW).content.decode()
    order = ordered(city, supervisor, late)
    page = browser.get(OVERVIEW).content.decode()
    assert issue not in page
    assert reverse("coordination:order", args=[order.id]) in page
    assert order.number in page


def test_the_list_for_spreadsheets_has_dates_they_can_sort(supervisor: Staff, late: Case) -> None:
    """Words such as “26 November 2026” stand in the alphabet's order, not in time's."""
    rows = b"".join(client_of(supervisor.username).get(f"{OVERVIEW}list.csv")).decode().splitlines()[1:]
    found = Finding.objects.filter(case=late)
    assert found
    for finding in found:
        assert any(f",{office_date(finding.since).isoformat()}," in row for row in rows)


def test_items_are_named_in_the_readers_language(supervisor: Staff, late: Case) -> None:
    """An item without an English name keeps its own."""
    reach = queries.reach_of(supervisor.actor)
    Case.objects.filter(pk=late.pk).update(title="食品经营许可", title_en="Food business licence")
    with override("en"):
        assert [figure.words for figure in queries.counted(reach, Filters()).items] == ["Food business licence"]
    with override("zh-hans"):
        assert [figure.words for figure in queries.counted(reach, Filters()).items] == ["食品经营许可"]


def test_inbox_and_lists_show_the_warning(city: City, supervisor: Staff, late: Case) -> None:
    browser = client_of(city.reviewer.username)
    assert "红牌警告" in browser.get("/office/").content.decode()
    assert "红牌警告" in browser.get("/office/cases").content.decode()
    ordered(city, supervisor, late)
    assert "请答复“食品经营许可”" in browser.get("/office/").content.decode()


def test_what_an_inbox_costs_does_not_grow_with_the_orders_to_answer(city: City, supervisor: Staff) -> None:
    browser, costs = client_of(city.reviewer.username), []
    for _number in range(3):
        ordered(city, supervisor, city.accepted(terms=TERMS))
        browser.get("/office/")
        with CaptureQueriesContext(connection) as captured:
            page = browser.get("/office/").content.decode()
        costs.append((len(captured), page.count("请答复")))
    assert [shown for _cost, shown in costs] == [1, 2, 3]
    assert len({cost for cost, _shown in costs}) == 1


def test_the_first_orders_of_several_posts_are_those_due_first(city: City, supervisor: Staff) -> None:
    orders = [ordered(city, supervisor, city.accepted(terms=TERMS)) for _turn in range(13)]
    mine, other = orders[0].post_id, orders[0].issuing_post_id
    days = [office_date(NOW) + timedelta(days=days) for days in (9, 3, 11, 1, 7, 5, 12, 2, 8, 4, 10, 6, 3)]
    for place, (order, day) in enumerate(zip(orders, days, strict=True)):
        Order.objects.filter(id=order.id).update(due_on=day, post_id=mine if place % 2 else other)
    warner = Warner()
    shown = warner.owed([mine, other, mine], city.reviewer.actor.official_id or new_id()).rows()
    expected = Order.objects.order_by("due_on", "id").values_list("id", "due_on")[:11]
    assert [(row[0], row[-1]) for row in shown] == list(expected)
    of_mine = warner.owed([mine], city.reviewer.actor.official_id or new_id()).rows()
    assert [row[0] for row in of_mine] == list(
        Order.objects.filter(post_id=mine).order_by("due_on", "id").values_list("id", flat=True)
    )
    assert warner.owed([], new_id()).rows() == []


def test_an_inbox_shows_the_first_orders_and_leads_to_the_rest(city: City, supervisor: Staff) -> None:
    for _turn in range(12):
        ordered(city, supervisor, city.accepted(terms=TERMS))
    page = client_of(city.reviewer.username).get("/office/").content.decode()
    assert page.count("请答复“食品经营许可”") == 10
    assert f"{reverse('coordination:orders')}?state=waiting" in page


def test_an_order_is_answered_sent_back_answered_and_closed(city: City, supervisor: Staff, late: Case) -> None:
    browser, desk = client_of(supervisor.username), client_of(city.reviewer.username)
    address = reverse("coordination:issue", args=[late.number])
    assert browser.post(address, {"demand": "", "days": "3"}).status_code == 422
    assert not Order.objects.exists()
    assert browser.post(address, {"demand": "请说明超时原因。", "days": "3"}).status_code == 302
    order = Order.objects.get()
    assert re.fullmatch(r".*督.*1.*号", order.number), order.number
    page = reverse("coordination:order", args=[order.id])
    assert browser.get(reverse("papers:show", args=[order.paper_id])).status_code == 200
    assert client_of(city.lin.username).get(page).status_code == 403
    assert client_of(city.health.staff("acceptance").username).get(page).status_code == 404
    assert desk.post(page, {"words": "人手不足", "measures": ""}).status_code == 422
    assert desk.post(page, {"words": "人手不足", "measures": "已增派人员"}).status_code == 302
    assert browser.post(page, {"word": "", "verdict": "back"}).status_code == 422
    assert browser.post(page, {"word": "请写明完成日期", "verdict": "back"}).status_code == 302
    assert desk.post(page, {"words": "人手不足", "measures": "明日办结"}).status_code == 302
    assert browser.post(page, {"word": "", "verdict": "accept"}).status_code == 302
    order.refresh_from_db()
    assert order.state == "closed"
    assert list(order.answers.order_by("answered_at").values_list("accepted", flat=True)) == [False, True]
    history = desk.get(f"/office/cases/{late.number}").content.decode()
    assert order.number in history
    follow = client_of(city.lin.username).get(f"/my/cases/{late.number}").content.decode()
    assert order.number not in follow
    assert follow.count("督办部门正在跟进") == 1


def test_after_retention_no_word_of_supervision_is_left(city: City, supervisor: Staff, late: Case) -> None:
    case = cases.withdraw(actor=city.lin.actor, case=late, now=NOW)
    order = actions.issue_order(actor=supervisor.actor, case=case, demand=WORD, days=3, now=NOW)
    actions.answer_order(actor=city.head.actor, order=order, words=WORD, measures=WORD, now=NOW)
    actions.send_back(actor=supervisor.actor, order=order, word=WORD, now=NOW)
    actions.withdraw_order(actor=supervisor.actor, order=order, reason=WORD, now=NOW)
    assert {"coordination_order.demand", "coordination_order.withdrawn_why", "coordination_orderanswer.words"} <= set(
        places_of(WORD, "coordination")
    )
    assert cases.erase_due(now=NOW + timedelta(days=370)) == 1
    ledger.drain(NOW + timedelta(days=370))
    assert places_of(WORD, "coordination") == []
    order.refresh_from_db()
    assert order.paper.erased_at is not None
    assert order.number
    assert order.is_withdrawn


def test_whoever_may_not_changes_nothing(city: City, supervisor: Staff, late: Case) -> None:
    order = ordered(city, supervisor, late)
    with pytest.raises(OrderOpen):
        ordered(city, supervisor, late)
    with pytest.raises(NotFound):
        actions.answer_order(actor=supervisor.actor, order=order, words="x", measures="x", now=NOW)
    with pytest.raises(NotFound):
        actions.issue_order(actor=city.reviewer.actor, case=late, demand="x", now=NOW)
    with pytest.raises(NotYourTurn):
        actions.accept_answer(actor=supervisor.actor, order=order, now=NOW)
    order.refresh_from_db()
    assert (order.state, order.answers.count(), Order.objects.count()) == ("waiting", 0, 1)


def test_what_is_not_answered_goes_to_the_superior(city: City, supervisor: Staff, late: Case) -> None:
    order = ordered(city, supervisor, late)
    assert order.due_on.isoformat() == "2026-03-05"
    assert actions.escalate(now=NOW + timedelta(days=3)) == 0
    assert actions.escalate(now=NOW + timedelta(days=4)) == 1
    assert actions.escalate(now=NOW + timedelta(days=4)) == 0
    order.refresh_from_db()
    assert order.superior_post == city.head.post
    ledger.drain(now=NOW + timedelta(days=4))
    assert Message.objects.filter(account_id=city.head.actor.account_id, subject__contains=order.number).exists()  # type: ignore[misc]  # it has one
    assert client_of(city.head.username).get(reverse("coordination:order", args=[order.id])).status_code == 200
    actions.answer_order(actor=city.head.actor, order=order, words="已督促", measures="今日办结", now=NOW)


def test_rules_are_compared_published_and_kept(city: City, supervisor: Staff) -> None:
    browser = client_of(supervisor.username)
    page = browser.get("/office/supervision/rules").content.decode()
    assert "第 1 版" in page
    rules = Rules.model_validate(RuleTable.objects.get().content)
    typed: dict[str, object] = {"known_version": "1", "source": "云政办〔2026〕3 号"}
    for rule in rules.rules:
        for name, value in rule.model_dump(mode="json").items():
            if name not in {"key", "watch"} and value is not False:
                typed[f"{rule.key}-{name}"] = value
    typed["near_due-value"] = "2"
    compared = browser.post("/office/supervision/rules", {**typed, "action": "compare"}).content.decode()
    assert "到期前 1 个工作日" in compared
    assert "到期前 2 个工作日" in compared
    assert RuleTable.objects.count() == 1
    wrong = browser.post("/office/supervision/rules", {**typed, "near_due-value": "x", "action": "publish"})
    assert wrong.status_code == 422
    assert RuleTable.objects.count() == 1
    assert browser.post("/office/supervision/rules", {**typed, "action": "publish"}).status_code == 302
    assert RuleTable.objects.get(version=2).content["rules"][0]["value"] == 2
    assert browser.post("/office/supervision/rules", {**typed, "action": "publish"}).status_code == 409
    assert "到期前 2 个工作日" in browser.get("/office/supervision/rules/2").content.decode()


def test_supervisors_of_an_office_may_not_change_the_rules_of_the_city(city: City) -> None:
    other = office("云澜市城管局", "urban", roles=("supervisor",)).staff("supervisor")
    table = RuleTable.objects.get()
    with pytest.raises(OnlyTheCentre):
        actions.publish_rules(
            actor=other.actor, rules=queries.rules_in(table), source="x", known_version=table.version, now=NOW
        )
    assert RuleTable.objects.count() == 1


def test_a_bad_rating_is_answered_or_warned_of(city: City) -> None:
    case = city.case(terms=TERMS)
    cases.refuse_acceptance(
        actor=city.desk.actor,
        task=open_task(case, "acceptance"),
        reason="所申请的事项不属于本机关的职权范围",
        legal_basis="第三十二条",
        what_else="请到卫健局",
        now=NOW,
    )
    cases.rate(actor=city.lin.actor, case=case, level=5, words="跑了三趟", now=NOW)
    actions.look(now=NOW + timedelta(days=10))
    assert not Finding.objects.exists()
    actions.look(now=NOW + timedelta(days=15))
    assert Finding.objects.get(ended_at=None).rule == "bad_rating_soon"
    actions.look(now=NOW + timedelta(days=23))
    assert Finding.objects.get(ended_at=None).rule == "bad_rating"
    browser = client_of(city.desk.username)
    address = reverse("cases:answer-rating", args=[case.number])
    assert browser.post(address, {"words": "对不起"}).status_code == 422
    assert Rating.objects.get().answered_at is None
    assert browser.post(address, {"words": "已核实，今后一次告知，并已当面致歉。"}).status_code == 302
    ledger.drain(now=NOW + timedelta(days=23))
    assert not Finding.objects.filter(ended_at=None).exists()
    assert "并已当面致歉" in client_of(city.lin.username).get(f"/my/cases/{case.number}").content.decode()
    assert Message.objects.filter(account_id=city.lin.account_id, subject__contains="评价").exists()
    assert browser.post(address, {"words": "已核实，今后一次告知，并已当面致歉。"}).status_code == 409
    kinds = [event.kind for event in ledger_queries.history_of("case", case.id)]
    assert kinds.count("cases.rating_answered") == 1


def test_an_answer_to_a_rating_needs_the_office(city: City) -> None:
    case = open_case(city.market, city.lin, terms=TERMS)
    with pytest.raises(NotFound):
        cases.answer_rating(actor=city.desk.actor, case=case, words="没有评价，却要回复的一段话", now=NOW)
    with pytest.raises(NotFound):
        cases.answer_rating(actor=city.lin.actor, case=case, words="居民不能回复自己的评价呀", now=NOW)
    assert not Rating.objects.exists()
