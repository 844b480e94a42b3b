"""The database goes away before each statement of a page in turn: every page says so kindly, and nothing is half done.

A real PostgreSQL ends the session, refuses new ones, or takes no writing; and faults of our own stay faults.
"""

import contextlib
import os
import socket
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg import sql

from tests.browsing import Browser
from tests.officials import filled
from tests.operate.in_front import pgbouncer
from tests.people import Person, applied, drafted, make_town, open_task
from tests.standing import nothing_changes
from tongban.base.postgres.away import away
from tongban.base.postgres.login import Login
from tongban.base.web.kept_pages import PAGES as PAGES_KEPT
from tongban.cases.models import Case
from tongban.processes import queries as processes

pytestmark = pytest.mark.django_db(transaction=True)
RETRY_AFTER = "5"
MOST_STATEMENTS = 80


@pytest.fixture(autouse=True)
def fresh_line() -> Iterator[None]:
    """Leave no cut connection to the test after this one."""
    yield
    connection.close()


@contextlib.contextmanager
def administrator() -> Iterator[psycopg.Connection[Any]]:
    """Give the line of who may end others' sessions, to the server itself."""
    with psycopg.connect(_administrators_address(), autocommit=True) as server:
        yield server


@cache
def _administrators_address() -> str:
    known = connection.settings_dict
    return Login(known["NAME"], "postgres", known["HOST"], str(known["PORT"])).address


class Cut:
    """Ends the session of this thread, or cuts its line, just before its statement of a given number."""

    def __init__(self, server: psycopg.Connection[Any], at: int, *, how: str = "ended") -> None:
        self.server, self.left, self.how, self.done = server, at, how, False

    def __call__(self, execute: Callable[..., Any], *asked: Any) -> Any:
        self.left -= 1
        if self.left == 0:
            self.done = True
            if self.how == "ended":
                end_session(self.server)
            else:
                cut_line()
        return execute(*asked)


def end_session(server: psycopg.Connection[Any]) -> None:
    """End it and wait for its end."""
    number = connection.connection.info.backend_pid
    server.execute("SELECT pg_terminate_backend(%s, 10000)", [number])


def cut_line() -> None:
    """Cut it as a killed server does: without a word. The server is there again at once, and Django takes a new line."""
    with socket.socket(fileno=os.dup(connection.connection.fileno())) as line:
        line.shutdown(socket.SHUT_RDWR)


def quiet(person: Person | None = None, language: str = "zh-hans") -> Browser:
    """Return a browser that is shown what people are shown, faults included."""
    browser = person.browser() if person else Browser()
    browser.client.raise_request_exception = False
    browser.client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return browser


def is_told_kindly(answer: Any) -> bool:
    """Whether an answer says that the database is away, in the way of whoever asked."""
    if answer.status_code != 503 or answer.headers.get("Retry-After") != RETRY_AFTER:
        return False
    if answer.headers["Content-Type"] == "application/problem+json":
        return bool(answer.json()["code"] == "database_away")
    return "马上就好" in answer.content.decode() and answer.headers["X-Request-Id"] in answer.content.decode()


def cut_everywhere(ask: Callable[[], Any], how: str = "ended") -> int:
    """Ask again and again, the line cut one statement later each time; returns how often it was cut."""
    with administrator() as server:
        for number in range(1, MOST_STATEMENTS):
            connection.ensure_connection()
            cut = Cut(server, number, how=how)
            with connection.execute_wrapper(cut):
                answer = ask()
            connection.close()
            if not cut.done:
                assert answer.status_code in {200, 201, 302}, answer.content.decode()
                return number - 1
            assert is_told_kindly(answer), (number, answer.status_code, answer.content.decode()[:2000])
    raise AssertionError(number)


PAGES = (
    ("nobody", "/", 3),
    ("nobody", "/items/shop-sign", 2),
    ("nobody", "/search?q=店招", 2),
    ("lin", "/my", 3),
    ("lin", "/my/cases", 3),
    ("lin", "/profile", 3),
    ("lin", "/api/v1/drafts", 2),
    ("acceptance", "/office/", 2),
    ("acceptance", "/api/v1/tasks", 2),
)
"""Who asks for what, and in how many messages at least; who asks is found in the first."""


def test_every_page_whose_line_is_cut_says_so() -> None:
    town = make_town()
    people = {"lin": town.lin, "acceptance": town["acceptance"], "nobody": None}
    for who, address, at_least in PAGES:
        browser = quiet(people[who])
        PAGES_KEPT.clear()
        assert cut_everywhere(partial(browser.client.get, address)) >= at_least, address


def test_the_page_of_another_refusal_says_so_as_well() -> None:
    browser = quiet(make_town().lin)
    assert browser.client.get("/nothing-here").status_code == 404
    with administrator() as server, connection.execute_wrapper(Cut(server, 1)):
        assert is_told_kindly(browser.client.get("/nothing-here"))


@pytest.mark.parametrize("how", ["ended", "line"])
def test_a_submission_that_is_cut_anywhere_happens_once_in_the_end(how: str) -> None:
    town = make_town()
    draft = drafted(town.lin)
    browser = quiet(town.lin)
    page = browser.get(f"/drafts/{draft.id}/review/")
    form = page.form()
    sent = {**{name: values[0] for name, values in form.values.items()}, "declared": "on"}

    def send() -> Any:
        processes.version.cache_clear()  # kept from one try to the next, it would spare the last message its cut
        return browser.client.post(form.action or page.address, sent)

    assert cut_everywhere(send, how) >= 5
    assert Case.objects.count() == 1


@contextlib.contextmanager
def cut_at_commit(table: str) -> Iterator[None]:
    """Let the session of whoever adds a row to a table end in the midst of the commit."""
    schema = sql.Identifier(settings.TONGBAN_SCHEMA)
    names = {"schema": schema, "table": sql.Identifier(settings.TONGBAN_SCHEMA, table)}
    with administrator() as server:
        server.execute(
            sql.SQL("""
                CREATE FUNCTION {schema}.end_me() RETURNS trigger LANGUAGE plpgsql AS
                'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';
                CREATE CONSTRAINT TRIGGER end_me AFTER INSERT ON {table}
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {schema}.end_me()
            """).format(**names)
        )
        try:
            yield
        finally:
            connection.close()
            server.execute(sql.SQL("DROP FUNCTION {schema}.end_me() CASCADE").format(**names))


def test_a_submission_that_is_cut_while_it_is_committed_can_be_sent_again() -> None:
    town = make_town()
    draft = drafted(town.lin)
    browser = quiet(town.lin)
    form = browser.get(f"/drafts/{draft.id}/review/").form()
    with cut_at_commit("cases_case"), nothing_changes():
        told = browser.send(form, {"declared": "on"})
        connection.close()
    assert is_told_kindly(told.response)
    assert browser.send(told.form("/review/")).status == 200
    assert Case.objects.count() == 1


def test_what_was_typed_can_be_sent_again_with_one_button() -> None:
    town = make_town()
    draft = drafted(town.lin)
    browser = quiet(town.lin, "en")
    page = browser.get(f"/drafts/{draft.id}/form/sign/")
    with administrator() as server, nothing_changes(), connection.execute_wrapper(Cut(server, 1)):
        told = browser.send(page.form(), {"words": "望江面馆二店"})
        connection.close()
    assert told.status == 503
    assert "Our system is just starting again" in told.words
    again = told.form("/sign/")
    assert again.value("words") == "望江面馆二店"
    assert browser.send(again).status == 200
    kept = browser.get(f"/drafts/{draft.id}/form/sign/").form()
    assert kept.value("words") == "望江面馆二店"


def test_a_step_of_an_official_that_is_cut_changes_nothing() -> None:
    town = make_town()
    task = open_task(applied(town.lin), "acceptance")
    browser = quiet(town["acceptance"])
    form, values = filled(browser.get(f"/office/cases/{task.case.number}"), "/accept")
    with administrator() as server, nothing_changes(), connection.execute_wrapper(Cut(server, 12)):
        answer = browser.send(form, values)
        connection.close()
    assert is_told_kindly(answer.response)
    assert browser.send(answer.form("/accept"), {}).status == 200
    assert Case.objects.get().state == Case.State.REVIEW


@contextlib.contextmanager
def told_to_the_role(words: str, undo: str) -> Iterator[None]:
    """Change what the app's role may, for new sessions."""
    role = sql.Identifier(settings.TONGBAN_ROLES.app)
    with administrator() as server:
        server.execute(sql.SQL("ALTER ROLE {} {}").format(role, sql.SQL(words)))
        connection.close()
        try:
            yield
        finally:
            server.execute(sql.SQL("ALTER ROLE {} {}").format(role, sql.SQL(undo)))
            connection.close()


def test_too_many_connections_are_a_moment_and_no_fault() -> None:
    town = make_town()
    browser, stranger = quiet(town.lin), quiet()
    with told_to_the_role("CONNECTION LIMIT 0", "CONNECTION LIMIT -1"):
        assert is_told_kindly(browser.client.get("/my"))
        assert is_told_kindly(stranger.client.get("/api/v1/items"))
        assert stranger.client.get("/healthz").status_code == 200
        assert stranger.client.get("/readyz").status_code == 503
    assert browser.client.get("/my").status_code == 200


def test_a_server_that_takes_no_writing_is_away_for_who_writes() -> None:
    town = make_town()
    draft = drafted(town.lin)
    browser = quiet(town.lin)
    page = browser.get(f"/drafts/{draft.id}/form/sign/")
    with told_to_the_role("SET default_transaction_read_only = on", "RESET default_transaction_read_only"):
        assert browser.client.get("/my").status_code == 200
        assert browser.send(page.form(), {"words": "望江面馆二店"}).status == 503
        assert connection.connection is None or connection.connection.closed, "the next may find another server"


def test_faults_of_our_own_stay_faults() -> None:
    town = make_town()
    browser = quiet(town.lin)
    table, app = sql.Identifier(settings.TONGBAN_SCHEMA, "cases_case"), sql.Identifier(settings.TONGBAN_ROLES.app)
    with administrator() as server:
        server.execute(sql.SQL("REVOKE SELECT ON {} FROM {}").format(table, app))
        try:
            answer = browser.client.get("/my/cases")
        finally:
            server.execute(sql.SQL("GRANT SELECT ON {} TO {}").format(table, app))
    assert answer.status_code == 500
    assert "Retry-After" not in answer.headers


@pytest.mark.parametrize(
    ("statement", "values"),
    [
        ("SELECT 1 / %s", [0]),
        ("SELECT * FROM nowhere WHERE a = %s", [1]),
        ("SET LOCAL statement_timeout = 1; SELECT pg_sleep(1)", []),
    ],
    ids=["arithmetic", "no table", "too slow"],
)
def test_a_statement_that_is_wrong_is_no_reason_to_call_the_database_away(statement: str, values: list[int]) -> None:
    with pytest.raises(Exception) as fault, connection.cursor() as cursor:  # noqa: PT011 - which one is not the point
        cursor.execute(statement, values or None)
    assert away(fault.value) == ""


def test_behind_pgbouncer_it_is_the_same(tmp_path: Any) -> None:
    town = make_town()
    browser, known = quiet(town.lin), dict(connection.settings_dict)
    connection.close()
    try:
        with administrator() as server, pgbouncer(tmp_path / "log", known["NAME"]) as through:
            connection.settings_dict |= {
                "HOST": through.host, "PORT": through.port, "USER": through.user, "PASSWORD": through.password,
                "NAME": through.database,
            }  # fmt: skip
            assert browser.client.get("/my").status_code == 200
            ended = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE usename = %s"

            def cut(execute: Callable[..., Any], *asked: Any) -> Any:
                server.execute(ended, [settings.TONGBAN_ROLES.app])
                return execute(*asked)

            with connection.execute_wrapper(cut):
                assert browser.client.get("/my").status_code in {200, 503}
            role = sql.Identifier(settings.TONGBAN_ROLES.app)
            server.execute(sql.SQL("ALTER ROLE {} CONNECTION LIMIT 0").format(role))
            server.execute(ended, [settings.TONGBAN_ROLES.app])
            try:
                assert is_told_kindly(browser.client.get("/my"))
            finally:
                server.execute(sql.SQL("ALTER ROLE {} CONNECTION LIMIT -1").format(role))
        assert is_told_kindly(browser.client.get("/my")), "PgBouncer itself is gone"
    finally:
        connection.close()
        connection.settings_dict.update(known)
    assert browser.client.get("/my").status_code == 200
