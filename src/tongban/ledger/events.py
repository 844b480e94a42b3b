"""The shape of all events, and how they become JSON and back.

Each room writes its own in its `events.py`: frozen dataclasses that say, in the past tense, what has happened.
They hold ids, codes, dates and numbers only: no names and no text that somebody typed, so that personal data can be
erased elsewhere while the record of what happened stands (个人信息保护法 art. 47).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from pydantic import TypeAdapter

LONGEST_TEXT = 200
"""Characters: codes and numbers are shorter; what somebody typed is often longer, and does not belong here."""

_CLASSES: dict[str, type["EventData"]] = {}
_ADAPTERS: dict[type["EventData"], TypeAdapter[Any]] = {}


class UnfitEvent(ValueError):  # noqa: N818 - says what is wrong with the event
    """The event cannot be recorded as it is: a programmer's mistake."""


@dataclass(frozen=True)
class EventData:
    """What has happened to a subject. Subclasses name their `kind` ("cases.case_decided") and `subject_kind`.

    A field added later needs a default: events recorded before are read with it.
    """

    kind: ClassVar[str]
    subject_kind: ClassVar[str]
    subject_id: UUID

    def __init_subclass__(cls, **kwargs: object) -> None:
        """Make the class known by its kind; two classes of one kind are a mistake."""
        super().__init_subclass__(**kwargs)
        kind = cls.__dict__.get("kind")
        if kind is None:
            return
        known = _CLASSES.get(kind)
        if known is not None and (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
            message = f"event kind {kind!r} is taken by {known.__module__}.{known.__qualname__}"
            raise ValueError(message)
        _CLASSES[kind] = cls


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """An event as it stands in the ledger. `position` is None until the sealer has given it one."""

    id: int
    uid: UUID
    kind: str
    happened_at: datetime
    actor_kind: str
    account_id: UUID | None
    official_id: UUID | None
    post_id: UUID | None
    subject_kind: str
    subject_id: UUID
    data: dict[str, Any]
    position: int | None

    @property
    def event(self) -> EventData | None:
        """The event with its types; None when no installed room knows its kind any more."""
        cls = _CLASSES.get(self.kind)
        return None if cls is None else read(cls, self.subject_id, self.data)


def class_of(kind: str) -> type[EventData] | None:
    """Return the class of a kind, None if no installed room has it."""
    return _CLASSES.get(kind)


def _adapter(cls: type[EventData]) -> TypeAdapter[EventData]:
    """Return what reads and writes a class; made at first use, for it takes a millisecond."""
    known = _ADAPTERS.get(cls)
    if known is None:
        known = _ADAPTERS[cls] = TypeAdapter(cls)
    return known


def write(event: EventData) -> dict[str, Any]:
    """Return the fields beside the subject as JSON; raises UnfitEvent for texts too long to be codes."""
    data: dict[str, Any] = _adapter(type(event)).dump_python(event, mode="json", exclude={"subject_id"})
    if any(len(text) > LONGEST_TEXT for text in _texts(data)):
        message = f"{event.kind}: a text of more than {LONGEST_TEXT} characters has no place in the ledger"
        raise UnfitEvent(message)
    return data


def read(cls: type[EventData], subject_id: UUID, data: dict[str, Any]) -> EventData:
    """Return the event from its JSON; fields unknown today are left out."""
    return _adapter(cls).validate_python({**data, "subject_id": subject_id})


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


@dataclass(frozen=True)
class SaltsErased(EventData):
    """The salts of some leaves were erased: nobody can show any more which events they stand for."""

    kind: ClassVar[str] = "ledger.salts_erased"
    subject_kind: ClassVar[str] = "erasure"

    positions: tuple[int, ...]


@dataclass(frozen=True)
class ChainsStated(EventData):
    """It was stated, and signed, how long each chain is. `size`: how far the ledger had come; `root` in hex digits."""

    kind: ClassVar[str] = "ledger.chains_stated"
    subject_kind: ClassVar[str] = "statement"

    day: date
    size: int
    chains: int
    root: str
