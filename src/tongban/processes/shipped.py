"""The BPMN texts that come with the product."""

from functools import cache
from pathlib import Path
from typing import Literal

from tongban.processes.errors import UnknownProcess

FOLDER = Path(__file__).parent / "bpmn"

DefaultKind = Literal["on_the_spot", "promised"]
DEFAULTS: dict[DefaultKind, str] = {"on_the_spot": "on-the-spot-default", "promised": "promised-default"}
"""The process of items without one of their own, by kind of case 办件类型."""


def codes() -> list[str]:
    """Return the codes of all processes that come with the product."""
    return sorted(path.stem for path in FOLDER.glob("*.bpmn"))


@cache
def text(code: str) -> str:
    """Return the BPMN text; raises UnknownProcess."""
    if code not in codes():
        raise UnknownProcess
    return (FOLDER / f"{code}.bpmn").read_text(encoding="utf-8")
