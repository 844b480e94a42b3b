"""Every address says who may call it."""

from collections.abc import Callable, Iterator

from django.urls import URLPattern, URLResolver, get_resolver

GUARD_THEMSELVES = ("allauth.", "ninja.", "django.views.i18n", "django.views.static", "django.contrib.staticfiles")
"""Views that are not ours: sign-in pages and the API guard themselves, the others show nothing of anybody."""


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
