"""Migrations run while the previous release serves: nobody who is being served notices, and nothing is lost."""

import json
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
import requests

from tests.crash.test_kill import Resident
from tests.operate.old_city import old_code, with_old_code
from tests.operate.place import Place, empty
from tests.operate.web import Web, serving

pytestmark = pytest.mark.django_db(transaction=True)
BOOKS = """
    SELECT application.idempotency_key::text, cases_case.number,
        (SELECT count(*) FROM ledger_event WHERE kind = 'cases.case_opened' AND subject_id = cases_case.id),
        (SELECT count(*) FROM papers_paper WHERE id = application.receipt_id),
        (SELECT count(DISTINCT case_id) FROM cases_clock WHERE case_id = cases_case.id)
    FROM applications_application AS application JOIN cases_case ON cases_case.id = application.case_id
"""
"""What must be there once for each submission: its case, the event, the receipt, its clocks."""
PAGES = ("/", "/search?q=试验", "/items/trial", "/my/cases", "/my")


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Place]:
    """An empty place whose files lie where every release looks for them."""
    with empty(tmp_path / "city", "upgraded") as place:
        del place.environment["TONGBAN_FILES_URL"]
        place.environment["CRASH_ANSWER"] = str(tmp_path / "answer.json")
        yield place


def _inside(place: Place, script: Path) -> Any:
    """Run a script within an installation and return what it wrote."""
    place.run("manage", "shell", "-c", f"exec(compile(open({str(script)!r}).read(), 'script', 'exec'))")
    return json.loads(Path(place.environment["CRASH_ANSWER"]).read_text(encoding="utf-8"))


def _applied(place: Place) -> set[str]:
    with psycopg.connect(place.owner.address) as reader:
        return {f"{app}.{name}" for app, name in reader.execute("SELECT app, name FROM city.django_migrations")}


def _books(place: Place) -> dict[str, tuple[str, int, int, int]]:
    with psycopg.connect(place.owner.address) as reader:
        reader.execute("SET search_path TO city")
        return {row[0]: row[1:] for row in reader.execute(BOOKS)}


class Visitor:
    """A resident of the old release: reads pages all the while, and submits what is ready when asked to."""

    def __init__(self, web: Web, who: dict[str, Any]) -> None:
        """Sign in."""
        self.resident = Resident(f"http://127.0.0.1:{web.port}", who)
        assert self.resident._sign_in()
        self.seen: Counter[int] = Counter()
        self.shown: dict[str, str] = {}
        self._left = list(who["drafts"])
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        session = requests.Session()
        session.cookies.update(self.resident.session.cookies)
        while not self._ended.is_set():
            for page in PAGES:
                self._ended.wait(0.1)
                self.seen[session.get(self.resident.address + page, timeout=20).status_code] += 1

    def submit(self, count: int) -> None:
        """Submit some drafts; each must be taken at the first try."""
        for draft in [self._left.pop() for _ in range(count)]:
            self.shown[draft["key"]] = self.resident._submit(draft)

    def type_without_session(self, typed: str) -> None:
        """Send a step as when the session has expired; what was typed must come back after signing in."""
        address = f"{self.resident.address}/drafts/{self._left[0]['id']}/form/contact/"
        stranger = requests.Session()
        stranger.get(f"{self.resident.address}/sign-in", timeout=20)
        sent = {"contact_phone": typed, "csrfmiddlewaretoken": stranger.cookies["csrftoken"]}
        answer = stranger.post(address, data=sent, timeout=20, allow_redirects=False)
        assert answer.status_code == 302, answer.status_code
        back = parse_qs(urlsplit(answer.headers["Location"]).query)["next"][0]
        assert typed in self.resident.session.get(self.resident.address + back, timeout=20).text

    def end(self) -> None:
        """Stop reading."""
        self._ended.set()
        self._thread.join()


def _migrate_meanwhile(place: Place, visitors: list[Visitor]) -> None:
    migrating = place.start("migrate")
    for visitor in visitors:
        visitor.submit(2)
    try:
        said = migrating.communicate(timeout=120)[0]
    except subprocess.TimeoutExpired:
        migrating.kill()
        raise
    assert migrating.returncode == 0, said


def test_the_previous_release_goes_on_while_this_one_migrates(city: Place, tmp_path: Path) -> None:
    old = with_old_code(city, old_code(tmp_path / "old"))
    old.run("migrate")
    people = _inside(old, tmp_path / "old" / "tests" / "crash" / "prepare.py")
    before = _applied(city)
    with serving(old, "--processes", "1") as web:
        visitors = [Visitor(web, who) for who in people]
        try:
            for visitor in visitors:
                visitor.submit(2)
            _migrate_meanwhile(city, visitors)
            visitors[0].type_without_session("13900098765")
            time.sleep(0.5)
            for visitor in visitors:
                visitor.submit(2)
        finally:
            for visitor in visitors:
                visitor.end()
        seen = sum((visitor.seen for visitor in visitors), Counter())
    assert set(seen) == {200}, seen
    shown = {key: number for visitor in visitors for key, number in visitor.shown.items()}
    assert len(shown) == len(set(shown.values())) == 3 * 6, shown
    assert all(shown.values()), "a submission was not taken at the first try"
    assert before <= _applied(city)

    assert _books(city) == {key: (number, 1, 1, 1) for key, number in shown.items()}
    with serving(city, "--processes", "1") as web:
        assert web.get("/readyz")[1].startswith(b"ready")
        one = Visitor(web, people[0])
        one.end()
        for number in list(visitors[0].shown.values())[:2]:
            page = one.resident.session.get(f"http://127.0.0.1:{web.port}/cases/{number}/receipt/", timeout=20)
            assert page.status_code == 200
            assert number in page.text
