"""Events that only tests know."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from tongban.ledger.events import EventData


@dataclass(frozen=True)
class LampLit(EventData):
    kind: ClassVar[str] = "tests.lamp_lit"
    subject_kind: ClassVar[str] = "lamp"

    colour: str = "red"
    until: date | None = None
    keepers: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class RoomBright(EventData):
    kind: ClassVar[str] = "tests.room_bright"
    subject_kind: ClassVar[str] = "lamp"
