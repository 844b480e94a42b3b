"""Whether a process can run: complete, connected, with readable conditions, and sure to come to its end."""

import re
from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _

from tongban.base import expressions
from tongban.organisations.rules import ROLES
from tongban.processes.errors import WrongModel
from tongban.processes.rules import soundness
from tongban.processes.rules.model import LEAD, Flow, Model, Node
from tongban.processes.rules.reading import LONGEST_NAME, read

_ID = re.compile(r"[A-Za-z_][\w.-]{0,99}", re.ASCII)
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_TEXT = re.compile(r"'[^']*'|\"[^\"]*\"")
_OUTCOME = re.compile(r"\boutcomes\s*(?:\.\s*(\w+)|\[\s*['\"]([^'\"]*)['\"]\s*\])(?:\s*==\s*['\"]([^'\"]*)['\"])?")
_WHOLE = re.compile(r"\b(form|situation|applicant|outcomes)\b(?!\s*[.\[])")
MOST_CHOICES = 8


def checked(bpmn: str) -> Model:
    """Return the process of a BPMN text that is sure to run; raises WrongModel naming all that is to be mended."""
    model = read(bpmn)
    problems = [*_of_ids(model), *_of_steps(model), *_of_flows(model)]
    if not problems:
        problems = [*_of_paths(model), *_of_conditions(model)]
    if not problems:
        problems = list(soundness.problems(model))
    if problems:
        raise WrongModel(list(dict.fromkeys(problems)))
    return model


def words_for(node: Node) -> str:
    """Return how to name the node in a sentence."""
    return node.name or node.id


def _of_ids(model: Model) -> Iterator[str]:
    ids = [*(node.id for node in model.nodes), *(flow.id for flow in model.flows)]
    for identifier, times in Counter(ids).items():
        if times > 1:
            yield _("The id “%(id)s” is given more than once.") % {"id": identifier[:LONGEST_NAME]}
        if not _ID.fullmatch(identifier):
            yield _("“%(id)s” is not a usable id: letters, digits, - and _, beginning with a letter.") % {
                "id": identifier[:LONGEST_NAME]
            }


def _of_steps(model: Model) -> Iterator[str]:
    for step in model.steps:
        values = {"name": words_for(step)[:LONGEST_NAME], "role": step.role[:LONGEST_NAME]}
        if not step.name or len(step.name) > LONGEST_NAME:
            yield _("The step “%(name)s” needs a name of at most 60 characters.") % values
        if not step.role:
            yield _("“%(name)s” does not say which post does it (tongban:role).") % values
        elif step.role not in ROLES:
            yield _("“%(name)s” names a role that is not known: %(role)s.") % values
        if step.organisation != LEAD and not _SLUG.fullmatch(step.organisation):
            yield _("“%(name)s” names no usable department (tongban:organisation).") % values
        if len(step.choices) > MOST_CHOICES:
            yield _("“%(name)s” offers more than eight choices.") % values


def _of_flows(model: Model) -> Iterator[str]:
    for flow in model.flows:
        if flow.source not in model.by_id or flow.target not in model.by_id:
            yield _("The arrow “%(name)s” leads from or to nothing.") % {"name": flow.name or flow.id}
            return
    starts = [node for node in model.nodes if node.kind == "start"]
    if len(starts) != 1:
        yield _("There must be exactly one start event.")
    if not any(node.kind == "end" for node in model.nodes):
        yield _("There must be an end event.")
    for node in model.nodes:
        yield from _of_node(node, len(model.incoming[node.id]), model.outgoing[node.id])


def _of_node(node: Node, incoming: int, outgoing: tuple[Flow, ...]) -> Iterator[str]:
    values = {"name": words_for(node)}
    if node.kind == "start" and incoming:
        yield _("Nothing may lead to the start event.")
    if node.kind == "end" and outgoing:
        yield _("Nothing may follow the end event “%(name)s”.") % values
    if node.kind != "start" and not incoming:
        yield _("Nothing leads to “%(name)s”.") % values
    if node.kind != "end" and not outgoing:
        yield _("Nothing follows “%(name)s”.") % values
    if (node.is_step or node.kind == "start") and len(outgoing) > 1:
        yield _("Several arrows leave “%(name)s”; please put a gateway behind it.") % values
    yield from _of_decision(node, outgoing)


def _of_decision(node: Node, outgoing: tuple[Flow, ...]) -> Iterator[str]:
    values = {"name": words_for(node)}
    if node.kind != "exclusive" or len(outgoing) < 2:  # noqa: PLR2004 - one way out is no decision
        if any(flow.condition for flow in outgoing):
            yield (
                _("Conditions belong on arrows that leave an exclusive gateway with several ways: “%(name)s”.") % values
            )
        return
    if node.default not in {flow.id for flow in outgoing}:
        yield _("The gateway “%(name)s” needs a default way, taken when no condition holds.") % values
    for flow in outgoing:
        if not flow.condition and flow.id != node.default:
            yield _("An arrow leaving the gateway “%(name)s” has no condition.") % values
        if flow.condition and flow.id == node.default:
            yield _("The default way of the gateway “%(name)s” must have no condition.") % values


def _of_paths(model: Model) -> Iterator[str]:
    start = next(node.id for node in model.nodes if node.kind == "start")
    reached = model.reached_from(start)
    ends = [model.leading_to(node.id) for node in model.nodes if node.kind == "end"]
    ending = frozenset().union(*ends)
    for node in model.nodes:
        if node.id not in reached:
            yield _("“%(name)s” can never be reached.") % {"name": words_for(node)}
        if node.id not in ending:
            yield _("From “%(name)s” no way leads to the end.") % {"name": words_for(node)}


def _of_conditions(model: Model) -> Iterator[str]:
    for flow in model.flows:
        if flow.condition:
            yield from _of_condition(flow, model)


def _of_condition(flow: Flow, model: Model) -> Iterator[str]:
    values = {"condition": flow.condition[:200]}
    try:
        expressions.check(flow.condition)
    except expressions.WrongExpression:
        yield _("This condition cannot be read: %(condition)s") % values
        return
    if _WHOLE.search(_TEXT.sub("''", flow.condition)):
        yield _("A condition must name the single value it asks for, such as form.area: %(condition)s") % values
    for dotted, quoted, code in _OUTCOME.findall(flow.condition):
        step = model.by_id.get(dotted or quoted)
        if step is None or not step.is_step:
            yield _("This condition asks for the outcome of a step that is not there: %(condition)s") % values
        elif code and code not in {choice.code for choice in step.choices}:
            yield _("This condition asks for a choice that the step does not offer: %(condition)s") % values
