"""Whole pages kept in memory for strangers: whoever has no session and is shown what everybody is shown.

A page is kept with the revision of what it was made of, and is given out only while that revision, asked of the
database each time in one short query, is still the same: a change holds from its commit on, in every process on every
machine, with nobody to be told. What is kept is bounded, and nothing is kept that carries a cookie.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils.http import parse_etags
from django.utils.translation import get_language

Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponseBase]
Revision = Hashable
MOST_BYTES = 16 * 1024 * 1024
"""Kept in one process, of pages as they stand at their address."""
MOST_BYTES_ASKED = 2 * 1024 * 1024
"""Kept beside them of pages with a question in the address: whoever makes up questions pushes out only these."""
MOST_BYTES_FOUND = 8 * 1024 * 1024
"""Kept beside both of what searches found."""
LONGEST_QUESTION = 200
PERSONAL_COOKIES = ("messages",)
"""Beside the session: what Django keeps in a cookie to be told on the next page."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A page as it was made, and of what revision."""

    revision: Revision
    body: bytes
    content_type: str
    etag: str


class Pages:
    """Pages by their key, the longest unused thrown away first. Used by several threads at once."""

    def __init__(self, most_bytes: int) -> None:
        """`most_bytes` bounds the bodies together."""
        self.most_bytes = most_bytes
        self._pages: OrderedDict[Hashable, Kept] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """How many pages are kept."""
        return len(self._pages)

    @property
    def size(self) -> int:
        """Bytes of all bodies."""
        return self._bytes

    def get(self, key: Hashable, revision: Revision) -> Kept | None:
        """Return the page of this revision."""
        with self._lock:
            kept = self._pages.get(key)
            if kept is None or kept.revision != revision:
                return None
            self._pages.move_to_end(key)
            return kept

    def put(self, key: Hashable, kept: Kept) -> None:
        """Keep a page in place of that of another revision."""
        with self._lock:
            before = self._pages.pop(key, None)
            self._bytes += len(kept.body) - (len(before.body) if before else 0)
            self._pages[key] = kept
            while self._bytes > self.most_bytes:
                _key, gone = self._pages.popitem(last=False)
                self._bytes -= len(gone.body)

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._pages.clear()
            self._bytes = 0


PAGES = Pages(MOST_BYTES)
PAGES_ASKED = Pages(MOST_BYTES_ASKED)
PAGES_FOUND = Pages(MOST_BYTES_FOUND)


def is_stranger(request: HttpRequest) -> bool:
    """Whether nothing in the request says who asks, so that the answer is everybody's."""
    cookies = request.COOKIES
    return settings.SESSION_COOKIE_NAME not in cookies and not any(name in cookies for name in PERSONAL_COOKIES)


def kept_for_strangers(
    revision: Callable[Arguments, Revision | None], *, asked: Pages = PAGES_ASKED
) -> Callable[[View[Arguments]], View[Arguments]]:
    """Keep the pages of a view for strangers. `revision` is given the view's arguments; None: there is no such page.

    It must change whenever anything changes that the page shows, beside the address, the reader's language and size
    of type, the settings and the code. `asked` holds those with a question in the address.
    """

    def declare(view: View[Arguments]) -> View[Arguments]:
        @wraps(view)
        def kept(request: HttpRequest, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponseBase:
            question = request.META.get("QUERY_STRING", "")
            if request.method not in {"GET", "HEAD"} or not is_stranger(request) or len(question) > LONGEST_QUESTION:
                return view(request, *args, **kwargs)
            now = revision(*args, **kwargs)
            if now is None:
                return view(request, *args, **kwargs)
            pages = asked if question else PAGES
            key = (settings.TONGBAN_SCHEMA, *_shown_as(request))
            page = pages.get(key, now)
            if page is None:
                answer = view(request, *args, **kwargs)
                if not _may_be_kept(answer):
                    return answer
                page = _page(cast("HttpResponse", answer), (key, now), now)
                pages.put(key, page)
            return _answer(request, page)

        return cast("View[Arguments]", kept)

    return declare


def _shown_as(request: HttpRequest) -> tuple[object, ...]:
    """Return what of the request the page shows."""
    large = request.COOKIES.get(settings.TONGBAN_TYPE_COOKIE) == "large"
    return request.get_full_path(), get_language(), large


def _may_be_kept(answer: HttpResponseBase) -> bool:
    return isinstance(answer, HttpResponse) and answer.status_code == 200 and not answer.cookies  # noqa: PLR2004 - OK


def _page(answer: HttpResponse, named: object, revision: Revision) -> Kept:
    digest = hashlib.sha256(answer.content + repr(named).encode()).hexdigest()[:32]
    return Kept(revision, answer.content, answer["Content-Type"], f'"{digest}"')


def _answer(request: HttpRequest, page: Kept) -> HttpResponse:
    """Return the page, or that the reader's own copy is still good."""
    asked = request.headers.get("If-None-Match", "")
    answer: HttpResponse
    if asked and page.etag in parse_etags(asked):
        answer = HttpResponseNotModified()
    else:
        answer = HttpResponse(page.body, content_type=page.content_type)
    answer["ETag"] = page.etag
    return answer
