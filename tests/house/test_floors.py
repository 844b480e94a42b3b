"""Code knows only what lies below it."""

import subprocess
import sys
from pathlib import Path

from django.apps import apps
from django.db import models

from tests.house.house import ROOT, SOURCES, floor_of, imports, name_of, room_of, rooms, sources

DOORS = frozenset({"actions", "queries", "rules", "events", "errors", "kinds", "providers"})
MOUNTING = frozenset({"site", "portal", "api"})
"""Doors of the house: they mount the pages and addresses that rooms offer."""
MOUNTED = frozenset({"web", "api", "door", "urls"})


def test_rooms_import_downwards() -> None:
    found = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout


def test_every_room_has_a_floor() -> None:
    folders = {path.name for path in SOURCES.iterdir() if (path / "__init__.py").exists()}
    assert folders == set(rooms())


def test_rooms_are_entered_by_their_doors() -> None:
    wrong = [
        f"{name_of(path)}:{found.line} enters {found.room} by {found.module or 'the wall'}"
        for path in sources()
        if room_of(path) in rooms()
        for found in imports(path)
        if not _is_a_door(room_of(path), found.room, found.module, for_types=found.for_types)
    ]
    assert not wrong, "\n".join(wrong)


def _is_a_door(inside: str, room: str, module: str, *, for_types: bool) -> bool:
    if room in {inside, "base"} or module in DOORS:
        return True
    if inside in MOUNTING and module in MOUNTED:
        return True
    return module == "models" and for_types


def test_foreign_keys_point_down() -> None:
    wrong = []
    for model in apps.get_models():
        for field in model._meta.get_fields():
            target = field.related_model
            if not isinstance(field, models.ForeignKey | models.ManyToManyField) or not isinstance(target, type):
                continue
            here, there = model._meta.app_label, target._meta.app_label
            if here in rooms() and here != there and (there not in rooms() or floor_of(there) >= floor_of(here)):
                wrong.append(f"{model._meta.label}.{field.name} → {target._meta.label}")
    assert not wrong, "\n".join(wrong)
