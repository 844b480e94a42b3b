"""The code of the previous release, taken from the history, with what is built but not kept in it."""

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.operate.place import Place

ROOT = Path(__file__).resolve().parents[2]
BASELINE = (Path(__file__).parent / "baseline.txt").read_text(encoding="ascii").strip()
BUILT = ("src/tongban/base/static/built", "src/tongban/papers/fonts/built")
FEWER = ("PEOPLE, DRAFTS_EACH = 8, 25", "PEOPLE, DRAFTS_EACH = 3, 6")


def old_code(folder: Path) -> Path:
    """Lay the baseline's code into a folder; returns what to put before everything on Python's path."""
    if not (ROOT / ".git").exists():
        pytest.skip("no history here to take the previous release from")
    taken = subprocess.run(
        ["/usr/bin/env", "git", "archive", "--format=zip", BASELINE, "src", "tests/crash"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert taken.returncode == 0, f"the history lacks the previous release: {taken.stderr.decode()}"
    with zipfile.ZipFile(io.BytesIO(taken.stdout)) as archive:
        archive.extractall(folder)
    for name in BUILT:
        shutil.copytree(ROOT / name, folder / name, dirs_exist_ok=True)
    for compiled in (ROOT / "src").rglob("*.mo"):
        place = folder / compiled.relative_to(ROOT)
        if place.parent.exists():
            shutil.copy2(compiled, place)
    prepare = folder / "tests" / "crash" / "prepare.py"
    told = prepare.read_text(encoding="utf-8")
    assert FEWER[0] in told
    prepare.write_text(told.replace(*FEWER), encoding="utf-8")
    return folder / "src"


def with_old_code(place: Place, source: Path) -> Place:
    """Return the same place as the previous release works in it."""
    old = Place(place.folder, place.database)
    old.environment = place.environment | {"PYTHONPATH": str(source)}
    return old
