"""The house as its files show it: rooms, floors, imports."""

import ast
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "src" / "tongban"


@cache
def floors() -> tuple[frozenset[str], ...]:
    """Return the floors from the ground up, as the contract of import-linter names them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    return tuple(frozenset(name.strip() for name in layer.split("|")) for layer in reversed(layers))


@cache
def rooms() -> tuple[str, ...]:
    """Return the rooms that exist, from the ground up."""
    return tuple(room for floor in floors() for room in sorted(floor) if (SOURCES / room).is_dir())


def floor_of(room: str) -> int:
    """Return the number of a room's floor; the ground is 0."""
    return next(number for number, floor in enumerate(floors()) if room in floor)


def sources(*, with_tests: bool = False) -> list[Path]:
    """Return the Python files of all rooms, without migrations."""
    skipped = {"migrations"} if with_tests else {"migrations", "tests"}
    return [path for path in sorted(SOURCES.rglob("*.py")) if not skipped & set(path.relative_to(SOURCES).parts)]


def name_of(path: Path) -> str:
    """Return a file's path as a reader would say it."""
    return path.relative_to(ROOT).as_posix()


def room_of(path: Path) -> str:
    """Return the room a file lies in."""
    return path.relative_to(SOURCES).parts[0]


@dataclass(frozen=True)
class Import:
    """One import of something in another room: `tongban.<room>.<module>…`."""

    line: int
    room: str
    module: str
    for_types: bool


def imports(path: Path) -> Iterator[Import]:
    """Go through what a file imports from the house; `for_types`: under TYPE_CHECKING."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typed = {id(part) for node in ast.walk(tree) if _is_type_checking(node) for part in ast.walk(node)}
    for node in ast.walk(tree):
        for target in _targets(node):
            parts = target.split(".")
            if parts[0] == "tongban" and len(parts) > 1:
                module = parts[2] if len(parts) > 2 else ""
                yield Import(getattr(node, "lineno", 0), parts[1], module, id(node) in typed)


def _targets(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        if node.module.count(".") < 2:
            return [f"{node.module}.{alias.name}" for alias in node.names]
        return [node.module]
    return []


def _is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)


@cache
def tracked() -> tuple[Path, ...]:
    """Return the files of the repository."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)  # noqa: S607
    paths = (ROOT / name for name in listed.stdout.decode().split("\0") if name)
    return tuple(path for path in paths if path.is_file())
