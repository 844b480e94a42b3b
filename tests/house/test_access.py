"""Every address says who may call it, and keeps what is typed there when the session has expired."""

import inspect
from collections.abc import Callable, Iterator

from django.urls import URLPattern, URLResolver, get_resolver

GUARD_THEMSELVES = ("allauth.", "ninja.", "django.views.i18n", "django.views.static", "django.contrib.staticfiles")
"""Views that are not ours: sign-in pages and the API guard themselves, the others show nothing of anybody."""

NOT_KEPT = {
    "accounts.web.again.again": "a password is never kept",
    "accounts.web.profile.password": "a password is never kept",
    "accounts.web.profile.verify": "a code that lives for minutes",
    "accounts.web.profile.language": "a choice of two",
    "accounts.web.profile.consents": "ticks, each with its own button",
    "applications.web.registers.choose": "two buttons",
    "applications.web.materials.word": "a button; the words beside it are one line",
    "cases.web.office.bulk": "ticks in a list that has changed since",
}
"""Views for those who have signed in that read what is posted and need not keep it, each with the reason."""


def _views(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, Callable[..., object]]]:
    for pattern in patterns:
        address = f"{before}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from _views(pattern.url_patterns, address)
        else:
            yield address, pattern.callback


def test_every_view_declares_who_may() -> None:
    wrong = [
        f"/{address}: {view.__module__}.{getattr(view, '__qualname__', view)}"
        for address, view in _views(get_resolver().url_patterns)
        if not hasattr(view, "access") and not view.__module__.startswith(GUARD_THEMSELVES)
    ]
    assert not wrong, "\n".join(wrong)


def test_there_are_views() -> None:
    assert any(True for _ in _views(get_resolver().url_patterns))


def _reads_what_is_posted(view: Callable[..., object]) -> bool:
    own = inspect.unwrap(view)
    return inspect.isfunction(own) and "request.POST" in inspect.getsource(own)


def test_what_is_typed_without_a_session_is_kept() -> None:
    """A session expires while somebody writes; whatever reads what is posted keeps it, or says here why not."""
    reading = {
        f"{view.__module__}.{view.__qualname__}".removeprefix("tongban."): view
        for _address, view in _views(get_resolver().url_patterns)
        if getattr(view, "access", "anybody") != "anybody" and _reads_what_is_posted(view)
    }
    assert len(reading) > len(NOT_KEPT)
    assert {name for name, view in reading.items() if not hasattr(view, "keep")} == set(NOT_KEPT)
