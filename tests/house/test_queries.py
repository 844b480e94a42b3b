"""A query only asks: nothing in it can write, for actions alone do."""

import ast

from tests.house.house import SOURCES, name_of, sources

ASKING = frozenset({"queries", "queries.py", "rules", "rules.py"})


def test_no_query_and_no_rule_calls_an_action() -> None:
    wrong = [
        f"{name_of(path)}:{node.lineno} {ast.unparse(node)}"
        for path in sources()
        if ASKING.intersection(path.relative_to(SOURCES).parts[1:2])
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom | ast.Import) and _names_actions(node)
    ]
    assert not wrong, "\n".join(wrong)


def _names_actions(node: ast.ImportFrom | ast.Import) -> bool:
    places = [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        places = [f"{node.module}.{place}" for place in places]
    return any("actions" in place.split(".") for place in places if place.startswith("tongban."))
