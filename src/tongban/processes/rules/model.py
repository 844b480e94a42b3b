"""A process as this house understands it: what remains of a BPMN file once everything else is refused."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from tongban.calendar.rules import Unit

Kind = Literal["start", "end", "user", "manual", "exclusive", "parallel"]

LEAD = "lead"
"""The organisation that leads the case; any other value is the slug of another department."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer that a step offers: its code for conditions, its words for people."""

    code: str
    name: str
    name_en: str = ""


AGREE_OR_OBJECT = (Choice("agree", "同意", "Agree"), Choice("object", "不同意", "Object"))
DONE = (Choice("done", "已完成", "Done"),)


@dataclass(frozen=True, slots=True)
class StepLimit:
    """How long a step may take 环节时限: so much of a unit, or so many percent of the limit of the whole matter."""

    value: int
    unit: Unit | Literal["percent"]


@dataclass(frozen=True, slots=True)
class Node:
    """An event, a step or a gateway. `lane` is the Chinese name of its lane, `default` the flow taken otherwise."""

    id: str
    kind: Kind
    name: str = ""
    name_en: str = ""
    role: str = ""
    organisation: str = LEAD
    choices: tuple[Choice, ...] = ()
    default: str = ""
    lane: str = ""
    limit: StepLimit | None = None

    @property
    def is_step(self) -> bool:
        """Whether an official does it."""
        return self.kind in ("user", "manual")


@dataclass(frozen=True, slots=True)
class Flow:
    """An arrow. `condition` is an expression over form, situation, applicant and outcomes."""

    id: str
    source: str
    target: str
    name: str = ""
    name_en: str = ""
    condition: str = ""


@dataclass(frozen=True)
class Model:
    """A process: nodes and flows in the order of the file."""

    name: str
    nodes: tuple[Node, ...]
    flows: tuple[Flow, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Node]:
        """Nodes by their ids."""
        return {node.id: node for node in self.nodes}

    @cached_property
    def outgoing(self) -> Mapping[str, tuple[Flow, ...]]:
        """Flows that leave each node."""
        return {node.id: tuple(flow for flow in self.flows if flow.source == node.id) for node in self.nodes}

    @cached_property
    def incoming(self) -> Mapping[str, tuple[Flow, ...]]:
        """Flows that lead to each node."""
        return {node.id: tuple(flow for flow in self.flows if flow.target == node.id) for node in self.nodes}

    @property
    def steps(self) -> Iterator[Node]:
        """Nodes that officials do, in the order of the file."""
        return (node for node in self.nodes if node.is_step)

    def reached_from(self, start: str) -> frozenset[str]:
        """Return the ids of all nodes that can be reached, the start among them."""
        return _reached(start, {key: [flow.target for flow in flows] for key, flows in self.outgoing.items()})

    def leading_to(self, end: str) -> frozenset[str]:
        """Return the ids of all nodes from which the end can be reached, the end among them."""
        return _reached(end, {key: [flow.source for flow in flows] for key, flows in self.incoming.items()})


def _reached(start: str, following: Mapping[str, list[str]]) -> frozenset[str]:
    seen, waiting = {start}, [start]
    while waiting:
        for target in following[waiting.pop()]:
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return frozenset(seen)


_WORD = re.compile(r"\w+")


def data_asked_for(model: Model, data: Mapping[str, object]) -> dict[str, object]:
    """Return the part of the data that a condition may ask for: values whose names stand in some condition.

    So a run keeps no more of a person's data than it needs (个人信息保护法 art. 6).
    """
    words = {word for flow in model.flows for word in _WORD.findall(flow.condition)}
    kept: dict[str, object] = {}
    for part, values in data.items():
        if part in words:
            kept[part] = _named(values, words) if isinstance(values, Mapping) else values
    return kept


def _named(values: Mapping[str, object], words: set[str]) -> dict[str, object]:
    return {key: value for key, value in values.items() if set(_WORD.findall(key)) <= words}
