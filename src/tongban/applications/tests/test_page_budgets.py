"""How often each page that people wait for goes to the database: a number that nothing in the data changes."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tongban.applications.tests.people import SHOP, Town
from tongban.base.web import kept_pages
from tongban.cases import actions as cases
from tongban.cases.tests.people import NOW, client_of, open_task

WHO_ASKS = 1
"""Session, account with who it is, posts."""
FOLLOW = WHO_ASKS + 4
"""The case, its dossier, who did what in its history, its application."""
CASE = WHO_ASKS + 5
"""The case, its dossier with its people, its application, who may take over, who did what."""
INBOX = WHO_ASKS + 2
"""Calendar, counts and which tasks; what the page shows of them."""
API_LIST = WHO_ASKS + 3
"""Which cases are the newest, what the page shows of them, how many cases there are."""


def cost(client: Client, address: str) -> int:
    """Return how many times a page asks the database, once what never changes is in memory."""
    assert client.get(address).status_code == 200, address
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


@pytest.fixture
def numbers(town: Town) -> list[str]:
    """Two cases in review, the second with much behind it."""
    found = [town.submitted().case for _number in range(2)]
    for case in found:
        cases.accept(actor=town.city.desk.actor, task=open_task(case, "acceptance"), now=NOW)
    colleague = town.city.market.staff("review", "钱审查")
    for days in range(1, 4):
        receiver, giver = (colleague, town.city.reviewer) if days % 2 else (town.city.reviewer, colleague)
        cases.hand_over(
            actor=giver.actor,
            task=open_task(found[1], "review"),
            to_official_id=receiver.official_id,
            word="请看一下",
            now=NOW + timedelta(days=days),
        )
    return [case.number for case in found]


def test_the_case_page(town: Town, numbers: list[str]) -> None:
    reviewer = client_of(town.city.reviewer.username)
    costs = {cost(reviewer, f"/office/cases/{number}") for number in numbers}
    assert max(costs) <= CASE
    assert len(costs) == 1


def test_the_follow_page(town: Town, numbers: list[str]) -> None:
    lin = client_of(town.lin.username)
    costs = {cost(lin, f"/my/cases/{number}") for number in numbers}
    assert max(costs) <= FOLLOW
    assert len(costs) == 1


def test_the_inbox_and_the_list_of_the_api(town: Town, numbers: list[str]) -> None:
    desk = client_of(town.city.desk.username)
    town.submitted()
    before = [cost(desk, "/office/"), cost(desk, "/api/v1/cases?page_size=100")]
    assert before == [INBOX, API_LIST]
    for _number in range(5):
        town.submitted()
    assert [cost(desk, "/office/"), cost(desk, "/api/v1/cases?page_size=100")] == before


def test_guide_and_search_for_a_stranger(town: Town) -> None:
    kept_pages.PAGES.clear()
    assert cost(Client(), f"/items/{SHOP}") == 1
    assert cost(Client(), "/search?q=开设店铺") <= 2
