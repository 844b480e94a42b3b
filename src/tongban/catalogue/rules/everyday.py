"""What people call things: the shipped table, from the official words of a name to everyday words."""

import re
from functools import cache
from importlib.resources import files

import yaml

_BRACKETS = re.compile(r"[((【].*?[))】]")
Phrases = tuple[tuple[str, ...], ...]
"""Alternatives, each a set of words that must all occur."""


@cache
def _table() -> tuple[tuple[Phrases, tuple[str, ...]], ...]:
    text = files("tongban.catalogue").joinpath("words/everyday.yaml").read_text(encoding="utf-8")
    return tuple(
        (tuple(tuple(choice.split()) for choice in str(official).split("|")), tuple(map(str, everyday)))
        for official, everyday in yaml.safe_load(text).items()
    )


def everyday_names_for(name: str) -> tuple[str, ...]:
    """Return what people call the matter of this name, each once, in the order of the table."""
    found: dict[str, None] = {}
    name = f"{name} {_BRACKETS.sub('', name)}"
    for alternatives, everyday in _table():
        if any(all(word in name for word in words) for words in alternatives):
            found.update(dict.fromkeys(everyday))
    return tuple(found)


@cache
def all_everyday_names() -> tuple[str, ...]:
    """Return every everyday name of the table once, for suggestions."""
    return tuple(dict.fromkeys(name for _official, everyday in _table() for name in everyday))
