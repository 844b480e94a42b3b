"""By what a handling item is found: weighted words, sounds, initials and pairs."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tongban.catalogue.guide import Guide
from tongban.catalogue.rules import wording
from tongban.catalogue.rules.everyday import everyday_names_for
from tongban.catalogue.rules.themes import THEMES

MOST_TEXT_WORDS = 600
MOST_PLACES = 3
WHOLE = "="
"""Before an everyday name kept in one piece, so that 开饭店 is found whole and not only as 开 and 饭店."""
_BRACKETS = re.compile(r"[((【《].*?[))】》]")


@dataclass(frozen=True, slots=True)
class Findable:
    """What stands in a search entry. `words` is the text of a tsvector."""

    words: str
    pinyin: str
    initials: str
    pairs: tuple[str, ...]


class _Lexemes:
    """Collects words with weights; writes them as PostgreSQL reads a tsvector."""

    def __init__(self) -> None:
        self._places: dict[str, list[str]] = {}
        self._next = 1

    def add(self, words: Iterable[str], weight: str) -> None:
        """Take in words of one weight: A name, B everyday and result, C office and theme, D text."""
        for word in words:
            places = self._places.setdefault(word, [])
            if len(places) < MOST_PLACES:
                places.append(f"{self._next}{weight}")
            self._next = min(self._next + 1, 16_000)

    def __str__(self) -> str:
        return " ".join(f"'{word}':{','.join(places)}" for word, places in self._places.items())


def findable(guide: Guide, *, office_names: Iterable[str]) -> Findable:
    """Return how a guide is found. `office_names`: the organisation, its short name, the authority."""
    everyday = tuple(dict.fromkeys((*guide.everyday_names, *everyday_names_for(guide.name))))
    lexemes = _Lexemes()
    lexemes.add(wording.words_of(f"{guide.name} {guide.name_en}"), "A")
    lexemes.add((f"{WHOLE}{name}" for name in map(_plain, everyday) if name), "B")
    lexemes.add(wording.words_of(" ".join((*everyday, guide.result.name, guide.result.name_en))), "B")
    themes = [THEMES[code].name for code in guide.themes if code in THEMES]
    lexemes.add(wording.words_of(" ".join((*office_names, *themes))), "C")
    lexemes.add(wording.words_of(_text(guide))[:MOST_TEXT_WORDS], "D")
    spoken = [guide.name, _BRACKETS.sub("", guide.name), guide.result.name, *everyday]
    syllables = [wording.pinyin_of(wording.chinese_of(name)) for name in dict.fromkeys(spoken) if name]
    return Findable(
        words=str(lexemes),
        pinyin=" ".join("".join(one) for one in syllables),
        initials=" ".join("".join(part[0] for part in one if part) for one in syllables),
        pairs=tuple(sorted(wording.pairs_of([guide.name, *everyday]))),
    )


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()[: wording.LONGEST_WORD]


def _text(guide: Guide) -> str:
    parts = [guide.summary, guide.summary_en, *guide.conditions]
    parts += [material.name for material in guide.materials]
    parts += [question.question for question in guide.questions]
    return " ".join(parts)


def whole_names_in(typed: str) -> list[str]:
    """Return every run of 2 to 8 characters of what was typed, as everyday names are kept."""
    text = _plain(wording.without_fillers(typed))
    return [
        f"{WHOLE}{text[start : start + length]}"
        for start in range(len(text))
        for length in range(2, 9)
        if start + length <= len(text)
    ]
