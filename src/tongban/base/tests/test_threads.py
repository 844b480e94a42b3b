"""What Django keeps for a thread stays in that thread, and tokens of forms are those that Django takes."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.middleware import csrf
from django.test import RequestFactory
from django.urls import get_urlconf, set_urlconf
from django.utils import timezone, translation

from tongban.base.web.tokens import masked, token_of

SECRET = "aZ09" * 8


def taken(token: str, secret: str) -> bool:
    """Whether Django takes a token for the secret of a cookie."""
    return bool(csrf._does_token_match(token, secret))  # type: ignore[attr-defined]  # what its middleware asks


def test_language_addresses_and_zone_are_each_threads_own() -> None:
    with ThreadPoolExecutor(max_workers=1) as other, translation.override("en"), timezone.override("Asia/Tokyo"):
        set_urlconf("somewhere.else")
        try:
            theirs = other.submit(
                lambda: (translation.get_language(), get_urlconf(), str(timezone.get_current_timezone()))
            )
            assert theirs.result() == ("zh-hans", None, "Asia/Shanghai")
            assert (translation.get_language(), get_urlconf()) == ("en", "somewhere.else")
            other.submit(translation.activate, "zh-hans").result()
            assert translation.get_language() == "en"
        finally:
            set_urlconf(None)


def test_a_token_is_taken_by_django_and_new_each_time() -> None:
    request = RequestFactory().get("/")
    request.META["CSRF_COOKIE"] = SECRET
    tokens = {token_of(request) for _time in range(50)}
    assert len(tokens) == 50
    assert all(len(one) == csrf.CSRF_TOKEN_LENGTH and taken(one, SECRET) for one in tokens)
    assert not any(taken(one, SECRET[::-1]) for one in tokens)
    assert request.META["CSRF_COOKIE_NEEDS_UPDATE"]
    assert len({one[0] for one in tokens}) > 10


@pytest.mark.parametrize("chance", [0, 61, 62**32 - 1, 2**256 - 1])
def test_any_mask_comes_off_again(chance: int) -> None:
    assert taken(masked(SECRET, chance), SECRET)


def test_whoever_has_no_cookie_yet_gets_one() -> None:
    request = RequestFactory().get("/")
    token = token_of(request)
    assert len(request.META["CSRF_COOKIE"]) == csrf.CSRF_SECRET_LENGTH
    assert taken(token, request.META["CSRF_COOKIE"])
    assert taken(csrf.get_token(request), request.META["CSRF_COOKIE"])
