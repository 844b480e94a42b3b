"""What readers want to know of a process: its steps in the order in which they come."""

from dataclasses import dataclass
from functools import lru_cache

from tongban.processes.rules.model import LEAD, Choice, Model, Node
from tongban.processes.rules.reading import read


@dataclass(frozen=True, slots=True)
class StepShape:
    """A step as readers see it. Steps of one `turn` (from 1) are done side by side."""

    step: str
    name: str
    name_en: str
    role: str
    organisation: str
    choices: tuple[Choice, ...]
    turn: int

    @property
    def by_another_office(self) -> bool:
        """Whether another department than the leading one does it."""
        return self.organisation != LEAD


def steps_in_order(model: Model) -> list[StepShape]:
    """Return the steps in the order in which they come; steps side by side have the same `turn`."""
    distance = turns(model)
    found = sorted(model.steps, key=lambda node: distance[node.id])
    return [_shape(node, distance[node.id]) for node in found]


def turns(model: Model) -> dict[str, int]:
    """Return for each node the number of steps on the longest way to it that does not turn back, itself included."""
    back = turning_back(model)
    found: dict[str, int] = {}
    for node in in_order(model, back):
        before = [found[flow.source] for flow in model.incoming[node] if flow.id not in back]
        found[node] = max(before, default=0) + model.by_id[node].is_step
    return found


def turning_back(model: Model) -> frozenset[str]:
    """Return the ids of the flows that lead back to an earlier node, found by walking from the start."""
    start = next(node.id for node in model.nodes if node.kind == "start")
    back, seen, path = set(), {start}, {start}
    walk = [(start, iter(model.outgoing[start]))]
    while walk:
        node, flows = walk[-1]
        flow = next(flows, None)
        if flow is None:
            walk.pop()
            path.discard(node)
        elif flow.target in path:
            back.add(flow.id)
        elif flow.target not in seen:
            seen.add(flow.target)
            path.add(flow.target)
            walk.append((flow.target, iter(model.outgoing[flow.target])))
    return frozenset(back)


def in_order(model: Model, back: frozenset[str]) -> list[str]:
    """Return the ids of all nodes, each after those that lead to it (flows that turn back left aside)."""
    waiting = {key: sum(flow.id not in back for flow in flows) for key, flows in model.incoming.items()}
    free = [node.id for node in model.nodes if not waiting[node.id]]
    ordered = []
    while free:
        node = free.pop(0)
        ordered.append(node)
        for flow in model.outgoing[node]:
            if flow.id not in back:
                waiting[flow.target] -= 1
                if not waiting[flow.target]:
                    free.append(flow.target)
    return ordered


@lru_cache(maxsize=500)
def model_of(bpmn: str) -> Model:
    """Return the model of a published BPMN text, which has been checked before; kept in memory."""
    return read(bpmn)


def _shape(node: Node, turn: int) -> StepShape:
    return StepShape(
        step=node.id,
        name=node.name,
        name_en=node.name_en,
        role=node.role,
        organisation=node.organisation,
        choices=node.choices,
        turn=turn,
    )
