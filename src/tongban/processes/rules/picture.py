"""The picture of a process as SVG, for people: names in the reader's language, no script, no style, no outside link.

Colours stand in `static/processes/picture.css`; attributes give a plain look where that is not loaded.
"""

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongban.base.templatetags.words import in_chinese
from tongban.organisations.rules import ROLES
from tongban.processes.rules.layout import Direction, Gaps, Layout, Point, Size, lay_out, turned
from tongban.processes.rules.lettering import lines_of, width_of
from tongban.processes.rules.model import LEAD, Flow, Model, Node
from tongban.processes.rules.shapes import steps_in_order

STEP_WIDTH = 152.0
TEXT = 15.0
SMALL = 12.5
LINE = 1.35
EVENT = 36.0
GATEWAY = 44.0
PADDING = 12.0
MARGIN = 6.0
CORNER = 7.0


def draw(
    model: Model,
    *,
    direction: Direction = "right",
    key: str = "p",
    done: frozenset[str] = frozenset(),
    waiting: frozenset[str] = frozenset(),
) -> str:
    """Return the picture. `key` keeps ids apart on a page; steps done and waiting are marked, by words as well."""
    sizes = {node.id: _size(node, direction) for node in model.nodes}
    layout = lay_out(model, sizes, _gaps(model, direction))
    width, height = turned([(layout.length, layout.breadth)], direction)[0]
    width = _with_labels(model, layout, direction, width)
    parts = [
        _opening(model, width, height, key, direction),
        *(_arrow(flow, layout, direction, key) for flow in model.flows),
        *(_shape(node, layout, direction, done, waiting) for node in model.nodes),
        *(_flow_label(flow, layout, direction) for flow in model.flows),
        "</svg>",
    ]
    return "".join(parts)


def spoken(model: Model) -> str:
    """Return the steps in one sentence, for those who hear the picture."""
    turns: dict[int, list[str]] = {}
    for step in steps_in_order(model):
        turns.setdefault(step.turn, []).append(_said(step.name, step.name_en))
    joined = [pgettext("steps in a sentence", " together with ").join(names) for names in turns.values()]
    if not joined:
        return _("No review is needed: it is decided at once.")
    return _("Steps in order: %(steps)s.") % {"steps": pgettext("steps in a sentence", ", then ").join(joined)}


def _said(name: str, name_en: str) -> str:
    return name if in_chinese() or not name_en else name_en


def _gaps(model: Model, direction: Direction) -> Gaps:
    """Leave room between layers for the words on arrows."""
    words = [width_of(_said(flow.name, flow.name_en), SMALL) for flow in model.flows if flow.name]
    if direction == "right":
        return Gaps(main=max(52.0, max(words, default=0) + 34), cross=26)
    return Gaps(main=58 if words else 40, cross=20)


def _size(node: Node, direction: Direction) -> Size:
    if node.is_step:
        width, height = STEP_WIDTH, _step_height(node)
        shape = (width, height)
    else:
        side = GATEWAY if node.kind in ("exclusive", "parallel") else EVENT
        shape, label = (side, side), _label(node)
        if direction == "right":
            width = max([side, *(width_of(line, SMALL) for line in label)])
            height = side + 2 * len(label) * SMALL * LINE + (8 if label else 0)
        else:
            width = side + 2 * (max((width_of(line, SMALL) for line in label), default=0) + (8 if label else 0))
            height = side
    if direction == "right":
        return Size(width, height, *shape)
    return Size(height, width, shape[1], shape[0])


def _label(node: Node) -> list[str]:
    return lines_of(_said(node.name, node.name_en), SMALL, 104)


def _step_lines(node: Node) -> tuple[list[str], list[str]]:
    inside = STEP_WIDTH - 2 * PADDING
    return lines_of(_said(node.name, node.name_en), TEXT, inside), lines_of(_who(node), SMALL, inside)


def _step_height(node: Node) -> float:
    names, who = _step_lines(node)
    return 2 * PADDING + len(names) * TEXT * LINE + len(who) * SMALL * LINE + 2


def _who(node: Node) -> str:
    """Return who does a step: its lane where it has one, else the role; another department is said."""
    role = str(ROLES[node.role].words) if node.role in ROLES else node.role
    if node.lane and in_chinese():
        return node.lane
    return role if node.organisation == LEAD else _("%(role)s · another department") % {"role": role}


def _with_labels(model: Model, layout: Layout, direction: Direction, width: float) -> float:
    """Return the width with the words on arrows, which may stand out on the right."""
    labels = [flow for flow in model.flows if flow.name]
    reach = [_label_place(flow, layout, direction)[0] + width_of(_text(flow), SMALL) / 2 for flow in labels]
    if direction == "down":
        reach = [_label_place(flow, layout, direction)[0] + width_of(_text(flow), SMALL) + 4 for flow in labels]
    return max([width, *reach])


def _text(flow: Flow) -> str:
    return _said(flow.name, flow.name_en)


def _opening(model: Model, width: float, height: float, key: str, direction: Direction) -> str:
    title = _("How it runs: %(name)s") % {"name": model.name} if model.name else _("How it runs")
    box = f"{-MARGIN:g} {-MARGIN:g} {width + 2 * MARGIN:.0f} {height + 2 * MARGIN:.0f}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="tb-process tb-process--{direction}" role="img" viewBox="{box}"'
        f' width="{width + 2 * MARGIN:.0f}" height="{height + 2 * MARGIN:.0f}" font-size="{TEXT:g}"'
        f' aria-labelledby="title-{key}-{direction} desc-{key}-{direction}">'
        f'<title id="title-{key}-{direction}">{escape(title)}</title>'
        f'<desc id="desc-{key}-{direction}">{escape(spoken(model))}</desc>'
        f'<defs><marker id="tip-{key}-{direction}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8"'
        ' markerHeight="8" orient="auto"><path class="tb-process__tip" d="M0 1 9 5 0 9z" fill="#5b6b73"/>'
        "</marker></defs>"
    )


def _arrow(flow: Flow, layout: Layout, direction: Direction, key: str) -> str:
    path = _rounded(turned(layout.arrows[flow.id], direction))
    return (
        f'<path class="tb-process__flow" d="{path}" fill="none" stroke="#5b6b73" stroke-width="1.6"'
        f' marker-end="url(#tip-{key}-{direction})"/>'
    )


def _rounded(points: list[Point]) -> str:
    """Return a path through the points whose corners are rounded."""
    parts = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        enter, leave = _towards(corner, before), _towards(corner, after)
        parts.append(f"L{enter[0]:.1f} {enter[1]:.1f}Q{corner[0]:.1f} {corner[1]:.1f} {leave[0]:.1f} {leave[1]:.1f}")
    parts.append(f"L{points[-1][0]:.1f} {points[-1][1]:.1f}")
    return "".join(parts)


def _towards(corner: Point, other: Point) -> Point:
    """Return the point at most a corner's radius, or half the way, from the corner to the other point."""
    length = abs(other[0] - corner[0]) + abs(other[1] - corner[1])
    share = min(CORNER, length / 2) / length if length else 0
    return corner[0] + (other[0] - corner[0]) * share, corner[1] + (other[1] - corner[1]) * share


def _flow_label(flow: Flow, layout: Layout, direction: Direction) -> str:
    if not flow.name:
        return ""
    x, y = _label_place(flow, layout, direction)
    anchor = "middle" if direction == "right" else "start"
    return _lettering([_text(flow)], x, y, SMALL, "tb-process__word", anchor=anchor, colour="#3d4b52")


def _label_place(flow: Flow, layout: Layout, direction: Direction) -> Point:
    """Return where the words of an arrow stand: over its first long piece along the main axis."""
    points = layout.arrows[flow.id]
    pieces = [pair for pair in pairwise(points) if abs(pair[0][0] - pair[1][0]) > CORNER]
    begin, end = max(pieces[:2] or [(points[0], points[1])], key=lambda pair: abs(pair[0][0] - pair[1][0]))
    main, cross = begin[0], begin[1]
    room = abs(end[0] - begin[0])
    if direction == "right":
        return main + (min(room, 60) / 2 if end[0] > begin[0] else -room / 2), cross - 6 - SMALL * 0.2
    return cross + 6, main + min(room / 2, 18) * (1 if end[0] > begin[0] else -1) + SMALL * 0.35


def _shape(node: Node, layout: Layout, direction: Direction, done: frozenset[str], waiting: frozenset[str]) -> str:
    x, y = turned([layout.centres[node.id]], direction)[0]
    if node.is_step:
        return _step(node, x, y, done, waiting)
    label = _node_label(node, x, y, direction, other_side=node.id in layout.ends_far)
    if node.kind in ("start", "end"):
        heavy = 3.5 if node.kind == "end" else 1.8
        circle = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{EVENT / 2 - heavy / 2:g}" fill="#fff" stroke="#14606b"'
        return f'{circle} stroke-width="{heavy:g}" class="tb-process__{node.kind}"/>{label}'
    return _gateway(node, x, y) + label


def _gateway(node: Node, x: float, y: float) -> str:
    half = GATEWAY / 2
    outline = f"M{x:.1f} {y - half:.1f}l{half} {half}l-{half} {half}l-{half} -{half}z"
    sign = (
        "M{0:.1f} {1:.1f}m-8 0h16m-8 -8v16" if node.kind == "parallel" else "M{0:.1f} {1:.1f}m-6 -6l12 12m0 -12l-12 12"
    )
    return (
        f'<path class="tb-process__gateway" d="{outline}" fill="#fff7e6" stroke="#9a6a00" stroke-width="1.6"/>'
        f'<path class="tb-process__sign" d="{sign.format(x, y)}" fill="none" stroke="#9a6a00" stroke-width="2.4"/>'
    )


def _step(node: Node, x: float, y: float, done: frozenset[str], waiting: frozenset[str]) -> str:
    state = "done" if node.id in done else "waiting" if node.id in waiting else ""
    names, who = _step_lines(node)
    height = _step_height(node)
    left, top = x - STEP_WIDTH / 2, y - height / 2
    classes = f"tb-process__step{f' tb-process__step--{state}' if state else ''}{_other(node)}"
    dashes = ' stroke-dasharray="6 4"' if node.organisation != LEAD else ""
    fill = {"done": "#e3f3ea", "waiting": "#fff1cc"}.get(state, "#eef6f7")
    box = (
        f'<rect class="{classes}" x="{left:.1f}" y="{top:.1f}" width="{STEP_WIDTH:g}" height="{height:.1f}" rx="10"'
        f' fill="{fill}" stroke="#14606b" stroke-width="{2.6 if state == "waiting" else 1.6}"'
        f"{dashes}/>"
    )
    first = top + PADDING + TEXT
    text = _lettering(names, x, first, TEXT, "tb-process__name", bold=True)
    below = first + len(names) * TEXT * LINE - (TEXT - SMALL) / 2
    return box + text + _lettering(who, x, below, SMALL, "tb-process__who", colour="#3d4b52") + _mark(state, left, top)


def _other(node: Node) -> str:
    return " tb-process__step--other" if node.organisation != LEAD else ""


def _mark(state: str, left: float, top: float) -> str:
    """Say by a sign, not by colour alone, that a step is done or waits."""
    if not state:
        return ""
    x, y = left + STEP_WIDTH - 4, top + 4
    words = pgettext("mark of a step", "done") if state == "done" else pgettext("mark of a step", "waiting")
    sign = "m-5 0l4 4l7 -8" if state == "done" else "m0 -6v6l4 3"
    return (
        f'<g class="tb-process__mark tb-process__mark--{state}"><title>{escape(words)}</title>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="11" fill="{"#1b7a4b" if state == "done" else "#9a6a00"}"/>'
        f'<path d="M{x:.1f} {y:.1f}{sign}" fill="none" stroke="#fff" stroke-width="2.2"/></g>'
    )


def _node_label(node: Node, x: float, y: float, direction: Direction, *, other_side: bool) -> str:
    """Write the name of an event or gateway below it (or beside it), on the other side where an arrow comes."""
    lines = _label(node)
    half = (GATEWAY if node.kind in ("exclusive", "parallel") else EVENT) / 2
    if direction == "right":
        above = y - half - 6 - (len(lines) - 1) * SMALL * LINE
        return _lettering(lines, x, above if other_side else y + half + 4 + SMALL, SMALL, "tb-process__label")
    first = y - (len(lines) - 1) * SMALL * LINE / 2 + SMALL * 0.36
    place, anchor = (x - half - 8, "end") if other_side else (x + half + 8, "start")
    return _lettering(lines, place, first, SMALL, "tb-process__label", anchor=anchor)


def _lettering(
    lines: Iterable[str],
    x: float,
    y: float,
    size: float,
    css: str,
    *,
    anchor: str = "middle",
    colour: str = "#13242b",
    bold: bool = False,
) -> str:
    attributes = {"class": css, "font-size": f"{size:g}", "text-anchor": anchor, "fill": colour}
    if bold:
        attributes["font-weight"] = "600"
    return "".join(_line(line, x, y + place * size * LINE, attributes) for place, line in enumerate(lines))


def _line(text: str, x: float, y: float, attributes: Mapping[str, str]) -> str:
    given = "".join(_attributes(attributes))
    return f'<text x="{x:.1f}" y="{y:.1f}"{given}>{escape(text)}</text>'


def _attributes(values: Mapping[str, str]) -> Iterator[str]:
    return (f' {name}="{value}"' for name, value in values.items())
