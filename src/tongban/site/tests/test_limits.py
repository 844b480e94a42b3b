"""The table of limits names what is there, and the environment changes it."""

import pytest
from django.urls import URLResolver, get_resolver, reverse
from django.urls.exceptions import NoReverseMatch

from tongban.base.limits import Limit
from tongban.site.limits import ALLOWANCES, ROUTES, UNLIMITED, read_allowances


def _api_routes() -> set[str]:
    api = next(
        one for one in get_resolver().url_patterns if isinstance(one, URLResolver) and str(one.pattern) == "api/"
    )
    inner = next(one for one in api.url_patterns if isinstance(one, URLResolver))
    return {f"api/{inner.pattern}{one.pattern}" for one in inner.url_patterns}


def _exists(name: str) -> bool:
    arguments: tuple[list[str], ...] = ([], ["sms"], ["a"], ["a", "b"], ["0" * 8 + "-0000-0000-0000-" + "0" * 12])
    for given in (*arguments, [arguments[4][0], "a"]):
        try:
            return bool(reverse(name, args=given))
        except NoReverseMatch:
            continue
    return False


@pytest.mark.parametrize(("method", "name"), ROUTES)
def test_every_limited_route_exists(method: str, name: str) -> None:
    """A page that gets another name would lose its limit without a word."""
    assert name in _api_routes() if name.startswith("api/") else _exists(name), name


def test_every_allowance_is_used_and_known() -> None:
    assert set(ROUTES.values()) | {"api", "write", "page"} == set(ALLOWANCES)
    assert all(reverse(name) for name in UNLIMITED)


def test_the_environment_changes_limits() -> None:
    assert read_allowances("") == read_allowances("on") == dict(ALLOWANCES)
    assert read_allowances("off") == {}
    changed = read_allowances("search=2400/60, factor=10")
    assert changed["search"].place == Limit(24_000, 60)
    assert changed["search"].account == Limit(4_800, 60)
    assert changed["page"].place == Limit(60_000, 60)


@pytest.mark.parametrize("value", ["search", "search=0/60", "nothing=1/1", "factor=x", "search=5", "factor=-1"])
def test_nonsense_is_named(value: str) -> None:
    with pytest.raises(ValueError, match=r"no limit|no whole number"):
        read_allowances(value)
