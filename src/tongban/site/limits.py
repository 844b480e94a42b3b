"""Which requests are limited, how, and how often: one table for pages and API alike.

The numbers leave room for a town hall, a school or a village behind one network address. `TONGBAN_LIMITS` changes them.
"""

from collections.abc import Mapping
from dataclasses import replace

from tongban.base.limits import Allowance, Limit

MINUTE, TEN_MINUTES = 60, 600

ALLOWANCES: Mapping[str, Allowance] = {
    "sign_in": Allowance(place=Limit(200, TEN_MINUTES), counted="everywhere"),
    "sign_up": Allowance(place=Limit(120, TEN_MINUTES), counted="everywhere"),
    "recovery": Allowance(place=Limit(60, TEN_MINUTES), counted="everywhere"),
    "code": Allowance(account=Limit(30, TEN_MINUTES), place=Limit(120, TEN_MINUTES), counted="everywhere"),
    "upload": Allowance(account=Limit(120, TEN_MINUTES), place=Limit(1200, TEN_MINUTES), counted="everywhere"),
    "submit": Allowance(account=Limit(60, TEN_MINUTES), place=Limit(600, TEN_MINUTES), counted="everywhere"),
    "search": Allowance(account=Limit(240, MINUTE), place=Limit(1200, MINUTE)),
    "paper": Allowance(account=Limit(120, MINUTE), place=Limit(1200, MINUTE)),
    "look_up": Allowance(account=Limit(3000, MINUTE), place=Limit(30_000, MINUTE)),
    "api": Allowance(account=Limit(600, MINUTE), place=Limit(3000, MINUTE)),
    "write": Allowance(account=Limit(300, MINUTE), place=Limit(1500, MINUTE)),
    "page": Allowance(place=Limit(6000, MINUTE)),
}
"""Signing in is counted further by `accounts`: for each name, and each name from one address."""

ROUTES: Mapping[tuple[str, str], str] = {
    ("POST", "accounts:sign-in"): "sign_in",
    ("POST", "accounts:second-factor-code"): "sign_in",
    ("POST", "accounts:first-second-factor"): "sign_in",
    ("POST", "accounts:demo-sign-in"): "sign_in",
    ("POST", "accounts:again"): "sign_in",
    ("POST", "api/v1/session"): "sign_in",
    ("POST", "accounts:sign-up"): "sign_up",
    ("POST", "accounts:recover"): "recovery",
    ("POST", "accounts:new-password"): "recovery",
    ("POST", "accounts:address"): "code",
    ("POST", "accounts:verify"): "code",
    ("POST", "applications:upload"): "upload",
    ("POST", "applications:supplement-upload"): "upload",
    ("POST", "api/v1/drafts/<uuidstr:draft_id>/materials/<key>/files"): "upload",
    ("POST", "api/v1/cases/<number>/supplement/<key>/files"): "upload",
    ("POST", "applications:begin"): "submit",
    ("POST", "applications:review"): "submit",
    ("POST", "applications:supplement"): "submit",
    ("POST", "applications:take-in"): "submit",
    ("POST", "api/v1/drafts"): "submit",
    ("POST", "api/v1/drafts/<uuidstr:draft_id>/submit"): "submit",
    ("POST", "api/v1/cases/<number>/supplement"): "submit",
    ("POST", "api/v1/exchange/look-ups"): "look_up",
    ("GET", "catalogue:search"): "search",
    ("GET", "catalogue:suggest"): "search",
    ("GET", "cases:search"): "search",
    ("GET", "api/v1/items"): "search",
    ("GET", "papers:show"): "paper",
    ("GET", "files:show"): "paper",
}
"""(method, name of the page or route of the API) → allowance; all others are `api`, `write` or `page`."""

UNLIMITED = frozenset({"healthz", "readyz", "metrics"})


def read_allowances(value: str) -> dict[str, Allowance]:
    """Read `TONGBAN_LIMITS`: "on" (or nothing), "off", or changes such as `search=3000/60,factor=10`.

    A change `name=most/seconds` is for one network address; an account keeps its share of it. `factor` multiplies all:
    for measuring from one machine. Raises ValueError with a sentence.
    """
    words = value.strip().lower()
    if words in {"", "on"}:
        return dict(ALLOWANCES)
    if words == "off":
        return {}
    changed, factor = dict(ALLOWANCES), 1
    for part in words.split(","):
        name, _, number = part.strip().partition("=")
        if name == "factor":
            factor = _whole(number)
        elif name in ALLOWANCES:
            most, _, seconds = number.partition("/")
            changed[name] = _changed(ALLOWANCES[name], Limit(_whole(most), _whole(seconds)))
        else:
            message = f"there is no limit named {name!r}; there are {', '.join(ALLOWANCES)}"
            raise ValueError(message)
    return {name: _times(allowance, factor) for name, allowance in changed.items()}


def _whole(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= 10**9:
        message = f"{text!r} is no whole number above zero"
        raise ValueError(message)
    return int(text)


def _changed(allowance: Allowance, place: Limit) -> Allowance:
    account = allowance.account
    if account is not None and allowance.place is not None:
        account = Limit(max(1, place.most * account.most // allowance.place.most), place.seconds)
    return replace(allowance, place=place, account=account)


def _times(allowance: Allowance, factor: int) -> Allowance:
    def more(limit: Limit | None) -> Limit | None:
        return None if limit is None else Limit(limit.most * factor, limit.seconds)

    return replace(allowance, account=more(allowance.account), place=more(allowance.place))
