"""What rooms above register here: who handles which events, and how an event is said in words."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol, TypeVar
from uuid import UUID

from tongban.base.registry import Registry
from tongban.ledger.events import EventData, RecordedEvent

Reader = Literal["official", "applicant"]
Happening_contra = TypeVar("Happening_contra", bound=EventData, contravariant=True)
Described = TypeVar("Described", bound=EventData)


class Handle(Protocol[Happening_contra]):
    """What a room does on news. Runs in one transaction together with the mark that it was done."""

    def __call__(self, event: Happening_contra, /, *, recorded: RecordedEvent, now: datetime) -> object:
        """Do it, or return what is to be done for `gather`; an exception undoes it, and it is tried again."""


class Gather(Protocol):
    """Does at once what several handlers have returned."""

    def __call__(self, wanted: Sequence[Any], /, *, now: datetime) -> None:
        """Do it for all of them, in the order of their events; an exception undoes all."""


class Only(Protocol):
    """Says of many events at once on which of them a handler has something to do."""

    def __call__(self, batch: Sequence[RecordedEvent], /, *, now: datetime) -> Collection[int]:
        """Return the ids of these events; it reads and locks nothing. When in doubt, an event is named."""


@dataclass(frozen=True, slots=True)
class Handler:
    """A handler by its name, and the kind of event it wants. `together`, `gather` and `only`: see `handler`."""

    name: str
    kind: str
    handle: Handle[Any]
    together: bool = False
    gather: Gather | None = None
    only: Only | None = None


HANDLERS: Registry[Handler] = Registry("handler")
_HANDLERS_OF_KIND: dict[str, list[Handler]] = {}
DESCRIPTIONS: Registry[Callable[[Any, Reader], str]] = Registry("description of events")

HandleFunction = TypeVar("HandleFunction", bound=Callable[..., object])
DescribeFunction = Callable[[Described, Reader], str]
ChainFunction = Callable[[Described], UUID | None]


def handler(
    event_class: type[EventData],
    *,
    name: str,
    together: bool = False,
    gather: Gather | None = None,
    only: Only | None = None,
) -> Callable[[HandleFunction], HandleFunction]:
    """Register the function below as handler of the event: `@handler(CaseDecided, name="cases.tell_applicant")`.

    The name stands in the database beside each event handled: it must never change and never be used again. Say
    `together` for a handler that locks nothing others wait for (cases, counters of papers): it then shares one
    transaction with the handling of other events, which is several times cheaper. With `gather` the function does
    nothing itself: it returns what is to be done, and `gather` does that of the whole batch in a few statements.
    Handlers with the same `gather` keep the order of their events. With `only`, a handler that needs a transaction of
    its own is called for the events that it names; all others are done with the batch.
    """

    def register(function: HandleFunction) -> HandleFunction:
        entry = HANDLERS.register(
            name,
            Handler(
                name, event_class.kind, function, together=together or gather is not None, gather=gather, only=only
            ),
        )
        _HANDLERS_OF_KIND.setdefault(event_class.kind, []).append(entry)
        return function

    return register


CHAINED: dict[str, Callable[[Any], UUID | None]] = {}


def chained(event_class: type[Described]) -> Callable[[ChainFunction[Described]], ChainFunction[Described]]:
    """Register the function below as telling the chain that an event is a link of: `fn(event) -> key`, None for none.

    The key is that of the person concerned, say; whoever is shown the chain sees that no link was left out. It reads
    nothing but the event, and never answers otherwise for one that was recorded: `tongban ledger verify` asks again.
    Events recorded before the kind was chained are no links.
    """

    def register(function: ChainFunction[Described]) -> ChainFunction[Described]:
        if CHAINED.get(event_class.kind, function) is not function:
            message = f"{event_class.kind} has its chain already"
            raise ValueError(message)
        CHAINED[event_class.kind] = function
        return function

    return register


def handlers_of(kind: str) -> tuple[Handler, ...]:
    """Return the handlers that want events of a kind, in the order of registration."""
    return tuple(_HANDLERS_OF_KIND.get(kind, ()))


def describe(
    event_class: type[Described],
) -> Callable[[DescribeFunction[Described]], DescribeFunction[Described]]:
    """Register the function below as the words for an event: `fn(event, reader) -> str`."""

    def register(function: DescribeFunction[Described]) -> DescribeFunction[Described]:
        DESCRIPTIONS.register(event_class.kind, function)
        return function

    return register
