"""What parts do first: begin a draft that wants materials; see somebody at a window whose enterprise another holds."""

from http import HTTPStatus
from typing import Any
from uuid import uuid4

from lxml import html
from stdnum.iso7064 import mod_11_2

from bench.attack.city import Browser, City

_NEWCOMER = "65900119880808111"


def draft_with_materials(browser: Browser) -> tuple[str, str]:
    """Begin a draft; return the address of its materials and the key of one that takes files; both "" if none can."""
    for item in browser.get("/api/v1/items?page_size=50").json()["results"]:
        if not item["applicable"]:
            continue
        for who in _applicants(browser, item["code"]):
            draft = _begun(browser, item["code"], who)
            keys = [one["key"] for one in draft.get("materials", []) if one["is_brought"]]
            if keys:
                return f"/drafts/{draft['id']}/materials/", str(keys[0])
    return "", ""


def _applicants(browser: Browser, code: str) -> list[dict[str, Any]]:
    answer = browser.get(f"/api/v1/items/{code}/applicants")
    return list(answer.json()["results"]) if answer.status_code == HTTPStatus.OK else []


def _begun(browser: Browser, code: str, who: dict[str, Any]) -> dict[str, Any]:
    item = browser.get(f"/api/v1/items/{code}").json()
    situation = {
        one["key"]: one["options"][0]["value"] for one in item.get("situations") or [] if not one.get("condition")
    }
    wanted = {
        "item_code": code, "applicant_kind": who["kind"], "subject_id": who.get("subject_id"), "situation": situation,
    }  # fmt: skip
    headers = {"Idempotency-Key": str(uuid4())}
    answer = browser.post("/api/v1/drafts", json=wanted, headers=headers)
    return dict(answer.json()) if answer.status_code == HTTPStatus.CREATED else {}


def enterprise_to_hand_over(browser: Browser, city: City) -> str:
    """See a newcomer at the window, give them their account, and let them claim what another holds; return where to.

    Empty when the pages do not lead there.
    """
    number, firm = _NEWCOMER + mod_11_2.calc_check_digit(_NEWCOMER), city.inside.call("strangers.enterprise_held")
    paper = {"name": "陈来客", "identity_kind": "resident_identity_card", "identity_number": number}
    browser.post("/office/accounts", paper)
    browser.post("/office/accounts/person", {"addresses": "1", "phone": "13900099911"})
    claim = {f"enterprise-{name}": value for name, value in firm.items()} | {"enterprise": "1"}
    answer = browser.post("/office/accounts/person", claim)
    links = (str(one.get("href")) for one in html.fromstring(answer.content).iter("a"))
    return next((link for link in links if link.endswith("/hand-over")), "")
