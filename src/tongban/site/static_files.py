"""Style, script and pictures are gathered, hashed and compressed once for each set of sources."""

import hashlib
import io
from pathlib import Path

from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect_if_stale(var: Path) -> bool:
    """Gather the static files into `var/static` unless they are those of last time; returns whether it was done."""
    note = var / "static-sources"
    sources = _sources()
    if note.exists() and note.read_text(encoding="ascii") == sources:
        return False
    call_command("collectstatic", interactive=False, clear=True, verbosity=0, stdout=io.StringIO())
    note.write_text(sources, encoding="ascii")
    return True


def _sources() -> str:
    """Return a digest of names, sizes and times of all static files."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: str(found[0])):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
