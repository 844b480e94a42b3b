"""Pure reckoning about processes: reading and checking BPMN, moving tokens, drawing the picture."""

from tongban.processes.rules.checking import checked
from tongban.processes.rules.layout import Direction
from tongban.processes.rules.model import AGREE_OR_OBJECT, DONE, LEAD, Choice, Flow, Model, Node
from tongban.processes.rules.picture import draw

__all__ = ["AGREE_OR_OBJECT", "DONE", "LEAD", "Choice", "Direction", "Flow", "Model", "Node", "checked", "draw"]
