"""Every address of the house, for the attack: read from the house itself, so that a new page is attacked by itself."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

import tongban

_ASKED = re.compile(r'GET\.get(?:list)?\(\s*"(\w+)"')
SAMPLES = {
    "uuid": "00000000-0000-7000-8000-000000000000", "uuidstr": "00000000-0000-7000-8000-000000000000", "int": "1",
    "slug": "x", "str": "x", "path": "x",
}  # fmt: skip


def all_of_them() -> list[dict[str, Any]]:
    """Return each page: its route, who may, a path of its form, and whether it takes arguments."""
    found = []
    for route, pattern in patterns(get_resolver()):
        if route.startswith("api/"):
            continue
        found.append(
            {
                "route": route,
                "access": str(getattr(pattern.callback, "access", "")),
                "path": "/" + _sample(route, pattern),
                "plain": not pattern.pattern.converters and "<" not in route,
                "exempt": bool(getattr(pattern.callback, "csrf_exempt", False)),
            }
        )
    return found


def routes_of(paths: list[str]) -> list[str]:
    """Return the routes that these paths belong to."""
    found = set()
    for path in paths:
        try:
            found.add(resolve(path).route)
        except Resolver404:
            continue
    return sorted(found)


def arguments_in(paths: list[str]) -> dict[str, list[str]]:
    """Return the values of arguments that stand in these paths, by the name of the argument."""
    found: dict[str, dict[str, None]] = {}
    for path in paths:
        try:
            arguments = resolve(path).kwargs
        except Resolver404:
            continue
        for name, value in arguments.items():
            found.setdefault(name, {})[str(value)] = None
    return {name: list(values) for name, values in found.items()}


def names_asked() -> list[str]:
    """Return the names that any page reads from its address, as the code of the rooms has them."""
    rooms = Path(tongban.__file__).parent
    files = (file for file in sorted(rooms.glob("*/**/*.py")) if "tests" not in file.parts)
    return sorted({name for file in files for name in _ASKED.findall(file.read_text(encoding="utf-8"))})


def patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Go through all addresses below a resolver, each with its whole route."""
    for one in resolver.url_patterns:
        route = before + str(one.pattern).removeprefix("^").removesuffix("$")
        if isinstance(one, URLResolver):
            yield from patterns(one, route)
        else:
            yield route, one


def _sample(route: str, pattern: URLPattern) -> str:
    path = route
    for name in pattern.pattern.converters:
        spelled = next(piece for piece in path.split("/") if f":{name}>" in piece or f"<{name}>" in piece)
        argument = spelled[spelled.index("<") : spelled.index(">") + 1]
        kind = argument[1:-1].partition(":")[0] if ":" in argument else "str"
        path = path.replace(argument, SAMPLES.get(kind, "x"), 1)
    return path
