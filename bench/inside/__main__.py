"""`python -m bench.inside`: answers calls from standard input until it ends."""

import json
import os
import sys
from importlib import import_module

from tongban.site.commands.surroundings import set_up_rooms

MODULES = frozenset(
    {
        "people",
        "drafts",
        "reviews",
        "samples",
        "books",
        "forms",
        "look_ups",
        "memories",
        "neighbours",
        "sealing",
        "addresses",
        "strangers",
    }
)


def answer(name: str, arguments: dict[str, object]) -> object:
    """Call one of our functions."""
    module, _dot, function = name.partition(".")
    if module not in MODULES:
        raise LookupError(name)
    return getattr(import_module(f"bench.inside.{module}"), function)(**arguments)


def main() -> None:
    """Answer until nobody asks. What is printed by others goes to the log, so that answers stay readable."""
    with os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8") as out:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        set_up_rooms()
        for line in sys.stdin:
            name, arguments = json.loads(line)
            out.write(json.dumps(answer(name, arguments), default=str) + "\n")
            out.flush()


if __name__ == "__main__":
    main()
