"""Every room has the same floor plan, and nothing that hides what it holds."""

import ast
import re

from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.template.engine import Engine
from django.template.library import import_library

from tests.house.house import ROOT, SOURCES, name_of, rooms, sources

EMPTY_WORDS = frozenset(
    {"utils", "helpers", "helper", "common", "manager", "managers", "misc", "services", "util", "signals"}
)
SIGNALS = frozenset({"django.dispatch", "django.db.models.signals", "django.core.signals"})
MOST_LINES = 400
README_LINES = 60
_LOADED = re.compile(r"{% load ([^%]+?) %}")


def test_every_room_says_what_is_in_it() -> None:
    wrong = [room for room in rooms() if not (SOURCES / room / "README.md").exists()]
    assert not wrong, f"without a README: {wrong}"


def test_a_readme_is_short() -> None:
    long = [
        f"{name_of(path)}: {lines} lines"
        for path in SOURCES.glob("*/README.md")
        if path.parent.name != "base" and (lines := len(path.read_text(encoding="utf-8").splitlines())) > README_LINES
    ]
    assert not long, "\n".join(long)


def test_no_module_has_an_empty_name() -> None:
    wrong = [
        name_of(path) for path in sources(with_tests=True) if EMPTY_WORDS & {path.stem, *path.relative_to(ROOT).parts}
    ]
    assert not wrong, "\n".join(wrong)


def test_no_file_is_too_long() -> None:
    long = [
        f"{name_of(path)}: {lines} lines"
        for path in sources(with_tests=True)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    ]
    assert not long, "\n".join(long)


def test_there_are_no_generic_foreign_keys() -> None:
    wrong = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.private_fields
        if isinstance(field, GenericForeignKey) and model._meta.app_label in rooms()
    ]
    assert not wrong, "\n".join(wrong)


def test_news_rises_as_events_and_not_as_signals() -> None:
    wrong = [
        f"{name_of(path)}:{node.lineno} {alias.name}"
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module in SIGNALS
        for alias in node.names
        if alias.name not in {"receiver", "post_migrate"}  # what belongs to a release is loaded after migrating
        if name_of(path) != "src/tongban/base/fresh.py"  # asks whether a library listens, sends and hears none
    ]
    assert not wrong, "\n".join(wrong)


def test_actions_are_given_the_time() -> None:
    asking = {"timezone.now", "datetime.now", "datetime.utcnow", "date.today"}
    wrong = [
        f"{name_of(path)}:{node.lineno} {ast.unparse(node.func)}"
        for path in sources()
        if name_of(path) != "src/tongban/base/clock.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in asking
    ]
    assert not wrong, "\n".join(wrong)


def test_no_tag_of_one_library_hides_another() -> None:
    """Of two libraries that a template loads, the later one wins without a word."""
    engine = Engine.get_default()
    libraries = {name: import_library(path) for name, path in engine.libraries.items()}
    wrong = []
    for path in sorted(SOURCES.rglob("*.html")):
        loaded = [name for line in _LOADED.findall(path.read_text(encoding="utf-8")) for name in line.split()]
        known = dict[str, str]()
        for name in dict.fromkeys(loaded):
            for tag in {*libraries[name].tags, *libraries[name].filters} if name in libraries else ():
                first = known.setdefault(tag, name)
                wrong += [f"{path}: {tag} of {first} and {name}"] if first != name else []
    assert not wrong, "\n".join(wrong)
