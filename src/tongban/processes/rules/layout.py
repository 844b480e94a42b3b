"""Where everything stands in the picture: a layered layout (Sugiyama's way), small and of our own.

Along the *main* axis nodes stand in layers, each after those that lead to it; across it, nodes of a layer are put in
an order with few crossings. Long arrows are led through their layers by points, arrows that turn back run outside.
Everything is reckoned once for both directions: `right` (main axis to the right) and `down`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import fmean
from typing import Literal

from tongban.processes.rules.model import Flow, Model
from tongban.processes.rules.shapes import in_order, turning_back

Direction = Literal["right", "down"]
Point = tuple[float, float]

ROUNDS = 8
KINK = 14.0
LANE = 18.0
"""Pixels between two arrows that run side by side."""


@dataclass(frozen=True, slots=True)
class Size:
    """Room that a node needs along and across; `shape` is how far its outline reaches along the main axis."""

    main: float
    cross: float
    shape: float
    shape_cross: float


@dataclass(frozen=True, slots=True)
class Gaps:
    """Room between layers, and between nodes of a layer."""

    main: float
    cross: float


@dataclass
class Layout:
    """The result: centres of nodes, corners of arrows, and the size of the whole (main, cross).

    `ends_far` are nodes whose far side (below, or on the right) an arrow that turns back leaves or reaches.
    """

    centres: dict[str, Point]
    arrows: dict[str, list[Point]]
    length: float
    breadth: float
    ends_far: frozenset[str]


@dataclass
class _Sketch:
    """Layers being ordered: names of nodes and of the points that lead long arrows through layers."""

    layers: list[list[str]]
    sizes: dict[str, Size]
    before: dict[str, list[str]] = field(default_factory=dict)
    after: dict[str, list[str]] = field(default_factory=dict)
    chains: dict[str, list[str]] = field(default_factory=dict)


def lay_out(model: Model, sizes: Mapping[str, Size], gaps: Gaps) -> Layout:
    """Return where nodes and arrows stand, as (main, cross) coordinates beginning at 0."""
    back = turning_back(model)
    sketch = _sketch(model, back, sizes)
    _order(sketch)
    cross = _spread(sketch, gaps)
    main, length = _along(sketch, gaps)
    layer_of = {name: index for index, layer in enumerate(sketch.layers) for name in layer}
    centres = {name: (main[layer_of[name]], cross[name]) for name in cross}
    arrows = {key: _forward(chain, centres, sketch, gaps) for key, chain in sketch.chains.items()}
    breadth = max(cross[name] + sketch.sizes[name].cross / 2 for name in cross)
    turning = [flow for flow in model.flows if flow.id in back]
    near = [flow for flow in turning if _free_side(flow, sketch) == "near"]
    for lane, flow in enumerate(near, start=1):
        arrows[flow.id] = _around(flow, centres, sketch.sizes, -lane * LANE)
    far = [flow for flow in turning if flow not in near]
    for lane, flow in enumerate(far, start=1):
        arrows[flow.id] = _around(flow, centres, sketch.sizes, breadth + lane * LANE)
    shift, rest = (_lanes(flows) for flows in (near, far))
    nodes = {node.id: _moved(centres[node.id], shift) for node in model.nodes}
    shifted = {key: [_moved(point, shift) for point in points] for key, points in arrows.items()}
    ends_far = frozenset(end for flow in far for end in (flow.source, flow.target))
    return Layout(nodes, shifted, length, shift + breadth + rest, ends_far)


def _lanes(flows: Sequence[Flow]) -> float:
    return (len(flows) + 1) * LANE if flows else 0


def _moved(point: Point, across: float) -> Point:
    return point[0], point[1] + across


def _free_side(flow: Flow, sketch: _Sketch) -> Literal["near", "far"]:
    """Return the side on which an arrow that turns back passes fewer others on its way out."""
    passed = {"near": 0, "far": 0}
    for layer in sketch.layers:
        for end in {flow.source, flow.target}.intersection(layer):
            passed["near"] += layer.index(end)
            passed["far"] += len(layer) - 1 - layer.index(end)
    return "near" if passed["near"] <= passed["far"] else "far"


def _sketch(model: Model, back: frozenset[str], sizes: Mapping[str, Size]) -> _Sketch:
    layer = _layers(model, back)
    sketch = _Sketch([[] for _ in range(max(layer.values()) + 1)], dict(sizes))
    for node in in_order(model, back):
        sketch.layers[layer[node]].append(node)
    for flow in model.flows:
        if flow.id not in back:
            _chain(flow, layer, sketch)
    return sketch


def _layers(model: Model, back: frozenset[str]) -> dict[str, int]:
    """Return each node's layer: one behind the last of those that lead to it."""
    found: dict[str, int] = {}
    for node in in_order(model, back):
        before = [found[flow.source] for flow in model.incoming[node] if flow.id not in back]
        found[node] = max(before, default=-1) + 1
    return found


def _chain(flow: Flow, layer: Mapping[str, int], sketch: _Sketch) -> None:
    """Lead an arrow through the layers between its ends by points of its own."""
    names = [flow.source]
    for index in range(layer[flow.source] + 1, layer[flow.target]):
        point = f"{flow.id}/{index}"
        sketch.sizes[point] = Size(0, LANE, 0, 0)
        sketch.layers[index].append(point)
        names.append(point)
    names.append(flow.target)
    sketch.chains[flow.id] = names
    for one, other in pairwise(names):
        sketch.after.setdefault(one, []).append(other)
        sketch.before.setdefault(other, []).append(one)


def _order(sketch: _Sketch) -> None:
    """Order each layer by the mean place of its neighbours, forwards and backwards in turn."""
    for turn in range(ROUNDS):
        forwards = turn % 2 == 0
        neighbours = sketch.before if forwards else sketch.after
        for layer in sketch.layers if forwards else reversed(sketch.layers):
            places = _places(sketch.layers)
            layer.sort(key=lambda name: _mean([places[each] for each in neighbours.get(name, [])], places[name]))


def _places(layers: Sequence[Sequence[str]]) -> dict[str, float]:
    return {name: place - (len(layer) - 1) / 2 for layer in layers for place, name in enumerate(layer)}


def _mean(values: Sequence[float], otherwise: float) -> float:
    return fmean(values) if values else otherwise


def _spread(sketch: _Sketch, gaps: Gaps) -> dict[str, float]:
    """Return the place of each node across: near the middle of its neighbours, never nearer than the gap."""
    cross = {name: 0.0 for layer in sketch.layers for name in layer}
    for layer in sketch.layers:
        _apart(layer, cross, sketch, gaps)
    for turn in range(ROUNDS):
        forwards = turn % 2 == 0
        for layer in sketch.layers if forwards else reversed(sketch.layers):
            for name in layer:
                near = sketch.before.get(name, []) if forwards else sketch.after.get(name, [])
                cross[name] = _mean([cross[each] for each in near], cross[name])
            _apart(layer, cross, sketch, gaps)
    for layer in sketch.layers:
        _straighten(layer, cross, sketch, gaps)
    first = min(cross[name] - sketch.sizes[name].cross / 2 for name in cross)
    return {name: place - first for name, place in cross.items()}


def _straighten(layer: Sequence[str], cross: dict[str, float], sketch: _Sketch, gaps: Gaps) -> None:
    """Take out small kinks: a node that stands nearly level with the only one before it is put level with it."""
    for place, name in enumerate(layer):
        before = sketch.before.get(name, [])
        if len(before) != 1 or abs(cross[before[0]] - cross[name]) > KINK:
            continue
        level = cross[before[0]]
        beside = [*layer[max(0, place - 1) : place], *layer[place + 1 : place + 2]]
        if all(abs(cross[each] - level) >= _room(each, name, sketch, gaps) for each in beside):
            cross[name] = level


def _room(one: str, other: str, sketch: _Sketch, gaps: Gaps) -> float:
    """Return how far apart two neighbours in a layer must stand, from middle to middle."""
    return (sketch.sizes[one].cross + sketch.sizes[other].cross) / 2 + gaps.cross


def _apart(layer: Sequence[str], cross: dict[str, float], sketch: _Sketch, gaps: Gaps) -> None:
    """Push the nodes of a layer apart in their order, and move them together so that their mean stays."""
    wished = _mean([cross[name] for name in layer], 0)
    for one, other in pairwise(layer):
        cross[other] = max(cross[other], cross[one] + _room(one, other, sketch, gaps))
    moved = _mean([cross[name] for name in layer], 0) - wished
    for name in layer:
        cross[name] -= moved


def _along(sketch: _Sketch, gaps: Gaps) -> tuple[list[float], float]:
    """Return the middle of each layer on the main axis, and the whole length."""
    middles, reached = [], 0.0
    for layer in sketch.layers:
        width = max(sketch.sizes[name].main for name in layer)
        middles.append(reached + width / 2)
        reached += width + gaps.main
    return middles, reached - gaps.main


def _forward(chain: Sequence[str], centres: Mapping[str, Point], sketch: _Sketch, gaps: Gaps) -> list[Point]:
    """Return the corners of an arrow: straight along, and across only between two layers."""
    begin, end = centres[chain[0]], centres[chain[-1]]
    corners = [(begin[0] + sketch.sizes[chain[0]].shape / 2, begin[1])]
    for one, other in pairwise(chain):
        if abs(centres[one][1] - centres[other][1]) > 0.5:  # noqa: PLR2004 - less than a pixel is no bend
            between = _bend(one, other, centres, sketch, gaps)
            corners += [(between, centres[one][1]), (between, centres[other][1])]
    corners.append((end[0] - sketch.sizes[chain[-1]].shape / 2, end[1]))
    return corners


def _bend(one: str, other: str, centres: Mapping[str, Point], sketch: _Sketch, gaps: Gaps) -> float:
    """Return where between two layers an arrow bends: where ways part near their source, else near their target."""
    layer = next(layer for layer in sketch.layers if one in layer)
    following = next(layer for layer in sketch.layers if other in layer)
    ends = max(centres[name][0] + sketch.sizes[name].main / 2 for name in layer)
    begins = min(centres[name][0] - sketch.sizes[name].main / 2 for name in following)
    parts = len(sketch.after.get(one, [])) > 1
    return ends + gaps.main * 0.3 if parts else begins - gaps.main * 0.4


def _around(flow: Flow, centres: Mapping[str, Point], sizes: Mapping[str, Size], outside: float) -> list[Point]:
    """Lead an arrow that turns back around everything, along a line outside."""
    side = 1 if outside > 0 else -1
    begin, end = (
        (centres[name][0], centres[name][1] + side * sizes[name].shape_cross / 2) for name in (flow.source, flow.target)
    )
    return [begin, (begin[0], outside), (end[0], outside), end]


def turned(points: Iterable[Point], direction: Direction) -> list[Point]:
    """Return (main, cross) points as (x, y)."""
    return [(main, cross) if direction == "right" else (cross, main) for main, cross in points]
