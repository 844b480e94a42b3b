"""Django's messages, which leave the session of a stranger alone: there is none, so there is nothing to tell."""

from typing import Any

from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class _Session(SessionStorage):
    def _get(self, *args: Any, **kwargs: Any) -> tuple[list[Any], bool]:  # noqa: ANN401 - Django's signature
        if self.request.session.session_key is None:
            return [], True
        return super()._get(*args, **kwargs)  # type: ignore[misc,no-any-return]  # not in the stubs


class Storage(FallbackStorage):
    """Messages in a cookie, and what does not fit there in the session."""

    storage_classes = (CookieStorage, _Session)
