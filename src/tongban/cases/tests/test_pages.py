"""Pages of officials and residents: what they show, what comes back with bad input, who may not see them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tongban.cases import actions
from tongban.cases.kinds import DeliveryWish, FeeOption, FeeTerm, Terms
from tongban.cases.models import Case, Task
from tongban.cases.tests.people import NOW, City, client_of, open_case, open_task, resident
from tongban.ledger.queries import history_of


@pytest.fixture(autouse=True)
def _office_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages ask for the time; the tests' Monday is the day on which they do."""
    for door in ("desk", "office", "resident", "steps"):
        monkeypatch.setattr(f"tongban.cases.web.{door}.now", lambda: NOW)


def act(case: Case, task: Task, step: str) -> str:
    return reverse("cases:act", args=[case.number, task.id, step])


def test_the_inbox_shows_own_tasks_only(city: City) -> None:
    case = city.case()
    page = client_of(city.desk.username).get("/office/")
    assert page.status_code == 200
    assert case.number in page.content.decode()
    assert case.number not in client_of(city.head.username).get("/office/").content.decode()


def test_the_inbox_filters(city: City) -> None:
    case = city.case()
    client = client_of(city.desk.username)
    for query, there in (
        ("view=mine", False),
        ("view=open", True),
        ("kind=acceptance", True),
        ("kind=review", False),
        ("urgency=overdue", False),
        ("words=食品", True),
        (f"words={case.number[:10]}", True),
        ("words=nothing", False),
        ("view=%00&kind='&page=x", True),
    ):
        assert (case.number in client.get(f"/office/?{query}").content.decode()) is there, query


def test_an_empty_inbox_says_so(city: City) -> None:
    assert "tb-empty" in client_of(city.head.username).get("/office/").content.decode()


def test_bulk_claim_release_and_accept(city: City) -> None:
    cases = [city.case() for _number in range(3)]
    client = client_of(city.desk.username)
    ids = [str(open_task(case, "acceptance").id) for case in cases]
    client.post("/office/bulk", {"task": ids, "action": "claim", "back": "/office/"})
    assert Task.objects.filter(holder_id=city.desk.official_id).count() == 3
    client.post("/office/bulk", {"task": ids[:1], "action": "release", "back": "//evil.example/"})
    assert Task.objects.filter(holder_id=city.desk.official_id).count() == 2
    answer = client.post("/office/bulk", {"task": ids, "action": "accept", "back": "https://evil.example/"})
    assert answer["Location"] == "/office/"
    assert Case.objects.filter(state="review").count() == 3


def test_acceptance_review_and_decision_on_the_case_page(city: City) -> None:
    case = city.case()
    desk = client_of(city.desk.username)
    page = desk.get(reverse("cases:case", args=[case.number]))
    assert page.status_code == 200
    assert "林知夏" in page.content.decode()
    task = open_task(case, "acceptance")
    assert desk.post(act(case, task, "accept"), {"revision": case.revision}).status_code == 302
    reviewer, review = client_of(city.reviewer.username), open_task(case, "review")
    assert reviewer.post(act(case, review, "review"), {"choice": "agree", "opinion": "齐全"}).status_code == 302
    head, decision = client_of(city.head.username), open_task(case, "decision")
    shown = head.get(reverse("cases:case", args=[case.number])).content.decode()
    assert "齐全" in shown
    case.refresh_from_db()
    sent = {"revision": case.revision, "outcome": "granted", "reasons": "符合条件"}
    assert head.post(act(case, decision, "decide"), sent).status_code == 302
    case.refresh_from_db()
    assert case.state == "decided"


def test_bad_input_comes_back_with_what_was_typed(city: City) -> None:
    case = city.case()
    task, client = open_task(case, "acceptance"), client_of(city.desk.username)
    answer = client.post(act(case, task, "refuse-acceptance"), {"reason": "不属于本局 <b>职权</b>", "revision": 1})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "不属于本局 &lt;b&gt;职权&lt;/b&gt;" in shown
    assert "govuk-error-summary" in shown
    answer = client.post(act(case, task, "supplement"), {"point-material:lease": "on", "word": "请补", "revision": 1})
    assert answer.status_code == 422
    assert "请补" in answer.content.decode()
    answer = client.post(act(case, task, "pass-on"), {"word": "转", "revision": 1})
    assert answer.status_code == 422
    assert Case.objects.get(id=case.id).state == "submitted"
    assert len(history_of("case", case.id)) == 1


def test_supplement_from_the_page(city: City) -> None:
    case = city.case()
    task, client = open_task(case, "acceptance"), client_of(city.desk.username)
    sent = {
        "point-material:lease": "on",
        "words-material:lease": "请上传合同",
        "words-field:address": "写明门牌",
        "revision": 1,
    }
    assert client.post(act(case, task, "supplement"), sent).status_code == 302
    followed = client_of(city.lin.username).get(reverse("cases:follow", args=[case.number])).content.decode()
    for words in ("请上传合同", "写明门牌", f"/answer/{case.number}", "2026年4月1日"):
        assert words in followed


def test_open_fee_amounts_are_asked_on_the_page(city: City) -> None:
    fee = FeeTerm(
        name="检测费", options=(FeeOption(label="小型", amount_fen=10_000), FeeOption(label="大型", amount_fen=30_000))
    )
    case = city.case(terms=Terms(item_type="01", fees=(fee, FeeTerm(name="工本费", standard="按国家规定收取"))))
    task, client = open_task(case, "acceptance"), client_of(city.desk.username)
    assert "办事指南写明：按国家规定收取" in client.get(reverse("cases:case", args=[case.number])).content.decode()
    sent = {"fee-0": "other", "fee-0-amount": "￥１,２１２．５ 元", "fee-1": "other", "fee-1-amount": "", "revision": 1}
    for wrong, field in (
        ({"fee-0": ""}, "fee-0"),
        ({}, "fee-1-amount"),
        ({"fee-1-amount": "abc"}, "fee-1-amount"),
        ({"fee-1-amount": "0"}, "fee-1-amount"),
        ({"fee-1-amount": "1.005"}, "fee-1-amount"),
        ({"fee-1": "not_due"}, "fee-1-reason"),
        ({"fee-1": "-1"}, "fee-1"),
    ):
        again = client.post(act(case, task, "accept"), sent | wrong)
        assert again.status_code == 422, wrong
        assert f'id="accept-{task.id}-{field}-error"' in again.content.decode(), wrong
        assert "￥１,２１２．５ 元" in again.content.decode()
    assert not case.fees.exists()
    done = client.post(act(case, task, "accept"), sent | {"fee-1": "not_due", "fee-1-reason": "首次免收"})
    assert done.status_code == 302
    assert list(case.fees.order_by("id").values_list("amount_fen", "waive_reason")) == [(121_250, ""), (0, "首次免收")]
    followed = client_of(city.lin.username).get(reverse("cases:follow", args=[case.number])).content.decode()
    for words in ("1,212.50", "不收取", "首次免收"):
        assert words in followed


def test_a_stale_page_shows_what_has_changed_and_keeps_what_was_typed(city: City) -> None:
    case = city.reviewed()
    task, seen = open_task(case, "decision"), Case.objects.get(id=case.id).revision
    other = city.market.staff("approval", "钱决定")
    actions.decide(actor=other.actor, task=task, outcome="granted", reasons="好", now=NOW)
    sent = {"revision": seen, "outcome": "refused", "reasons": "我的理由很长", "legal_basis": "第三十八条"}
    answer = client_of(city.head.username).post(act(case, task, "decide"), sent)
    assert answer.status_code == 409
    assert "我的理由很长" in answer.content.decode()
    assert Case.objects.get(id=case.id).decision.outcome == "granted"


def test_fees_and_deliveries_at_the_counter(city: City) -> None:
    case = city.case(
        terms=Terms(item_type="01", fees=(FeeTerm(name="工本费", amount_fen=500),)), delivery=DeliveryWish(way="window")
    )
    actions.accept(actor=city.desk.actor, task=open_task(case, "acceptance"), now=NOW)
    clerk = client_of(city.market.staff("fees").username)
    assert "5.00" in clerk.get("/office/fees").content.decode()
    fee = case.fees.get()
    wrong = clerk.post(reverse("cases:settle", args=[fee.id, "paid"]), {"receipt_number": "湘" * 61})
    assert wrong.status_code == 422
    assert "湘" * 61 in wrong.content.decode()
    assert clerk.post(reverse("cases:settle", args=[fee.id, "paid"]), {"receipt_number": " "}).status_code == 422
    assert clerk.post(reverse("cases:settle", args=[fee.id, "waive"]), {"waive_reason": ""}).status_code == 422
    assert clerk.post(reverse("cases:settle", args=[fee.id, "paid"]), {"receipt_number": "A1"}).status_code == 302
    assert clerk.post(reverse("cases:settle", args=[fee.id, "paid"]), {"receipt_number": "A2"}).status_code == 302
    fee.refresh_from_db()
    assert fee.receipt_number == "A1"
    assert "A1" in clerk.get("/office/fees?view=settled").content.decode()
    actions.complete_review(actor=city.reviewer.actor, task=open_task(case, "review"), choice="agree", now=NOW)
    actions.decide(
        actor=city.head.actor,
        task=open_task(case, "decision"),
        outcome="refused",
        reasons="x",
        legal_basis="y",
        now=NOW,
    )
    deliverer = client_of(city.market.staff("delivery").username)
    assert case.number in deliverer.get("/office/deliveries").content.decode()
    task = open_task(case, "delivery")
    assert deliverer.post(act(case, task, "deliver"), {"way": "window"}).status_code == 422
    assert deliverer.post(act(case, task, "deliver"), {"way": "window", "handed_to": "本人"}).status_code == 302
    assert Case.objects.get(id=case.id).state == "delivered"


def test_the_resident_follows_withdraws_and_rates(city: City) -> None:
    client = client_of(city.lin.username)
    assert "tb-empty" in client.get("/my/cases").content.decode()
    case = city.accepted()
    assert case.number in client.get("/my/cases").content.decode()
    follow = reverse("cases:follow", args=[case.number])
    assert "云澜市市场监督管理局" in client.get(follow).content.decode()
    ended = city.reviewed()
    actions.decide(
        actor=city.head.actor,
        task=open_task(ended, "decision"),
        outcome="refused",
        reasons="无场所",
        legal_basis="y",
        now=NOW,
    )
    shown = client.get(reverse("cases:follow", args=[ended.number])).content.decode()
    for words in ("无场所", "行政复议", 'name="level"'):
        assert words in shown
    rate = reverse("cases:rate", args=[ended.number])
    assert client.post(rate, {"words": "很好"}).status_code == 422
    assert client.post(rate, {"level": "2", "words": "很好"}).status_code == 302
    assert client.post(rate, {"level": "1"}).status_code == 302
    assert ended.rating.level == 2
    withdraw = reverse("cases:withdraw", args=[case.number])
    assert client.get(withdraw).status_code == 200
    assert client.post(withdraw, {"reason": "不办了"}).status_code == 302
    assert client.post(withdraw, {}).status_code == 409
    assert Case.objects.get(id=case.id).state == "withdrawn"


def test_hand_over_and_stand_aside(city: City) -> None:
    case = city.case()
    colleague = city.market.staff("acceptance", "孙受理")
    task, client = open_task(case, "acceptance"), client_of(city.desk.username)
    page = reverse("cases:case", args=[case.number])
    assert client.post(act(case, task, "hand-over"), {"receiver": "", "word": ""}).status_code == 422
    sent = {"receiver": f"official:{colleague.official_id}", "word": "请您办"}
    assert client.post(act(case, task, "hand-over"), sent).status_code == 302
    assert client.post(act(case, task, "accept"), {}).status_code == 409
    assert client.post(page + "/stand-aside", {"reason": ""}).status_code == 422
    assert client.post(page + "/stand-aside", {"reason": "申请人是我的亲属"}).status_code == 302
    assert case.number not in client.get("/office/").content.decode()
    assert client.get(page).status_code == 404
    assert client.post(act(case, task, "accept"), {}).status_code == 404
    assert client_of(colleague.username).post(act(case, task, "accept"), {}).status_code == 302


def forbidden_addresses(case: Case, task: Task) -> list[str]:
    number = case.number
    return [
        reverse("cases:case", args=[number]),
        *(act(case, task, step) for step in ("accept", "claim", "supplement", "hand-over")),
        reverse("cases:stand-aside", args=[number]),
        reverse("cases:follow", args=[number]),
        reverse("cases:withdraw", args=[number]),
        reverse("cases:rate", args=[number]),
    ]


Stranger = Callable[[City], str]


@pytest.mark.parametrize(
    "stranger",
    [
        lambda city: city.health.staff("acceptance").username,
        lambda city: city.market.staff("review").username,
        lambda _city: resident("陌生人").username,
    ],
    ids=["official of another department", "official without the post", "another resident"],
)
def test_nobody_else_sees_or_changes_anything(city: City, stranger: Stranger) -> None:
    case = city.case()
    task, client = open_task(case, "acceptance"), client_of(stranger(city))
    before = (Case.objects.values().get(id=case.id), Task.objects.values().get(id=task.id))
    for address in forbidden_addresses(case, task):
        for answer in (client.get(address), client.post(address, {"reason": "x", "level": "1", "word": "x"})):
            assert answer.status_code in {403, 404}, address
            assert case.title not in answer.content.decode(), address
    client.post("/office/bulk", {"task": [str(task.id)], "action": "accept"})
    assert (Case.objects.values().get(id=case.id), Task.objects.values().get(id=task.id)) == before
    assert len(history_of("case", case.id)) == 1
    assert case.number not in client.get("/office/").content.decode()
    assert case.number not in client.get("/office/cases").content.decode()
    assert case.number not in client.get("/my/cases").content.decode()


def test_nobody_is_sent_to_sign_in(city: City) -> None:
    case = city.case()
    for address in forbidden_addresses(case, open_task(case, "acceptance")):
        answer = Client().get(address)
        assert answer.status_code == 302
        assert "sign-in" in answer["Location"]


def test_search_finds_what_the_posts_worked_on(city: City) -> None:
    case = city.accepted()
    client = client_of(city.desk.username)
    assert case.number in client.get("/office/cases?words=食品&state=review").content.decode()
    assert case.number not in client.get("/office/cases?state=withdrawn").content.decode()
    supervisor = client_of(city.market.staff("supervisor").username)
    assert case.number in supervisor.get("/office/cases").content.decode()


def test_the_same_number_of_queries_for_twice_the_rows(
    city: City, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    from django.db import connection  # noqa: PLC0415 - the counter belongs to this test
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415 - likewise

    def count(client: Client, address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    desk, lin = client_of(city.desk.username), client_of(city.lin.username)
    addresses = [(desk, "/office/"), (desk, "/office/cases"), (lin, "/my/cases")]
    for day in range(2):
        open_case(city.market, city.lin, now=NOW - timedelta(days=day))
    first = [count(*address) for address in addresses]
    for day in range(4):
        open_case(city.market, city.lin, now=NOW - timedelta(days=day))
    assert [count(*address) for address in addresses] == first
    assert max(first) < 16
