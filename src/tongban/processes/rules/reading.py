"""BPMN text → Model. Whatever this house does not run is refused by name, so that nothing is silently left out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from tongban.base.text import clean_line
from tongban.calendar.rules import Unit
from tongban.processes.errors import WrongModel
from tongban.processes.rules.model import (
    AGREE_OR_OBJECT,
    DONE,
    LEAD,
    Choice,
    Flow,
    Kind,
    Model,
    Node,
    StepLimit,
)

LARGEST = 512 * 1024
"""Bytes of a BPMN text. A process of a hundred nodes with its drawing has about 60 KiB."""
MOST_NODES = 100
LONGEST_NAME = 60
LONGEST_LIMIT = 1000
UNITS: Final[tuple[Unit | Literal["percent"], ...]] = (
    "working_day", "calendar_day", "hour", "working_hour", "month", "percent",
)  # fmt: skip
"""In what the limit of a step may be counted; percent are those of the whole matter's limit."""
WHOLE = 100

BPMN: Final = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DRAWING: Final = "{http://www.omg.org/spec/BPMN/20100524/DI}"
OURS: Final = "{urn:tongban:bpmn}"

NODES: Final[dict[str, Kind]] = {
    "startEvent": "start",
    "endEvent": "end",
    "userTask": "user",
    "manualTask": "manual",
    "exclusiveGateway": "exclusive",
    "parallelGateway": "parallel",
}
SILENT = {"documentation", "extensionElements", "incoming", "outgoing"}
"""Parts of a node that change nothing in how it runs."""
BESIDES = {"documentation", "extensionElements", "textAnnotation", "association", "group", "laneSet", "sequenceFlow"}
"""Parts of a process beside its nodes."""


@dataclass(frozen=True, slots=True)
class _Lane:
    name: str
    role: str
    organisation: str


def read(bpmn: str) -> Model:
    """Return the process in a BPMN text; raises WrongModel with a sentence for each thing that cannot be used.

    Only the form is judged here; `checking` judges whether the process can run.
    """
    process, problems = _process_of(_root_of(bpmn))
    lanes = _lanes(process)
    nodes = tuple(_node(child, lanes, problems) for child in process if _local(child) in NODES)
    flows = tuple(_flow(child, problems) for child in process.findall(f"{BPMN}sequenceFlow"))
    problems += [_unknown(child) for child in process if _local(child) not in {*NODES, *BESIDES}]
    if len(nodes) > MOST_NODES:
        problems.append(_("The process has more than %(number)d elements.") % {"number": MOST_NODES})
    if problems:
        raise WrongModel(list(dict.fromkeys(problems)))
    return Model(name=_name(process), nodes=nodes, flows=flows)


def _root_of(bpmn: str) -> Element:
    if len(bpmn.encode(errors="replace")) > LARGEST:
        raise WrongModel([_("The file is larger than %(size)d KiB.") % {"size": LARGEST // 1024}])
    try:
        root: Element = fromstring(bpmn, forbid_dtd=True)
    except DefusedXmlException:
        raise WrongModel([_("The file has a document type or entities; these are not allowed.")]) from None
    except (ParseError, ValueError) as wrong:
        raise WrongModel([_("The file is not well-formed XML: %(reason)s.") % {"reason": wrong}]) from None
    if root.tag != f"{BPMN}definitions":
        raise WrongModel([_("The file is not a BPMN 2.0 model.")])
    return root


def _process_of(root: Element) -> tuple[Element, list[str]]:
    processes = root.findall(f"{BPMN}process")
    if len(processes) != 1:
        raise WrongModel(
            [_("The file must hold exactly one process; it holds %(number)d.") % {"number": len(processes)}]
        )
    allowed = {f"{BPMN}process", f"{BPMN}collaboration", f"{BPMN}documentation", f"{BPMN}extensionElements"}
    problems = [_unknown(child) for child in root if child.tag not in {*allowed, f"{DRAWING}BPMNDiagram"}]
    flows = [child for part in root.findall(f"{BPMN}collaboration") for child in part if _local(child) == "messageFlow"]
    return processes[0], problems + [_unknown(child) for child in flows]


def _local(element: Element) -> str:
    """Return the element's name in BPMN; empty when it belongs to another vocabulary."""
    return element.tag.removeprefix(BPMN) if element.tag.startswith(BPMN) else ""


def _unknown(element: Element) -> str:
    what = element.tag.rpartition("}")[2]
    values = {"element": what, "name": clean_line(element.get("name") or element.get("id") or "")[:LONGEST_NAME]}
    if what in ("scriptTask", "script"):
        return _("“%(name)s” runs a script. Scripts are never run here; use a user task or a condition.") % values
    if what == "task":
        return _("“%(name)s” is a task of no kind. Please make it a user task.") % values
    return (
        _(
            "“%(name)s” (%(element)s) cannot be used. Allowed are start and end events, user and manual tasks, "
            "exclusive and parallel gateways, sequence flows and lanes."
        )
        % values
    )


def _node(element: Element, lanes: dict[str, _Lane], problems: list[str]) -> Node:
    kind, identifier = NODES[_local(element)], element.get("id", "")
    problems += [_unknown_part(element, child) for child in element if _local(child) not in SILENT]
    lane = lanes.get(identifier, _Lane("", "", ""))
    is_step = kind in ("user", "manual")
    return Node(
        id=identifier,
        kind=kind,
        name=_name(element),
        name_en=clean_line(element.get(f"{OURS}nameEn", "")),
        role=(element.get(f"{OURS}role") or lane.role).strip() if is_step else "",
        organisation=(element.get(f"{OURS}organisation") or lane.organisation or LEAD).strip() if is_step else LEAD,
        choices=_choices(element, kind, problems) if is_step else (),
        default=element.get("default", ""),
        lane=lane.name,
        limit=_limit(element, problems) if is_step else None,
    )


def _unknown_part(element: Element, part: Element) -> str:
    values = {"name": _name(element) or element.get("id", ""), "part": part.tag.rpartition("}")[2]}
    return _("“%(name)s” has a part that cannot be used: %(part)s.") % values


def _choices(element: Element, kind: Kind, problems: list[str]) -> tuple[Choice, ...]:
    """Return the answers of a step: `code:name:English name`, separated by semicolons."""
    text = element.get(f"{OURS}choices", "").strip()
    if not text:
        return AGREE_OR_OBJECT if kind == "user" else DONE
    found = tuple(Choice(*(clean_line(part) for part in piece.split(":", 2))) for piece in _pieces(text))
    codes = [choice.code for choice in found]
    if len(set(codes)) < len(codes) or not all(choice.name and _is_code(choice.code) for choice in found):
        values = {"name": _name(element)}
        problems.append(_("The choices of “%(name)s” must read like agree:同意:Agree;object:不同意:Object.") % values)
    return found


def _limit(element: Element, problems: list[str]) -> StepLimit | None:
    """Return how long a step may take: `limit="3"` and `unit="working_day"`, which may be left out, or "percent"."""
    text, unit = element.get(f"{OURS}limit", "").strip(), element.get(f"{OURS}unit", "working_day").strip()
    if not text:
        return None
    known = next((one for one in UNITS if one == unit), None)
    most = WHOLE if known == "percent" else LONGEST_LIMIT
    if known is None or not text.isascii() or not text.isdigit() or not 0 < int(text) <= most:
        values = {"name": _name(element) or element.get("id", "")}
        problems.append(
            _(
                "The limit of “%(name)s” must be a number such as 3 with a unit: working_day, calendar_day, hour, "
                "working_hour, month, or percent (of the limit of the whole matter, at most 100)."
            )
            % values
        )
        return None
    return StepLimit(int(text), known)


def _pieces(text: str) -> Iterator[str]:
    return (piece if ":" in piece else f"{piece}:" for piece in text.split(";") if piece.strip())


def _is_code(text: str) -> bool:
    return text.isascii() and text.isidentifier()


def _flow(element: Element, problems: list[str]) -> Flow:
    found: Iterable[Element] = element.findall(f"{BPMN}conditionExpression")
    problems += [
        _unknown_part(element, child) for child in element if _local(child) not in {*SILENT, "conditionExpression"}
    ]
    condition = next(iter(found), None)
    if condition is not None and condition.get("language") not in (None, "", "zen"):
        values = {"name": _name(element) or element.get("id", ""), "language": condition.get("language")}
        problems.append(_("The condition of “%(name)s” is written in %(language)s; please write it in zen.") % values)
    return Flow(
        id=element.get("id", ""),
        source=element.get("sourceRef", ""),
        target=element.get("targetRef", ""),
        name=_name(element),
        name_en=clean_line(element.get(f"{OURS}nameEn", "")),
        condition=(condition.text or "").strip() if condition is not None else "",
    )


def _name(element: Element) -> str:
    return clean_line(element.get("name", ""))


def _lanes(process: Element) -> dict[str, _Lane]:
    """Return the lane of each node; a lane may say role and organisation for all that is in it."""
    found = {}
    for lane in process.iter(f"{BPMN}lane"):
        words = _Lane(_name(lane), lane.get(f"{OURS}role", ""), lane.get(f"{OURS}organisation", ""))
        for reference in lane.findall(f"{BPMN}flowNodeRef"):
            found[(reference.text or "").strip()] = words
    return found
