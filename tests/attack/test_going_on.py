"""Wherever a request says where to go on to, it is a path of this site or is not believed; and never a fault."""

import pytest
from django.test import Client

from tests.people import BACKEND, Town
from tongban.accounts.models import Account

AWAY = (
    "https://evil.example/", "//evil.example", "/\\evil.example", "evil.example", "javascript:alert(1)", "foo", "¯íç0D", "a b",
    "accounts:sign-in", "/\t/evil.example", "http:///evil.example", "\x00", ".", "portal:home",
)  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("target", AWAY)
def test_nobody_is_led_away(town: Town, target: str) -> None:
    resident, clerk = Client(), Client()
    resident.force_login(Account.objects.get(username=town.lin.username), backend=BACKEND)
    clerk.force_login(Account.objects.get(username=town["acceptance"].username), backend=BACKEND)
    for browser, path, sent in (
        (resident, "/profile/consents", {"matter": "electronic_service", "next": target}),
        (resident, "/type", {"type": "large", "next": target}),
        (clerk, "/office/bulk", {"action": "claim", "back": target}),
    ):
        answer = browser.post(path, sent)
        assert answer.status_code == 302, path
        assert answer["Location"].startswith("/"), path
        assert "evil" not in answer["Location"], path
    assert resident.get("/sign-in", {"next": target})["Location"] == "/my"
