"""What has happened to the catalogue."""

from dataclasses import dataclass
from typing import ClassVar

from tongban.ledger.events import EventData


@dataclass(frozen=True)
class _HandlingItemEvent(EventData):
    subject_kind: ClassVar[str] = "handling_item"


@dataclass(frozen=True)
class HandlingVersionPublished(_HandlingItemEvent):
    """A version of a handling item has become the current one."""

    kind: ClassVar[str] = "catalogue.handling_version_published"
    code: str
    version: int
    digest: str


@dataclass(frozen=True)
class HandlingItemSuspended(_HandlingItemEvent):
    """Nobody may begin to apply for it until it is resumed 暂停."""

    kind: ClassVar[str] = "catalogue.handling_item_suspended"
    code: str


@dataclass(frozen=True)
class HandlingItemResumed(_HandlingItemEvent):
    """It is in use again."""

    kind: ClassVar[str] = "catalogue.handling_item_resumed"
    code: str


@dataclass(frozen=True)
class HandlingItemCancelled(_HandlingItemEvent):
    """It is no longer done here 取消."""

    kind: ClassVar[str] = "catalogue.handling_item_cancelled"
    code: str
