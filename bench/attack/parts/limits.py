"""The limits as they are out of the box: what comes too often is told to wait, and nothing else is."""

from http import HTTPStatus
from itertools import count

from bench.attack.bounds import Bounds
from bench.attack.city import Browser, City
from bench.attack.found import Findings
from bench.attack.people import OTHER_RESIDENT

PORT_ABOVE = 40
MOST_TRIES = 2600
TOO_MANY = HTTPStatus.TOO_MANY_REQUESTS


def run(city: City, bounds: Bounds, found: Findings) -> None:
    """Serve the city a second time, with its limits, and come too often to each door."""
    del bounds
    port = int(city.base.rsplit(":", 1)[1]) + PORT_ABOVE
    with city.another_web(port, TONGBAN_LIMITS="on") as base:
        stranger, owner = Browser(base), Browser(base, OTHER_RESIDENT.username)
        stranger.get("/sign-in")
        typed = {"name": "13900000003", "password": "wrong-Geheim-1"}
        _until(
            found, "sign-in", 30, lambda: stranger.post("/sign-in", typed), kept="13900000003", hidden="wrong-Geheim-1"
        )
        numbers = count(13_900_000_000)
        _until(found, "recovery", 200, lambda: stranger.post("/recover", {"address": str(next(numbers))}), kept="139")
        _until(found, "sign-up", 400, lambda: stranger.post("/sign-up", {"name": "林某某"}), kept="林某某")
        forged = stranger.post("/sign-up", {"name": "林某某"}, headers={"X-Forwarded-For": "198.51.100.77"})
        found.expect(forged.status_code == TOO_MANY, "a made-up X-Forwarded-For gets round the limit")
        _until(
            found, "uploads", 400, lambda: owner.post("/drafts/00000000-0000-7000-8000-000000000000/materials/a/files/")
        )
        draft = "/drafts/00000000-0000-7000-8000-000000000000/review/"
        _until(found, "submissions", 300, lambda: owner.post(draft, {"key": "k-e-y"}), kept="k-e-y")
        _until(found, "search", MOST_TRIES, lambda: owner.get("/search/suggest?q="))
        _until(found, "the API", MOST_TRIES, lambda: owner.get("/api/v1/themes"))
        other = owner.get("/about")
        found.expect(other.ok, f"an ordinary page is shut as well: {other.status_code}")


def _until(found: Findings, words: str, most: int, ask: "object", *, kept: str = "", hidden: str = "") -> None:
    for number in range(most):
        answer = ask()  # type: ignore[operator]
        found.tried += 1
        if answer.status_code == TOO_MANY:
            wait = answer.headers.get("Retry-After", "")
            found.expect(wait.isdecimal() and int(wait) > 0, f"{words}: 429 without Retry-After")
            found.expect(kept in answer.text, f"{words}: what was typed is lost")
            found.expect(not hidden or hidden not in answer.text, f"{words}: the password comes back")
            found.notes.append(f"{words}: the {number + 1}th within the time waits {wait} s")
            return
        if not found.expect(answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, f"{words}: {answer.status_code}"):
            return
    found.expect(holds=False, words=f"{words}: {most} times without a limit")
