"""What rooms above register here: who carries codes, and what the demo's people can be tried for."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from tongban.accounts.rules import Channel
from tongban.base.registry import Registry


class Carry(Protocol):
    """Takes a short text to an address, later and outside the transaction (room notifications)."""

    def __call__(self, *, channel: Channel, address: str, subject: str, body: str, now: datetime) -> object:
        """Put it on its way."""


carriers: Registry[Carry] = Registry("carrier of codes")
"""One entry: the post office."""


class OfficeWords(Protocol):
    """Says which posts officials hold, in words (room organisations)."""

    def __call__(self, official_ids: Sequence[UUID], /) -> Mapping[UUID, str]:
        """Return official id → "office · post, …" in the reader's language."""


office_words: Registry[OfficeWords] = Registry("words for officials")


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPerson:
    """One of the invented people of the demo city, as the sign-in page lists them."""

    username: str
    words: str
    words_en: str
    group: str = ""
    """Heading under which the person is listed, in the office's language."""
    group_en: str = ""


demo_people: Registry[DemoPerson] = Registry("demo person")
"""By sign-in name, in the order of the list. Filled by the demo content, shown in the demo only."""


NUMBERED: Registry[Callable[[], Iterable[dict[int, bytes]]]] = Registry("numbers that a room holds")
"""Gives the indexes of every number that a room could name anew, under each index key that is given."""

UNNAMED: Registry[Callable[[], int]] = Registry("count of numbers that nobody holds")
"""How many numbers stand somewhere in a room by a key alone that no `KnownNumber` leads to."""
