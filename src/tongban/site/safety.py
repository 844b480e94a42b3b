"""What must not be so where real people's data are.

`tongban check --deploy` tells it; `tongban web`, `worker` and `serve` do not start over it.
"""

import socket
import ssl
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.core.checks import run_checks

from tongban.base.postgres.login import Login
from tongban.site.configuration import Configuration
from tongban.site.keys_needed import index_keys_left_out

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
HTTPS_PORT = 443
SHORTEST_SECRET, SHORTEST_TOKEN = 50, 16
FOLLOW_FROM_ADDRESS = frozenset({"security.W004", "security.W008", "security.W012", "security.W016"})
"""Django's words for an address without https, which is said once."""


class UnsafeStart(Exception):  # noqa: N818 - a statement, read by an operator
    """The installation would face people unsafely; the message has one sentence for each reason."""


def refuse_unsafe_start(known: Configuration, *, address: str = "127.0.0.1", name: str = "web") -> None:
    """Raise UnsafeStart with every reason; needs Django set up. `name`: of the command that listens at the address.

    Without a key that people are found by nothing starts, not even a trial: one number could become two persons.
    """
    lacking = list(index_keys_left_out(known))
    if lacking:
        raise UnsafeStart("not started: " + " ".join(lacking))
    if may_be_unsafe(known, address=address):
        return
    wrong = [*_listening_in_the_clear(known, address, name), *reasons(known)]
    if wrong:
        told = "\n".join(f"  ✗ {sentence}" for sentence in wrong)
        message = f"not started, because it would not be safe for real people's data:\n{told}"
        raise UnsafeStart(message)


def may_be_unsafe(known: Configuration, *, address: str) -> bool:
    """Whether it is the demo city, or a trial that nobody else can reach: on loopback, with no public address."""
    return known.demo or (address in LOOPBACK and not known.public_url and not known.proxy)


def _listening_in_the_clear(known: Configuration, address: str, name: str) -> Iterator[str]:
    """Whoever listens for other machines speaks TLS, or is said to be alone with the proxy in front."""
    if address not in LOOPBACK and known.tls is None and name not in known.plain_hosts:
        yield (
            f"tongban {name} would listen at {address} without TLS: give TONGBAN_TLS_CERTIFICATE and TONGBAN_TLS_KEY, "
            f"or name {name} in TONGBAN_PLAIN_HOSTS if nobody is between it and the proxy in front."
        )


def reasons(known: Configuration) -> Iterator[str]:
    """Return each thing that is unsafe, as a sentence that says what to do."""
    yield from _wrong_switches(known)
    yield from _open_ways(known)
    yield from _ways_in_the_clear(known)
    yield from _passwords_that_never_change(known)
    yield from _parts_left_out(known)
    yield from _weak_secrets(known)
    yield from _keys_lie_open(known.var / "secrets")
    yield from _tls_key_lies_open(known)
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
    if known.second_factor == "off":
        yield "TONGBAN_SECOND_FACTOR is off: a password alone would open an official's account."
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


def _ways_in_the_clear(known: Configuration) -> Iterator[str]:
    """What leads to another machine speaks TLS and compares the certificate, or is said to be alone with it."""
    allowed = LOOPBACK | known.plain_hosts
    for name, login in _logins(known):
        for host in login.hosts:
            if not host.startswith("/") and host not in allowed and login.options.get("sslmode") != "verify-full":
                yield f"{name} leads to {host} without sslmode=verify-full: anybody between could read and answer."
    mail = urlsplit(known.email_url)
    if mail.scheme == "smtp" and mail.hostname not in allowed:
        yield f"TONGBAN_EMAIL_URL leads to {mail.hostname} without TLS: say smtps:// or smtp+tls://."
    scanner = known.clamd.rpartition(":")[0].strip("[]")
    if scanner and scanner not in allowed:
        yield (
            f"TONGBAN_CLAMD leads to {scanner}, and clamd speaks no TLS: put it on this machine, or a tunnel, or name "
            "the host in TONGBAN_PLAIN_HOSTS if nobody else is on the way."
        )


def _passwords_that_never_change(known: Configuration) -> Iterator[str]:
    """Over a net PostgreSQL is shown a client certificate: a password could be carried off, and lasts for ever."""
    allowed = LOOPBACK | known.password_hosts
    for name, login in _logins(known):
        for host in login.hosts:
            if not host.startswith("/") and host not in allowed and login.by_password_alone:
                yield (
                    f"{name} opens {host} by a password that never changes: show a client certificate (sslcert, "
                    "sslkey). Between containers of one machine name the host in TONGBAN_PASSWORD_HOSTS."
                )


def _logins(known: Configuration) -> list[tuple[str, Login]]:
    logins = known.database
    if logins is None or known.embedded:
        return []
    own = [] if logins.owner == logins.app else [("DATABASE_OWNER_URL", logins.owner)]
    return [("DATABASE_URL", logins.app), *own]


def untrusted_certificate(public_url: str) -> Iterator[str]:
    """Say whether browsers would trust the certificate of the public address. Asks over the net: not at each start."""
    public = urlsplit(public_url)
    if public.scheme != "https" or not public.hostname:
        return
    try:
        with (
            socket.create_connection((public.hostname, public.port or HTTPS_PORT), timeout=5) as line,
            ssl.create_default_context().wrap_socket(line, server_hostname=public.hostname),
        ):
            return
    except ssl.SSLCertVerificationError as untrusted:
        yield f"TONGBAN_PUBLIC_URL: browsers do not trust the certificate: {untrusted.verify_message}."
    except OSError as silent:
        sys.stderr.write(f"The certificate of {public.hostname} could not be looked at: {type(silent).__name__}\n")


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


def _tls_key_lies_open(known: Configuration) -> Iterator[str]:
    """The group may read it, as stores of secrets lay it down; the rest of the world may not."""
    if known.tls is not None and stat.S_IMODE(known.tls.key.stat().st_mode) & 0o007:
        yield f"TONGBAN_TLS_KEY: {known.tls.key} can be read by everybody: chmod 640 {known.tls.key}"


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
