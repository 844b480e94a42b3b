"""Where outside sources may be and webhooks may go: only what the operator has allowed, whatever a steward declares.

An entry is an origin (`https://host:port`, `postgresql://host:port`) or a folder (`file:///srv/drops`). Nothing is
allowed by default: otherwise whoever may declare a source could have our server ask any machine of the city's network.
"""

from collections.abc import Collection
from pathlib import PurePosixPath
from urllib.parse import urlsplit

PORTS = {"http": 80, "https": 443, "postgresql": 5432, "mysql": 3306, "mariadb": 3306, "oracle": 1521, "mssql": 1433}
FOLDER = "file"


class NoPlace(ValueError):  # noqa: N818 - says what is so
    """This is neither an origin nor a folder."""


def origin_of(scheme: str, host: str, port: int | None) -> str:
    """Return an origin as it is compared: small letters, the port always said."""
    name = host.lower().rstrip(".")
    known = port or PORTS.get(scheme.lower())
    if not name or known is None:
        said = f"{scheme}://{host}"
        raise NoPlace(said)
    return f"{scheme.lower()}://{f'[{name}]' if ':' in name else name}:{known}"


def place_of(entry: str) -> str:
    """Return an entry of the operator's in its form. Raises NoPlace."""
    try:
        parts = urlsplit(entry.strip())
        port = parts.port
    except ValueError as wrong:
        raise NoPlace(entry) from wrong
    if parts.scheme == FOLDER and not parts.netloc and parts.path.startswith("/") and ".." not in parts.path.split("/"):
        return f"{FOLDER}://{PurePosixPath(parts.path)}"
    if parts.username or parts.password or parts.path.strip("/") or parts.query or parts.fragment or not parts.hostname:
        raise NoPlace(entry)
    return origin_of(parts.scheme, parts.hostname, port)


def allows(allowed: Collection[str], origin: str) -> bool:
    """Whether an origin is among those allowed."""
    return origin in allowed


def allows_file(allowed: Collection[str], path: PurePosixPath) -> bool:
    """Whether a file or folder, its links followed already, lies in a folder that is allowed."""
    folders = [PurePosixPath(one.removeprefix(f"{FOLDER}://")) for one in allowed if one.startswith(f"{FOLDER}://")]
    return any(path == folder or folder in path.parents for folder in folders)


def folder_of(place: str) -> PurePosixPath | None:
    """Return the path of a place that is a folder or file; None of an origin."""
    return PurePosixPath(place.removeprefix(f"{FOLDER}://")) if place.startswith(f"{FOLDER}://") else None
