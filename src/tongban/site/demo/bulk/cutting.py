"""Texts of a life cut into what stays and what differs from life to life: ids, days, numbers, names."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from uuid import UUID

Slot = tuple[object, ...]
"""What differs: ("id", number), ("day", date), ("due", origin), ("paper", place), ("person", "name"), …"""

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_DAY = r"20\d\d-\d\d-\d\d"
_CHINESE_DAY = r"20\d\d年\d{1,2}月\d{1,2}日"
_OWN_DATE = '"date":'
"""Before the date of a paper in its content: it is a day on which something was done, never a due date."""


@dataclass
class Text:
    """A text with places: its constant parts, one more than places, and which slots go between them."""

    parts: list[str]
    slots: list[Slot] = field(default_factory=list)

    @classmethod
    def of(cls, constant: str) -> "Text":
        """Return a text without places."""
        return cls([constant])

    @classmethod
    def of_slot(cls, slot: Slot) -> "Text":
        """Return a text that is one place and nothing else."""
        return cls(["", ""], [slot])


Cut = Callable[[str], Text]


@dataclass
class Cutter:
    """Cuts the texts of one life.

    `known`: strings by slot; `own`: whether an id belongs to the life; `kin`: slots of ids that are exchanged for
    those of others; `dues`: origins of due dates; days before `earliest` belong to people's lives and stay.
    """

    known: Mapping[str, Slot]
    own: Callable[[str], bool]
    kin: Mapping[str, Slot]
    dues: Mapping[date, Slot]
    earliest: date

    def __post_init__(self) -> None:
        """Make the pattern: known strings first, the longest first."""
        words = [re.escape(word) for word in sorted(self.known, key=len, reverse=True) if word]
        self._pattern = re.compile("|".join([*words, _UUID, _CHINESE_DAY, _DAY]))

    def cut(self, text: str, *, copied: bool = True, dues: bool = True) -> Text:
        """Cut a text; `copied`: it goes into a column, so what COPY reads as signs of its own is escaped."""
        found, at = Text([]), 0
        for match in self._pattern.finditer(text):
            slot = self._slot(match, text, dues=dues)
            if slot is not None:
                found.parts.append(_constant(text[at : match.start()], copied=copied))
                found.slots.append(slot)
                at = match.end()
        found.parts.append(_constant(text[at:], copied=copied))
        return found

    def _slot(self, match: re.Match[str], text: str, *, dues: bool) -> Slot | None:
        word = match[0]
        if word in self.known:
            return self.known[word]
        if "年" in word:
            return self._day_slot(date(*map(int, re.findall(r"\d+", word))), "cn_", dues=dues)
        if len(word) == len("2026-11-23"):
            own_date = text[: match.start()].rstrip(' "').endswith(_OWN_DATE)
            return self._day_slot(date.fromisoformat(word), "", dues=dues and not own_date)
        if word in self.kin:
            return self.kin[word]
        return ("id", UUID(word).int) if self.own(word) else None

    def _day_slot(self, day: date, prefix: str, *, dues: bool) -> Slot | None:
        if dues and day in self.dues:
            return (f"{prefix}due", self.dues[day])
        return (f"{prefix}day", day) if day >= self.earliest else None


def _constant(text: str, *, copied: bool) -> str:
    if copied:
        text = text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    return text


def joined(texts: Iterable[Text], between: str, end: str = "") -> Text:
    """Join texts, e.g. the cells of a row, and rows."""
    whole = Text([""])
    for place, text in enumerate(texts):
        first, *others = text.parts
        whole.parts[-1] += (between if place else "") + first
        whole.parts += others
        whole.slots += text.slots
    whole.parts[-1] += end
    return whole


def picker(places: list[int]) -> Callable[[list[bytes]], tuple[bytes, ...]]:
    """Return what picks the parameters at these places, as a tuple, whatever their number."""
    if not places:
        return lambda _values: ()
    if len(places) == 1:
        only = places[0]
        return lambda values: (values[only],)
    return itemgetter(*places)


class Stamp:
    """A text ready to be filled very often, as bytes: the parts that stay, and what picks those between them."""

    __slots__ = ("_parts", "_pick")

    def __init__(self, text: Text, places: Mapping[Slot, int]) -> None:
        """Remember the parts, and where each slot of the text stands in the values of a life."""
        self._parts = [b""] * (2 * len(text.slots) + 1)
        self._parts[::2] = [part.encode() for part in text.parts]
        self._pick = picker([places[slot] for slot in text.slots])

    def filled(self, values: list[bytes]) -> bytes:
        """Return the text with the values of a life. Not to be called by two threads at once."""
        self._parts[1::2] = self._pick(values)
        return b"".join(self._parts)
