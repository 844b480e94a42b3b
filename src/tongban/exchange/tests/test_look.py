"""Pages of outside sources and of followed grants, looked at: axe and html-validate find nothing, nothing is cut off."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings as configured

from tongban.base.clock import now
from tongban.base.tests.looking import look, shown
from tongban.cases.tests.people import client_of
from tongban.exchange import actions
from tongban.exchange.models import Source
from tongban.exchange.tests.following import webhook_of
from tongban.exchange.tests.outside import Outside
from tongban.exchange.tests.test_outside_rest import Service, serving
from tongban.exchange.tests.test_source_pages import ADDRESS, typed

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture
def service(settings: Any) -> Iterator[Service]:
    """Return a service at a place that the operator allows."""
    found = Service()
    with serving(found) as port:
        found.port = port
        settings.TONGBAN_SOURCES = frozenset({f"http://127.0.0.1:{port}"})
        yield found


def test_the_pages_of_sources_are_sound(outside: Outside, service: Service, browser: "Browser", tmp_path: Path) -> None:
    client = client_of(outside.town.steward.username)
    pages = shown(client, {f"declare-{kind}": f"{ADDRESS}?kind={kind}" for kind in ("sql", "rest", "csv")})
    client.cookies[configured.LANGUAGE_COOKIE_NAME] = "zh-hans"
    assert client.post(ADDRESS, typed(outside, service)).status_code == 302
    pages["wrong-zh-hans"] = client.post(ADDRESS, typed(outside, service, item_plate="a..b")).content.decode()
    pages["tried-zh-hans"] = client.post(ADDRESS, {"step": "try", "kind": "rest"}).content.decode()
    service.status = 503
    actions.look_at(source_id=Source.objects.get(resource=outside.resource).id, now=now() - timedelta(minutes=1))
    pages["failed-zh-hans"] = client.post(ADDRESS, {"step": "try", "kind": "rest"}).content.decode()
    webhook = webhook_of(outside.town.register.resource_id, outside.town.keeper.organisation.id)
    addresses = {
        "failing": ADDRESS,
        "resource": "/office/data/resources/vehicles",
        "kept-here": "/office/data/resources/population/source",
        "followed": f"/office/data/grants/{webhook.grant_id}",
    }
    pages |= shown(client, addresses)
    assert not (wrong := look(browser, pages, tmp_path)), "\n".join(wrong)
