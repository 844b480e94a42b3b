"""What must not be so where real people's data are.

`tongban check --deploy` tells it; `tongban web`, `worker` and `serve` do not start over it.
"""

import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.core.checks import run_checks

from tongban.site.configuration import Configuration

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
SHORTEST_SECRET, SHORTEST_TOKEN = 50, 16
FOLLOW_FROM_ADDRESS = frozenset({"security.W004", "security.W008", "security.W012", "security.W016"})
"""Django's words for an address without https, which is said once."""


class UnsafeStart(Exception):  # noqa: N818 - a statement, read by an operator
    """The installation would face people unsafely; the message has one sentence for each reason."""


def refuse_unsafe_start(known: Configuration, *, address: str = "127.0.0.1") -> None:
    """Raise UnsafeStart with every reason; needs Django set up."""
    if may_be_unsafe(known, address=address):
        return
    wrong = list(reasons(known))
    if wrong:
        told = "\n".join(f"  ✗ {sentence}" for sentence in wrong)
        message = f"not started, because it would not be safe for real people's data:\n{told}"
        raise UnsafeStart(message)


def may_be_unsafe(known: Configuration, *, address: str) -> bool:
    """Whether it is the demo city, or a trial that nobody else can reach: on loopback, with no public address."""
    return known.demo or (address in LOOPBACK and not known.public_url and not known.proxy)


def reasons(known: Configuration) -> Iterator[str]:
    """Return each thing that is unsafe, as a sentence that says what to do."""
    yield from _wrong_switches(known)
    yield from _open_ways(known)
    yield from _parts_left_out(known)
    yield from _weak_secrets(known)
    yield from _keys_lie_open(known.var / "secrets")
    yield from _rights_too_wide(known)
    for found in run_checks(include_deployment_checks=True):
        told = not found.is_silenced() and found.id not in FOLLOW_FROM_ADDRESS
        if told and found.id and found.id.startswith("security."):
            yield f"{found.id}: {found.msg}"


def _wrong_switches(known: Configuration) -> Iterator[str]:
    if known.debug:
        yield "TONGBAN_DEBUG is on: it shows the inside of the program to everybody."
    if known.demo:
        yield "TONGBAN_DEMO is on: anybody may sign in as an official of the demo city."
    if not known.city.given:
        yield "TONGBAN_CITY is not set: residents would be shown the name of the demo city."
    if not known.allowances:
        yield "TONGBAN_LIMITS is off: whoever guesses or floods would not be held back."


def _open_ways(known: Configuration) -> Iterator[str]:
    if not known.public_url.startswith("https://"):
        yield "TONGBAN_PUBLIC_URL does not begin with https://: passwords would travel in the open."
    elif not known.proxy:
        yield "TONGBAN_BEHIND_PROXY is off: TLS is spoken by a proxy in front, which the site has to believe."
    files = urlsplit(known.files.endpoint)
    if files.scheme == "http" and files.hostname not in LOOPBACK:
        yield "TONGBAN_FILES_URL begins with s3+http:// and leads to another machine: files would travel in the open."


def _parts_left_out(known: Configuration) -> Iterator[str]:
    """Leaving them out on purpose is said with `off`."""
    if not known.email_url and "TONGBAN_EMAIL_URL" not in known.left_out:
        yield "TONGBAN_EMAIL_URL is not set: messages to residents wait for a mail server. Say off to do without."
    if not known.clamd and "TONGBAN_CLAMD" not in known.left_out:
        yield "TONGBAN_CLAMD is not set: uploads are not scanned for viruses. Say off to do without."
    if known.email_url and known.email_from.endswith("@localhost"):
        yield "TONGBAN_EMAIL_FROM is not set: messages would come from nobody."


def _weak_secrets(known: Configuration) -> Iterator[str]:
    if len(known.secret_key) < SHORTEST_SECRET:
        yield f"TONGBAN_SECRET_KEY has fewer than {SHORTEST_SECRET} characters: sessions could be forged."
    if known.metrics_token and len(known.metrics_token) < SHORTEST_TOKEN:
        yield f"TONGBAN_METRICS_TOKEN has fewer than {SHORTEST_TOKEN} characters: it could be guessed."


def _keys_lie_open(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*")):
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield f"{path} can be read by others: chmod 600 {path}"


def _rights_too_wide(known: Configuration) -> Iterator[str]:
    """The app's login may be neither owner nor superuser nor pass by row security."""
    if known.database is None:
        return
    if known.database.app.user == known.database.owner.user:
        yield "DATABASE_OWNER_URL is not set, so the site runs as the owner of its tables: give it a login of its own."
    try:
        with psycopg.connect(known.database.app.address, connect_timeout=5, prepare_threshold=None) as login:
            row = login.execute(
                "SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
    except psycopg.OperationalError as silent:
        sys.stderr.write(f"The rights of {known.database.app.user} could not be looked at: {type(silent).__name__}\n")
        return
    if row and row[0]:
        yield f"The login {known.database.app.user} may do more than read and write rows."
