"""Whether a process always comes to its end and does nothing twice, tried out on every way it can take.

The process is played with tokens on its arrows (van der Aalst's soundness of workflow nets): no arrow ever holds two
tokens, no token is left waiting, and from each position the end can be reached.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from tongban.processes.rules.model import Model

MOST_POSITIONS = 10_000
"""Positions tried out; more than that comes from very many parallel ways, which nobody can follow on paper either."""

Position = frozenset[str]


class _Doubled(Exception):  # noqa: N818 - carried a few lines only
    """Two tokens on one arrow."""


class _TooMany(Exception):  # noqa: N818 - carried a few lines only
    """More positions than are tried out."""


def problems(model: Model) -> Iterator[str]:
    """Say what can go wrong in any run; nothing when all is well."""
    if _turns_without_step(model):
        yield _("A loop must pass through a step that somebody does.")
        return
    if _parallel_in_loop(model):
        yield _("A loop must not lead through parallel ways. Please let it come back within one of them.")
        return
    try:
        following = _positions(model)
    except _Doubled:
        yield _("A step could be done twice: parallel ways must be brought together by a parallel gateway.")
    except _TooMany:
        yield _("The process has too many parallel ways to be followed.")
    else:
        if len(_that_end(following)) < len(following):
            yield _("The process could wait for ever: a parallel gateway waits for a way that may not be taken.")


def _turns_without_step(model: Model) -> bool:
    """Whether arrows lead in a circle through gateways alone: such a run would never stop."""
    return _has_circle({node.id for node in model.nodes if not node.is_step}, model)


def _parallel_in_loop(model: Model) -> bool:
    return any(
        node.kind == "parallel" and any(node.id in model.reached_from(flow.target) for flow in model.outgoing[node.id])
        for node in model.nodes
    )


def _has_circle(among: set[str], model: Model) -> bool:
    """Take away nodes that nothing leads to, again and again; what is left turns in circles."""
    left = set(among)
    while left:
        free = {node for node in left if not any(flow.source in left for flow in model.incoming[node])}
        if not free:
            return True
        left -= free
    return False


def _positions(model: Model) -> dict[Position, set[Position]]:
    """Return all positions that can come about, each with those that can follow it."""
    start = next(node for node in model.nodes if node.kind == "start")
    first = frozenset(flow.id for flow in model.outgoing[start.id])
    following: dict[Position, set[Position]] = {}
    net, waiting = _Net(model), [first]
    while waiting:
        position = waiting.pop()
        if position in following:
            continue
        following[position] = set(_moves(net, position))
        if len(following) > MOST_POSITIONS:
            raise _TooMany
        waiting += following[position]
    return following


def _moves(net: "_Net", position: Position) -> Iterator[Position]:
    for flow in position:
        ahead = net.passed_on.get(flow)
        if ahead is not None:  # what merely passes a token on may as well move first: fewer positions
            yield _put(position - {flow}, ahead)
            return
    for flow in position:
        yield from _fire(net, flow, position)


def _fire(net: "_Net", flow: str, position: Position) -> Iterator[Position]:
    """Let the node move to which the arrow leads. A parallel gateway needs a token on each of its arrows."""
    node, taken, given = net.ahead[flow]
    if node.kind == "parallel":
        if flow == taken[0] and position.issuperset(taken):
            yield _put(position.difference(taken), given)
        return
    for ways in [(way,) for way in given] if node.kind == "exclusive" else [given]:
        yield _put(position - {flow}, ways)


class _Net:
    """The arrows with what lies ahead of each, looked up thousands of times."""

    def __init__(self, model: Model) -> None:
        taken = {key: tuple(flow.id for flow in flows) for key, flows in model.incoming.items()}
        given = {key: tuple(flow.id for flow in flows) for key, flows in model.outgoing.items()}
        self.ahead = {
            flow.id: (model.by_id[flow.target], taken[flow.target], given[flow.target]) for flow in model.flows
        }
        self.passed_on = {
            flow: ways for flow, (_node, before, ways) in self.ahead.items() if len(before) == len(ways) == 1
        }


def _put(position: Position, flows: tuple[str, ...]) -> Position:
    if not position.isdisjoint(flows):
        raise _Doubled
    return position.union(flows)


def _that_end(following: dict[Position, set[Position]]) -> set[Position]:
    """Return the positions from which the end (no token left) can be reached."""
    before: dict[Position, set[Position]] = {}
    for position, nexts in following.items():
        for each in nexts:
            before.setdefault(each, set()).add(position)
    nothing_left: Position = frozenset()
    done = {nothing_left} & following.keys()
    waiting = list(done)
    while waiting:
        fresh = before.get(waiting.pop(), set()) - done
        done |= fresh
        waiting += fresh
    return done
