"""Files and runs for tests of the import."""

import json
from pathlib import Path
from typing import Any

from tongban.base.actor import SYSTEM
from tongban.catalogue import actions, queries
from tongban.catalogue.actions import Report
from tongban.catalogue.guide import Guide
from tongban.catalogue.tests.conftest import DATA, NOW


def taken_in(*paths: Path, **more: Any) -> Report:
    return actions.import_guides(actor=SYSTEM, paths=list(paths), now=NOW, **more)


def guide(code: str) -> Guide:
    return queries.published(code).guide


def written(folder: Path, name: str, content: object) -> Path:
    path = folder / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False), "utf-8")
    return path


def changed_fixture(folder: Path, **changes: object) -> Path:
    document = json.loads((DATA / "guides" / "hezuo-canting.json").read_text("utf-8"))
    return written(folder, "guide.json", document | changes)
