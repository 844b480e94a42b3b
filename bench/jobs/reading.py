"""Pages that are read: of officials, of residents, of anybody."""

import json
from collections.abc import Iterator
from itertools import cycle
from urllib.parse import quote, urlencode

from bench.installation import Installation
from bench.jobs import Job
from bench.line import get
from bench.load import Request, ask
from bench.processes import NotStarted
from bench.reckoning import Figures

INBOX_ROWS = 25
PAGE = 100
WHOLE = b"</html>"


class Reading(Job):
    """A job that asks for the same addresses round and round."""

    def __init__(self) -> None:
        """Nothing to ask for yet."""
        self.asked: list[Request] = []

    def prepare(self, place: Installation, *, residents: int) -> None:
        """Draw what is asked for."""
        self.asked = self.draw(place)
        if not self.asked:
            message = f"{self.name}: the data has nothing to ask for"
            raise NotStarted(message)

    def draw(self, place: Installation) -> list[Request]:
        """Return what is asked for."""
        raise NotImplementedError

    def requests(self, most: int) -> Iterator[Request]:
        """Go round."""
        return cycle(self.asked)


class CasePage(Reading):
    """The page of a case, as officials see it who have or had a task on it."""

    name = "case_page"

    def draw(self, place: Installation) -> list[Request]:
        """Cases of all posts, half of them open."""
        return [
            Request(get(f"/office/cases/{one['number']}", one["cookies"]), marker=one["number"].encode())
            for one in place.inside.call("samples.official_cases", each=8)
        ]


class FollowPage(Reading):
    """The page on which a resident follows a case."""

    name = "follow_page"

    def draw(self, place: Installation) -> list[Request]:
        """Cases of many residents."""
        return [
            Request(get(f"/my/cases/{one['number']}", one["cookies"]), marker=one["number"].encode())
            for one in place.inside.call("samples.resident_cases", count=300)
        ]


class InboxFirst(Reading):
    """The first page of an official's inbox."""

    name = "inbox_first"

    def draw(self, place: Installation) -> list[Request]:
        """Inboxes with something in them."""
        found = place.inside.call("samples.inboxes")
        return [Request(get("/office/", one["cookies"]), marker=b"/office/cases/") for one in found if one["tasks"]]


class Inbox50th(Reading):
    """The 50th page of an inbox, or the last one where none is as long."""

    name = "inbox_50th"
    furthest = 0

    def draw(self, place: Installation) -> list[Request]:
        """Take the inboxes that are long enough; the fullest one in any case."""
        found = place.inside.call("samples.inboxes")
        pages = [(one, far_page(one["tasks"])) for one in found if one["tasks"]]
        self.furthest = max((page for _one, page in pages), default=0)
        return [
            Request(get(f"/office/?page={page}", one["cookies"]), marker=b"/office/cases/")
            for one, page in pages
            if page == self.furthest
        ]

    def details(self) -> Figures:
        """Tell which page it was."""
        return {"page": self.furthest}


def far_page(tasks: int) -> int:
    """Return 50, or the number of the last page."""
    return min(50, -(-tasks // INBOX_ROWS))


class GuidePage(Reading):
    """The guide of a matter, for somebody who is not signed in."""

    name = "guide_page"

    def draw(self, place: Installation) -> list[Request]:
        """Many guides, so that no cache of one page is measured."""
        codes = place.inside.call("samples.guides", count=300)
        return [Request(get(f"/items/{quote(code)}"), marker=WHOLE) for code in codes]


class Search(Reading):
    """A search by somebody who is not signed in."""

    name = "search"

    def draw(self, place: Installation) -> list[Request]:
        """Hundreds of different words, more than are kept, so that no cache of answers is measured."""
        return _searches(place.inside.call("samples.words", count=1000))


class SearchAgain(Reading):
    """A search for what others have searched for just before."""

    name = "search_again"

    def draw(self, place: Installation) -> list[Request]:
        """A few words only."""
        return _searches(place.inside.call("samples.words", count=0))


def _searches(words: list[str]) -> list[Request]:
    return [Request(get(f"/search?{urlencode({'q': typed})}"), marker=WHOLE) for typed in words]


class ApiList(Reading):
    """The list of cases as JSON, 100 on a page."""

    name = "api_list"
    port = 0

    def draw(self, place: Installation) -> list[Request]:
        """The officials who may see most; each page holds 100 where there are as many."""
        self.port = place.port
        found = place.inside.call("samples.listing")
        enough = [one for one in found if one["cases"] >= PAGE] or found[:1]
        return [Request(get(f"/api/v1/cases?page_size={PAGE}", one["cookies"]), marker=b'"results"') for one in enough]

    def details(self) -> Figures:
        """Tell how many cases the shortest of the pages holds: 100 where the data suffice."""
        pages = [json.loads(ask(self.port, request.content).body) for request in self.asked]
        return {"rows": min(len(page["results"]) for page in pages)}


class Home(Reading):
    """The home page, for somebody who is not signed in."""

    name = "home"

    def draw(self, place: Installation) -> list[Request]:
        """One page."""
        return [Request(get("/"), marker=WHOLE)]


class SignInPage(Reading):
    """The page on which one signs in."""

    name = "sign_in_page"

    def draw(self, place: Installation) -> list[Request]:
        """One page, with a token of its own each time."""
        return [Request(get("/sign-in"), marker=b"csrfmiddlewaretoken")]


class Suggest(Reading):
    """What the search proposes while somebody types: Chinese, or pinyin."""

    name = "suggest"

    def draw(self, place: Installation) -> list[Request]:
        """Beginnings of hundreds of words."""
        words = place.inside.call("samples.words", count=300)
        return [Request(get(f"/search/suggest?{urlencode({'q': typed[:4]})}")) for typed in words]


READING: tuple[type[Reading], ...] = (
    Home, SignInPage, GuidePage, Search, SearchAgain, Suggest, CasePage, FollowPage, InboxFirst, Inbox50th, ApiList,
)  # fmt: skip
"""In the order in which they are measured."""
