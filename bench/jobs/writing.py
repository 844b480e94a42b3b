"""What changes the books: residents submit, officials decide a step. What was answered is looked up afterwards."""

import re
from collections.abc import Iterator, Mapping

from bench.installation import Installation
from bench.jobs import Job
from bench.line import Answer, post
from bench.load import Request, sign_in

_RECEIPT = re.compile(r"/cases/([^/]+)/receipt/")


class Submit(Job):
    """Submit a draft: session, CSRF, validation of everything, case with tasks, clocks, paper and event, durable."""

    name = "submit"
    changes = True

    def __init__(self) -> None:
        """Nobody has submitted anything."""
        self.place: Installation | None = None
        self.cookies: dict[str, Mapping[str, str]] = {}
        self.shown: dict[str, str] = {}

    def prepare(self, place: Installation, *, residents: int) -> None:
        """Sign in over HTTP, as people do."""
        self.place = place
        for one in place.inside.call("people.residents", count=residents):
            self.cookies[one["username"]] = sign_in(place.port, one["username"], one["password"])

    def requests(self, most: int) -> Iterator[Request]:
        """Each resident in turn submits a draft of their own."""
        if self.place is None:
            return iter(())
        ready = self.place.inside.call("drafts.prepare", usernames=sorted(self.cookies), count=most)
        return iter([self._request(one) for one in ready])

    def _request(self, one: dict[str, str]) -> Request:
        fields = {"key": one["key"], "declared": "on"}
        content = post(f"/drafts/{one['id']}/review/", fields, self.cookies[one["username"]])
        return Request(content, status=302, marker=b"/receipt/", note=one["key"])

    def heard(self, request: Request, answer: Answer) -> None:
        """Remember the receipt that was shown."""
        found = _RECEIPT.search(answer.header("Location"))
        self.shown[request.note] = found[1] if found else ""

    def faults(self) -> list[str]:
        """Every receipt that was shown must stand in the books, under its key."""
        if self.place is None:
            return []
        kept = self.place.inside.call("books.submitted", keys=list(self.shown))
        return [
            f"receipt {number} was shown, the books say {kept.get(key, 'nothing')}"
            for key, number in self.shown.items()
            if kept.get(key) != number
        ]


class Advance(Job):
    """An official completes a review task with an opinion; the process takes its next step."""

    name = "advance"
    changes = True

    def __init__(self) -> None:
        """Nobody has reviewed anything."""
        self.place: Installation | None = None
        self.residents: list[str] = []
        self.cookies: dict[str, dict[str, str]] = {}
        self.done: set[str] = set()
        self.opinion = ""

    def prepare(self, place: Installation, *, residents: int) -> None:
        """Let the officials open their sessions."""
        self.place = place
        self.residents = [one["username"] for one in place.inside.call("people.residents", count=residents)]
        for username in place.inside.call("people.officials"):
            self.cookies[username] = place.inside.call("people.session", username=username)

    def requests(self, most: int) -> Iterator[Request]:
        """Take one task of each case, in the order of the cases' ids: all offices mixed."""
        if self.place is None:
            return iter(())
        waiting = self.place.inside.call("reviews.prepare", usernames=self.residents, count=most)
        return iter([self._request(one) for one in waiting])

    def _request(self, one: dict[str, str]) -> Request:
        self.opinion = one["opinion"]
        fields = {"choice": one["choice"], "opinion": one["opinion"]}
        address = f"/office/cases/{one['number']}/tasks/{one['id']}/review"
        return Request(post(address, fields, self.cookies[one["username"]]), status=302, note=one["id"])

    def heard(self, request: Request, answer: Answer) -> None:
        """Remember what was answered as done."""
        self.done.add(request.note)

    def faults(self) -> list[str]:
        """Every task that was answered as done must be done, with the opinion in the file."""
        if self.place is None:
            return []
        kept = set(self.place.inside.call("books.reviewed", task_ids=sorted(self.done), opinion=self.opinion))
        return [f"task {task} was answered as done and is not" for task in sorted(self.done - kept)]
