"""Processes made by chance out of allowed pieces, and processes written for one test."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from hypothesis import strategies as some

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:tongban="urn:tongban:bpmn">'
)


def bpmn(*parts: str, name: str = "试") -> str:
    """Return a BPMN text with these parts in its process."""
    return f'{HEAD}<process id="p" name="{name}">{"".join(parts)}</process></definitions>'


def start() -> str:
    """Return a start event `s`."""
    return '<startEvent id="s" name="受理"/>'


def end() -> str:
    """Return an end event `e`."""
    return '<endEvent id="e" name="决定"/>'


def step(identifier: str, role: str = "review", more: str = "") -> str:
    """Return a user task."""
    return f'<userTask id="{identifier}" name="步骤{identifier}" tongban:role="{role}" {more}/>'


def flow(source: str, target: str, condition: str = "", name: str = "") -> str:
    """Return a sequence flow with the id source_target."""
    inner = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
    return f'<sequenceFlow id="{source}_{target}" name="{name}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'


def chain(*nodes: str) -> str:
    """Return flows from each to the next."""
    return "".join(flow(one, other) for one, other in pairwise(nodes))


def line(*steps: str) -> str:
    """Return a process of steps one after the other."""
    return bpmn(start(), *(step(each) for each in steps), end(), chain("s", *steps, "e"))


@dataclass
class Drawn:
    """A process being put together, and what a run of it must do: how often each step, with which answers given.

    Each loop is gone through `repeats` times more; at choices the `chosen` ways are taken in turn.
    """

    repeats: int
    chosen: list[bool]
    parts: list[str] = field(default_factory=list)
    count: int = 0
    times: Counter[str] = field(default_factory=Counter)
    asked: set[str] = field(default_factory=set)
    form: dict[str, str] = field(default_factory=dict)

    def new(self, letter: str) -> str:
        """Return an id nobody has."""
        self.count += 1
        return f"{letter}{self.count}"


Block = tuple[str, tuple["Block", ...]]
"""A piece: step, sequence of pieces, pieces side by side, a choice between two, or a loop around one."""

some_blocks: some.SearchStrategy[Block] = some.recursive(
    some.just(("step", ())),
    lambda inner: some.one_of(
        some.tuples(some.just("sequence"), some.lists(inner, min_size=1, max_size=3).map(tuple)),
        some.tuples(some.just("parallel"), some.lists(inner, min_size=2, max_size=3).map(tuple)),
        some.tuples(some.just("choice"), some.tuples(inner, inner)),
        some.tuples(some.just("loop"), some.tuples(inner)),
    ),
    max_leaves=8,
)


def written(block: Block, repeats: int, chosen: list[bool]) -> tuple[str, Drawn]:
    """Return the block as BPMN, and what a run of it must do."""
    drawn = Drawn(repeats, chosen)
    first, last = _write(block, drawn, 1)
    return bpmn(start(), *drawn.parts, end(), flow("s", first), flow(last, "e")), drawn


def _write(block: Block, drawn: Drawn, times: int) -> tuple[str, str]:
    kind, inner = block
    if kind == "step":
        identifier = drawn.new("t")
        drawn.parts.append(step(identifier))
        drawn.times[identifier] += times
        return identifier, identifier
    if kind == "sequence":
        ends = [_write(each, drawn, times) for each in inner]
        drawn.parts += [flow(one[1], other[0]) for one, other in pairwise(ends)]
        return ends[0][0], ends[-1][1]
    if kind == "loop":
        return _write_loop(inner[0], drawn, times)
    return _write_choice(inner, drawn, times) if kind == "choice" else _write_parallel(inner, drawn, times)


def _write_parallel(inner: tuple[Block, ...], drawn: Drawn, times: int) -> tuple[str, str]:
    fork, join = drawn.new("g"), drawn.new("g")
    drawn.parts += [f'<parallelGateway id="{fork}"/>', f'<parallelGateway id="{join}"/>']
    for first, last in [_write(each, drawn, times) for each in inner]:
        drawn.parts += [flow(fork, first), flow(last, join)]
    return fork, join


def _write_choice(inner: tuple[Block, ...], drawn: Drawn, times: int) -> tuple[str, str]:
    opening, closing = drawn.new("g"), drawn.new("g")
    taken = drawn.chosen[drawn.count % len(drawn.chosen)]
    drawn.form[opening] = "x" if taken else "y"
    one = _write(inner[0], drawn, times if taken else 0)
    other = _write(inner[1], drawn, 0 if taken else times)
    drawn.parts += [
        f'<exclusiveGateway id="{opening}" default="{opening}_{other[0]}"/>',
        f'<exclusiveGateway id="{closing}"/>',
        flow(opening, one[0], f"form.{opening} == 'x'"),
        flow(opening, other[0]),
        flow(one[1], closing),
        flow(other[1], closing),
    ]
    return opening, closing


def _write_loop(inner: Block, drawn: Drawn, times: int) -> tuple[str, str]:
    """Do the inner piece, ask, and do it again while the answer is `object`."""
    before, ask, after = drawn.new("g"), drawn.new("t"), drawn.new("g")
    rounds = times * (drawn.repeats + 1)
    first, last = _write(_without_parallel(inner), drawn, rounds)
    drawn.times[ask] += rounds
    drawn.asked.add(ask)
    drawn.parts += [
        f'<exclusiveGateway id="{before}"/>',
        step(ask),
        f'<exclusiveGateway id="{after}" default="{after}_out"/>',
        f'<exclusiveGateway id="{after}x"/>',
        f'<sequenceFlow id="{after}_out" sourceRef="{after}" targetRef="{after}x"/>',
        flow(before, first),
        flow(last, ask),
        flow(ask, after),
        flow(after, before, f"outcomes.{ask} == 'object'"),
    ]
    return before, f"{after}x"


def _without_parallel(block: Block) -> Block:
    """Loops do not lead through parallel ways: what stood side by side stands in a row."""
    kind, inner = block
    return ("sequence" if kind == "parallel" else kind), tuple(_without_parallel(each) for each in inner)
