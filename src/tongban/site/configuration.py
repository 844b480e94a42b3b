"""All configuration, by environment, read once, in one place. `names.py` says what each name means.

Nothing is needed to begin: keys are made at the first start under `var/secrets`, and the database is the embedded one
unless `DATABASE_URL` names another.
"""

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Literal, cast, get_args
from urllib.parse import urlsplit

from tongban.base.limits import Allowance
from tongban.base.postgres.embedded import read_address
from tongban.base.postgres.login import Login, Logins
from tongban.base.postgres.roles import Roles
from tongban.exchange.rules.outside.places import NoPlace, place_of
from tongban.site.files_place import FilesPlace, NoSuchPlace
from tongban.site.limits import read_allowances
from tongban.site.names import NAMES

TRUE = frozenset({"1", "on", "true", "yes"})
FALSE = frozenset({"", "0", "off", "false", "no"})
KEY_BYTES = 32
FEED_KEY_BYTES = 64
OFF = "off"
SecondFactorOf = Literal["officials", "everybody", "off"]
"""Who signs in with a second factor always; all others may."""
MAY_BE_OFF = ("TONGBAN_EMAIL_URL", "TONGBAN_CLAMD")
"""Parts that an installation may do without, if it says so."""


class NotConfigured(Exception):  # noqa: N818 - a statement, read by an operator
    """A name in the environment has a value that cannot be used; the message says which and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """The jurisdiction as its residents know it; shown on every page."""

    name: str
    name_en: str
    contact_phone: str
    given: bool


@dataclass(frozen=True, slots=True)
class OwnTls:
    """What web and door show to the proxy in front of them: files of a certificate and its key."""

    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What one installation is told from outside."""

    var: Path
    files: FilesPlace
    secret_key: str = field(repr=False)
    data_keys: dict[int, bytes] = field(repr=False)
    index_keys: dict[int, bytes] = field(repr=False)
    feed_key: bytes = field(repr=False)
    ledger_key: bytes = field(repr=False)
    ledger_origin: str
    ledger_former_keys: tuple[str, ...]
    ledger_witnesses: tuple[tuple[str, str], ...]
    metrics_token: str = field(repr=False)
    database: Logins | None
    embedded: bool
    roles: Roles
    schema: str
    city: City
    public_url: str
    allowed_hosts: tuple[str, ...]
    proxy: bool
    office_hours: str
    email_url: str = field(repr=False)
    email_from: str
    clamd: str
    left_out: frozenset[str]
    demo: bool
    debug: bool
    web_threads: int
    worker_heartbeat: int
    allowances: dict[str, Allowance]
    session_idle: timedelta
    session_longest: timedelta
    second_factor: SecondFactorOf
    breached_passwords: Path | None
    plain_hosts: frozenset[str]
    password_hosts: frozenset[str]
    tls: OwnTls | None
    sources: frozenset[str]
    webhooks: frozenset[str]


def read(environment: Mapping[str, str]) -> Configuration:
    """Read the configuration; makes missing keys under `var/secrets`. Raises NotConfigured."""
    environment = with_secrets_from_files(environment)
    var = Path(environment.get("TONGBAN_VAR", "var")).resolve()
    demo = _flag(environment, "TONGBAN_DEMO")
    public_url = environment.get("TONGBAN_PUBLIC_URL", "").rstrip("/")
    return Configuration(
        var=var,
        files=_files(environment.get("TONGBAN_FILES_URL", ""), var),
        metrics_token=environment.get("TONGBAN_METRICS_TOKEN", ""),
        secret_key=environment.get("TONGBAN_SECRET_KEY") or _kept(var, "secret-key"),
        data_keys=_data_keys(environment.get("TONGBAN_DATA_KEYS", ""), var),
        index_keys=(index_keys := _index_keys(environment.get("TONGBAN_INDEX_KEY", ""), var)),
        feed_key=_feed_key(environment.get("TONGBAN_FEED_KEY", ""), var, index_keys),
        ledger_key=_ledger_key(environment.get("TONGBAN_LEDGER_KEY", ""), var),
        ledger_origin=_origin(environment, public_url),
        ledger_former_keys=tuple(filter(None, environment.get("TONGBAN_LEDGER_FORMER_KEYS", "").split(","))),
        ledger_witnesses=_witnesses(environment.get("TONGBAN_LEDGER_WITNESSES", "")),
        database=_database(environment, var),
        embedded=not environment.get("DATABASE_URL"),
        roles=Roles(
            owner=environment.get("TONGBAN_OWNER_ROLE", "tongban_owner"),
            app=environment.get("TONGBAN_APP_ROLE", "tongban_app"),
            gate=environment.get("TONGBAN_GATE_ROLE", "tongban_gate"),
        ),
        schema=environment.get("TONGBAN_JURISDICTION", "city"),
        city=City(
            name=environment.get("TONGBAN_CITY", "云汀市"),
            name_en=environment.get("TONGBAN_CITY_EN", "Yunting"),
            contact_phone=environment.get("TONGBAN_CONTACT_PHONE", "12345"),
            given="TONGBAN_CITY" in environment,
        ),
        public_url=public_url,
        allowed_hosts=_hosts(environment.get("TONGBAN_ALLOWED_HOSTS", "")),
        proxy=_flag(environment, "TONGBAN_BEHIND_PROXY"),
        office_hours=environment.get("TONGBAN_OFFICE_HOURS", ""),
        email_url=_unless_off(environment, "TONGBAN_EMAIL_URL"),
        email_from=environment.get("TONGBAN_EMAIL_FROM", "tongban@localhost"),
        clamd=_unless_off(environment, "TONGBAN_CLAMD"),
        left_out=frozenset(name for name in MAY_BE_OFF if environment.get(name) == OFF),
        demo=demo,
        debug=_flag(environment, "TONGBAN_DEBUG"),
        web_threads=_number(environment, "TONGBAN_WEB_THREADS", 3),
        worker_heartbeat=_number(environment, "TONGBAN_WORKER_HEARTBEAT", 3),
        allowances=_allowances(environment),
        session_idle=timedelta(minutes=_number(environment, "TONGBAN_SESSION_IDLE", 60)),
        session_longest=timedelta(minutes=_number(environment, "TONGBAN_SESSION_LONGEST", 12 * 60)),
        second_factor=_second_factor(environment.get("TONGBAN_SECOND_FACTOR", OFF if demo else "officials")),
        plain_hosts=_names(environment, "TONGBAN_PLAIN_HOSTS"),
        password_hosts=_names(environment, "TONGBAN_PASSWORD_HOSTS"),
        tls=_tls(environment),
        breached_passwords=_file(environment, "TONGBAN_BREACHED_PASSWORDS"),
        sources=_places(environment, "TONGBAN_SOURCES"),
        webhooks=_places(environment, "TONGBAN_WEBHOOKS"),
    )


def with_secrets_from_files(environment: Mapping[str, str]) -> Mapping[str, str]:
    """Return the environment with what lies in files: `NAME_FILE` names where a store of secrets has laid `NAME`.

    So systemd's credentials, Kubernetes' secrets and an agent of a vault hand them over: they are in no unit, and in
    the environment of no process. Raises NotConfigured.
    """
    laid_down = {}
    for one in filter(lambda name: name.secret, NAMES):
        path = environment.get(f"{one.name}_FILE")
        if path:
            try:
                laid_down[one.name] = Path(path).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as unreadable:
                message = f"{one.name}_FILE: {path} cannot be read."
                raise NotConfigured(message) from unreadable
    return {**environment, **laid_down} if laid_down else environment


def _flag(environment: Mapping[str, str], name: str) -> bool:
    value = environment.get(name, "").lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    message = f"{name} is {value!r}; say on or off."
    raise NotConfigured(message)


def _file(environment: Mapping[str, str], name: str) -> Path | None:
    value = environment.get(name)
    if not value:
        return None
    if not os.access(value, os.R_OK):
        message = f"{name}: {value} cannot be read."
        raise NotConfigured(message)
    return Path(value).resolve()


def _names(environment: Mapping[str, str], name: str) -> frozenset[str]:
    return frozenset(filter(None, map(str.strip, environment.get(name, "").split(","))))


def _tls(environment: Mapping[str, str]) -> OwnTls | None:
    names = ("TONGBAN_TLS_CERTIFICATE", "TONGBAN_TLS_KEY")
    certificate, key = (_file(environment, name) for name in names)
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        message = "TONGBAN_TLS_CERTIFICATE and TONGBAN_TLS_KEY: give both, or neither."
        raise NotConfigured(message)
    return OwnTls(certificate, key)


def _second_factor(value: str) -> SecondFactorOf:
    for asked_of in get_args(SecondFactorOf):
        if value == asked_of:
            return cast("SecondFactorOf", asked_of)
    message = f"TONGBAN_SECOND_FACTOR is {value!r}; say officials, everybody or off."
    raise NotConfigured(message)


def _places(environment: Mapping[str, str], name: str) -> frozenset[str]:
    """Return the places that a name allows. Raises NotConfigured."""
    try:
        return frozenset(place_of(one) for one in environment.get(name, "").split(",") if one.strip())
    except NoPlace as wrong:
        message = (
            f"{name}: {wrong} is neither an origin such as https://host:port nor a folder such as file:///srv/drops."
        )
        raise NotConfigured(message) from wrong


def _unless_off(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "")
    return "" if value == OFF else value


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    value = environment.get(name, str(default))
    if not value.isdecimal() or not int(value):
        message = f"{name} is {value!r}; say a whole number above zero."
        raise NotConfigured(message)
    return int(value)


def _allowances(environment: Mapping[str, str]) -> dict[str, Allowance]:
    try:
        return read_allowances(environment.get("TONGBAN_LIMITS", ""))
    except ValueError as wrong:
        message = f"TONGBAN_LIMITS: {wrong}."
        raise NotConfigured(message) from wrong


def _hosts(value: str) -> tuple[str, ...]:
    named = tuple(host.strip() for host in value.split(",") if host.strip())
    return named or ("localhost", "127.0.0.1", "[::1]")


def _database(environment: Mapping[str, str], var: Path) -> Logins | None:
    """Return the logins: those of the environment, else those of the embedded server, else None."""
    address = environment.get("DATABASE_URL")
    if not address:
        return read_address(var)
    owner = environment.get("DATABASE_OWNER_URL") or address
    return Logins(owner=Login.parse(owner), app=Login.parse(address))


def _files(value: str, var: Path) -> FilesPlace:
    try:
        return FilesPlace.parse(value, without=var / "files")
    except NoSuchPlace as wrong:
        raise NotConfigured(str(wrong)) from None


def _data_keys(value: str, var: Path) -> dict[int, bytes]:
    return _numbered_keys("TONGBAN_DATA_KEYS", "data-key", value, var)


def _numbered_keys(name: str, file: str, value: str, var: Path) -> dict[int, bytes]:
    """Return key number → key. It is said as `1:<64 hex digits>,2:…`; one alone need not be numbered in its file."""
    told = value or _kept(var, file)
    if ":" not in told and (not value or name == "TONGBAN_INDEX_KEY"):
        return {1: _key(name if value else str(var / "secrets" / file), told)}
    keys = {}
    for part in told.split(","):
        number, _, digits = part.strip().partition(":")
        if not number.isdecimal() or not 0 < int(number) < 256:  # noqa: PLR2004 - one byte
            message = f"{name}: say number:key, with numbers from 1 to 255, parted by commas."
            raise NotConfigured(message)
        keys[int(number)] = _key(name, digits)
    return keys


def _index_keys(value: str, var: Path) -> dict[int, bytes]:
    """Return one key, or two while it is turned over: their numbers follow on each other."""
    keys = _numbered_keys("TONGBAN_INDEX_KEY", "index-key", value, var)
    if len(keys) > 2 or max(keys) - min(keys) != len(keys) - 1:  # noqa: PLR2004 - the old and the new
        message = "TONGBAN_INDEX_KEY: one key, or while it is turned over two whose numbers follow on each other."
        raise NotConfigured(message)
    return keys


def _feed_key(value: str, var: Path, index_keys: Mapping[int, bytes]) -> bytes:
    """Return what names subjects to receivers of feeds: kept when the first index key goes, which it is made of."""
    kept = var / "secrets" / "feed-key"
    told = value or (kept.read_text(encoding="ascii").strip() if kept.exists() else "")
    if told:
        try:
            key = bytes.fromhex(told)
        except ValueError:
            key = b""
        if len(key) == FEED_KEY_BYTES:
            return key
        message = "TONGBAN_FEED_KEY: a key is 128 hexadecimal digits, as `tongban keys feed-key` prints it."
        raise NotConfigured(message)
    if 1 not in index_keys:
        message = "TONGBAN_FEED_KEY is missing: `tongban keys feed-key` prints it while index key 1 is still given."
        raise NotConfigured(message)
    return hmac.new(index_keys[1], b"exchange.subject_reference", hashlib.sha512).digest()


def _ledger_key(value: str, var: Path) -> bytes:
    name = "TONGBAN_LEDGER_KEY" if value else str(var / "secrets" / "ledger-key")
    return _key(name, value or _kept(var, "ledger-key"))


def _origin(environment: Mapping[str, str], public_url: str) -> str:
    """Return the name of the ledger to the world: where it is read, without the scheme."""
    here = urlsplit(public_url).netloc or "localhost"
    origin = environment.get("TONGBAN_LEDGER_ORIGIN") or f"{here}/ledger"
    if any(sign.isspace() or sign == "+" for sign in origin):
        message = f"TONGBAN_LEDGER_ORIGIN is {origin!r}: a name without spaces and without +."
        raise NotConfigured(message)
    return origin


def _witnesses(value: str) -> tuple[tuple[str, str], ...]:
    """Return the key and the address of each witness: `KEY ADDRESS`, parted by commas."""
    named = []
    for told in filter(None, map(str.strip, value.split(","))):
        key, _, address = told.partition(" ")
        if urlsplit(address.strip()).scheme not in {"http", "https"} or key.count("+") < 2:  # noqa: PLR2004 - name, id, material
            message = "TONGBAN_LEDGER_WITNESSES: say KEY ADDRESS for each, as `tongban ledger witness` prints it."
            raise NotConfigured(message)
        named.append((key, address.strip().rstrip("/")))
    return tuple(named)


def _key(name: str, digits: str) -> bytes:
    try:
        key = bytes.fromhex(digits)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        message = f"{name}: a key is 64 hexadecimal digits."
        raise NotConfigured(message)
    return key


def _kept(var: Path, name: str) -> str:
    """Return a key kept under `var/secrets`, made at the first start. Two processes starting at once agree on one."""
    path = var / "secrets" / name
    if not path.exists():
        keep_key(var, name, secrets.token_hex(KEY_BYTES))
    return path.read_text(encoding="ascii").strip()


def keep_key(var: Path, name: str, told: str) -> None:
    """Write a key under `var/secrets`, for this account alone, unless there is one already."""
    folder = var / "secrets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = folder / f".{name}-{secrets.token_hex(4)}"
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:  # noqa: PTH123 - a mode is wanted
        file.write(told)
        file.flush()
        os.fsync(file.fileno())
    try:
        (folder / name).hardlink_to(fresh)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
