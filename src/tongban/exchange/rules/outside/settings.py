"""What a steward declares of an outside source. It is data: names of tables, columns, paths; never a statement."""

import re
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from tongban.base.kept_json import can_be_kept
from tongban.exchange.rules.outside import paths
from tongban.exchange.rules.outside.places import PORTS, NoPlace, origin_of

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

MOST_SECONDS = 20
MOST_FIELDS = 200
SAFE_OPTIONS = frozenset({"sslmode", "charset", "driver", "Encrypt", "TrustServerCertificate"})
"""Of the options of an address only these: others could name another host, a file or a program."""
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,252})|[0-9A-Fa-f:]{2,45}")
_DATABASE = re.compile(r"[\w.$-]{1,128}")
_USER = re.compile(r"[\w.@\\$-]{1,128}")
_DRIVER = re.compile(r"[A-Za-z0-9 ._-]{1,80}")
_PLACEHOLDER = re.compile(r"\{([a-z_]*)\}")
PLACEHOLDERS = frozenset({"number", "identity_kind", "fields", "valid_on"})
SQLITE = "sqlite"

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[^\x00-\x1f\x7f]+$")]


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as wrong:
        raise ValueError(_("There is no such time zone.")) from wrong
    return name


class Declared(BaseModel, ABC):
    """What all declare: where each item is found, in which zone times are, how long to wait."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    fields: dict[Code, Name] = Field(min_length=1, max_length=MOST_FIELDS)
    zone: Annotated[str, AfterValidator(_zone)] = "Asia/Shanghai"
    yuan: tuple[Code, ...] = ()
    identity_kinds: tuple[Code, ...] = ("resident_identity_card",)
    seconds: Annotated[int, Field(ge=1, le=MOST_SECONDS)] = 5

    @property
    @abstractmethod
    def place(self) -> str:
        """Return the origin or folder, which the operator must have allowed."""


class SqlSettings(Declared):
    """A table or view of a SQL database, by SQLAlchemy address; the password is among the secrets."""

    address: Annotated[str, StringConstraints(max_length=500)]
    table_schema: Name | None = None
    table: Name
    number_column: Name
    valid_from_column: Name | None = None
    valid_to_column: Name | None = None
    most_records: Annotated[int, Field(ge=1, le=1000)] = 100

    @property
    def url(self) -> "URL":
        """Return the address as SQLAlchemy takes it, still without password. Raises ValueError."""
        from sqlalchemy.engine import make_url  # noqa: PLC0415 - 25 MB of each process that asks no database
        from sqlalchemy.exc import ArgumentError  # noqa: PLC0415

        try:
            return make_url(self.address)
        except ArgumentError as wrong:
            raise ValueError(
                _("This is no address of a database, such as postgresql://user@host:5432/name.")
            ) from wrong

    @property
    def place(self) -> str:
        """Return the origin of the server, or the file."""
        url = self.url
        if url.get_backend_name() == SQLITE:
            return f"file://{url.database}"
        return origin_of(url.get_backend_name(), url.host or "", url.port)

    @model_validator(mode="after")
    def _checked(self) -> "SqlSettings":
        _check_address(self.url)
        if self.valid_to_column and not self.valid_from_column:
            raise ValueError(_("Please name the column of the first day, too."))
        return self


def _check_address(url: "URL") -> None:
    if url.password is not None:
        raise ValueError(
            _("Please leave the password out of the address: it has a field of its own and is kept sealed.")
        )
    if unsafe := set(url.query) - SAFE_OPTIONS:
        raise ValueError(
            _("These options of the address are not taken: %(names)s") % {"names": " ".join(sorted(unsafe))}
        )
    if any(not isinstance(one, str) or not _DRIVER.fullmatch(one) for one in url.query.values()):
        raise ValueError(_("The options of the address may have letters, digits, dots and hyphens."))
    if url.get_backend_name() == SQLITE:
        if not (url.database or "").startswith("/") or ".." in str(url.database) or "?" in str(url.database):
            raise ValueError(_("Please give the whole path of the file."))
        return
    known = _HOST.fullmatch(url.host or "") and _DATABASE.fullmatch(url.database or "")
    if not known or not _USER.fullmatch(url.username or ""):
        raise ValueError(_("The address names one user, one host and one database: postgresql://user@host:5432/name."))
    try:
        origin_of(url.get_backend_name(), url.host or "", url.port)
    except NoPlace as wrong:
        raise ValueError(_("Please say the port of the database.")) from wrong


def _path(text: str) -> str:
    try:
        paths.parsed(text)
    except paths.WrongPath as wrong:
        message = _("%(path)s is no path, such as person.names[0].") % {"path": text[:60]}
        raise ValueError(message) from wrong
    return text


class RestSettings(Declared):
    """A REST service that answers JSON. What is asked stands in the address or in the body, at placeholders."""

    url: Annotated[str, StringConstraints(max_length=1000, pattern=r"^[\x21-\x7e]+$")]
    method: Literal["GET", "POST"] = "GET"
    body: dict[str, Any] | None = None
    fields: dict[Code, Annotated[Name, AfterValidator(_path)]] = Field(min_length=1, max_length=MOST_FIELDS)
    records: Annotated[str, StringConstraints(max_length=200), AfterValidator(_path)] = ""
    header: Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,59}$")] | None = None
    nothing: tuple[Annotated[int, Field(ge=200, le=499)], ...] = (404,)
    known_extras: tuple[Name, ...] = ()
    may_lack: tuple[Code, ...] = ()
    largest: Annotated[int, Field(ge=1024, le=8 * 1024 * 1024)] = 1024 * 1024
    most_records: Annotated[int, Field(ge=1, le=1000)] = 100

    @property
    def origin(self) -> str:
        """Return scheme, host and port as they are asked: a port that goes without saying is not said."""
        scheme, _, rest = self.place.partition("://")
        return f"{scheme}://{rest.removesuffix(f':{PORTS[scheme]}')}"

    @property
    def place(self) -> str:
        """Return the origin, which the operator must have allowed."""
        parts = urlsplit(self.url)
        return origin_of(parts.scheme, parts.hostname or "", parts.port)

    @model_validator(mode="after")
    def _checked(self) -> "RestSettings":
        _check_url(self.url)
        if (self.method == "POST") != (self.body is not None):
            raise ValueError(_("A body belongs to POST, and only to POST."))
        if self.body is not None and not can_be_kept(self.body):
            raise ValueError(_("This is no JSON object."))
        named = set(_PLACEHOLDER.findall(self.url)) | (_named_in(self.body) if self.body else set())
        if unknown := named - PLACEHOLDERS:
            raise ValueError(_("There is no such placeholder: %(names)s") % {"names": " ".join(sorted(unknown))})
        if "number" not in named:
            raise ValueError(_("The number of whom is asked about must stand somewhere: {number}."))
        if (self.header or "").lower() in {"host", "content-length", "transfer-encoding", "connection"}:
            raise ValueError(_("This header is set by us."))
        return self


def _check_url(text: str) -> None:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as wrong:
        raise ValueError(_("This is no address.")) from wrong
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(parts.hostname or ""):
        raise ValueError(_("The address begins with https:// and the name of a host."))
    if parts.username is not None or parts.fragment or "{" in parts.netloc:
        raise ValueError(_("The address has neither a user nor a fragment, and its host is always the same."))
    if any(step in {".", ".."} for step in parts.path.split("/")):
        raise ValueError(_("The path of the address goes straight on."))
    origin_of(parts.scheme, parts.hostname or "", port)


def _named_in(value: object) -> set[str]:
    if isinstance(value, dict):
        return {name for one in value.values() for name in _named_in(one)}
    if isinstance(value, list):
        return {name for one in value for name in _named_in(one)}
    return set(_PLACEHOLDER.findall(value)) if isinstance(value, str) else set()


class DropSettings(Declared):
    """A file with values parted by a sign that is dropped into a folder, whole, again and again."""

    folder: Annotated[str, StringConstraints(max_length=300, pattern=r"^/[^\x00]*$")]
    file: Annotated[str, StringConstraints(max_length=120, pattern=r"^[^/\x00]+$")]
    encoding: Literal["utf-8", "gb18030"] = "utf-8"
    parted_by: Literal[",", ";", "\t", "|"] = ","
    number_heading: Name
    largest: Annotated[int, Field(ge=1024, le=1024**3)] = 200 * 1024 * 1024
    least_rows: Annotated[int, Field(ge=0, le=5_000_000)] = 1
    most_rows: Annotated[int, Field(ge=1, le=5_000_000)] = 1_000_000
    bad_rows: Annotated[int, Field(ge=0, le=10_000)] = 0
    settle_seconds: Annotated[int, Field(ge=0, le=3600)] = 10

    @property
    def place(self) -> str:
        """Return the folder, which the operator must have allowed."""
        return f"file://{self.folder.rstrip('/')}"

    @model_validator(mode="after")
    def _checked(self) -> "DropSettings":
        if ".." in self.folder.split("/") or self.file in {".", ".."} or self.file.startswith("."):
            raise ValueError(_("Please give the whole path of the folder and the name of the file."))
        return self


def problems_of(wrong: ValidationError) -> dict[str, list[str]]:
    """Return sentences by the field of the settings."""
    found: dict[str, list[str]] = {}
    for one in wrong.errors(include_url=False, include_input=False):
        place = ".".join(str(step) for step in one["loc"] if step != "[key]")
        ours = one.get("ctx", {}).get("error") if one["type"] == "value_error" else None
        found.setdefault(place, []).append(str(ours) if ours else _SENTENCES.get(one["type"], _unfit)())
    return found


def _unfit() -> str:
    return _("This is not as it must be.")


def _missing() -> str:
    return _("Please fill this in.")


_SENTENCES = {"missing": _missing, "string_too_short": _missing, "too_short": _missing}
