"""Administrative divisions from a file: JSON (a tree or a list) or CSV with the columns code and name."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from tongban.base.actor import Actor
from tongban.base.text import clean_line
from tongban.organisations import rules
from tongban.organisations.actions.bodies import require_operator
from tongban.organisations.actions.reading import file_text
from tongban.organisations.actions.report import ImportReport, Problem
from tongban.organisations.errors import NotReadable
from tongban.organisations.models import Region

BATCH = 4000
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Division:
    """A division as a file says it."""

    code: str
    name: str
    parent: str | None


def import_divisions(*, actor: Actor, path: Path, now: datetime, dry_run: bool = False) -> ImportReport:
    """Take in the divisions of a file. A second run changes nothing; a broken row is reported and the rest goes in.

    Codes of 2 to 9 digits are filled with zeros to twelve. A place that stands in the file twice because it has no
    counties (441900 under 4419) is one region. Raises NotReadable, Forbidden.
    """
    require_operator(actor)
    report = ImportReport(dry_run=dry_run)
    found = _divisions(_read(path), report)
    known = {region.code: region for region in Region.objects.all()}
    fresh, changed = [], []
    for division in found.values():
        region = known.get(division.code)
        wanted = Region(
            code=division.code, name=division.name, level=rules.level_of(division.code), parent_id=division.parent
        )
        if region is None:
            fresh.append(wanted)
        elif (region.name, region.parent_id) != (wanted.name, wanted.parent_id):
            changed.append(wanted)
        else:
            report.unchanged += 1
    report.added = [f"{region.code} {region.name}" for region in fresh]
    report.changed = [f"{region.code} {known[region.code].name} → {region.name}" for region in changed]
    report.missing = [f"{code} {region.name}" for code, region in known.items() if code not in found]
    if not dry_run:
        _write(fresh, changed)
    return report


@transaction.atomic
def _write(fresh: list[Region], changed: list[Region]) -> None:
    """Write parents before children."""
    for level in sorted(set(rules.LEVEL_BY_LENGTH.values())):
        of_level = [region for region in fresh if region.level == level]
        Region.objects.bulk_create(of_level, batch_size=BATCH)
    Region.objects.bulk_update(changed, ["name", "level", "parent"], batch_size=500)


def _read(path: Path) -> Any:  # noqa: ANN401 - any JSON
    text = file_text(path)
    if path.suffix.lower() == ".csv":
        return list(csv.DictReader(io.StringIO(text)))
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as fault:
        message = f"{path}: not JSON ({type(fault).__name__})"
        raise NotReadable(message) from fault


def _divisions(document: Any, report: ImportReport) -> dict[str, Division]:  # noqa: ANN401 - any JSON
    rows = document if isinstance(document, list) else [document]
    found: dict[str, Division] = {}
    for where, row, above in _walk(rows, "row ", None):
        division = _division(where, row, above, report)
        if division is None:
            continue
        if division.code in found:
            report.merged.append(f"{division.code} {division.name}")
            continue
        found[division.code] = division
    return _with_parents(found, report)


def _walk(rows: list[Any], where: str, above: str | None) -> Iterator[tuple[str, Any, str | None]]:
    """Go through a tree from the top down, by a stack of our own: files may be nested deeper than Python's."""
    stack = [(f"{where}{number}", row, above) for number, row in enumerate(rows, start=1)]
    stack.reverse()
    while stack:
        place, row, parent = stack.pop()
        yield place, row, parent
        children = row.get("children") if isinstance(row, dict) else None
        if isinstance(children, list):
            code = str(row.get("code", ""))
            nested = [(f"{place}.{number}", child, code) for number, child in enumerate(children, start=1)]
            stack.extend(reversed(nested))


def _division(where: str, row: Any, above: str | None, report: ImportReport) -> Division | None:  # noqa: ANN401 - any JSON
    if not isinstance(row, dict):
        report.problems.append(Problem(where, "", "not an object with code and name"))
        return None
    name = clean_line(str(row.get("name") or ""))
    if not name or len(name) > LONGEST_NAME:
        report.problems.append(Problem(where, "name", f"missing, or longer than {LONGEST_NAME} characters"))
        return None
    try:
        code = rules.padded_code(str(row.get("code") or "").strip())
        parent = rules.padded_code(above) if above else rules.parent_code(code)
    except ValueError as wrong:
        report.problems.append(Problem(where, "code", str(wrong)))
        return None
    return Division(code, name, parent)


def _with_parents(found: dict[str, Division], report: ImportReport) -> dict[str, Division]:
    """Keep the divisions whose chain of parents is in the file, or known here from before."""
    known = set(Region.objects.values_list("code", flat=True))
    kept: dict[str, Division] = {}
    for division in sorted(found.values(), key=lambda one: rules.level_of(one.code)):
        parent = division.parent
        if parent == division.code:
            parent = rules.parent_code(division.code)
        while parent is not None and parent not in kept and parent not in known:
            parent = rules.parent_code(parent)  # a town right below a prefecture has no county between
        if parent is None and rules.level_of(division.code) > 1:
            report.problems.append(Problem(division.code, "code", "no province above it is known"))
            continue
        kept[division.code] = Division(division.code, division.name, parent)
    return kept
