"""By what a handling item is found: weighted words, sounds, initials and pairs."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from tongban.catalogue.guide import Guide
from tongban.catalogue.rules import wording
from tongban.catalogue.rules.everyday import all_everyday_names, everyday_names_for
from tongban.catalogue.rules.themes import THEMES

MOST_TEXT_WORDS = 600
WHOLE = "="
"""Before an everyday name kept in one piece, so that 开饭店 is found whole and not only as 开 and 饭店."""
_BRACKETS = re.compile(r"[((【《].*?[))】》]")


@dataclass(frozen=True, slots=True)
class Findable:
    """What stands in a search entry. `names` and `words` are texts of tsvectors."""

    names: str
    words: str
    pinyin: str
    initials: str
    pairs: tuple[str, ...]


def findable(guide: Guide, *, office_names: Iterable[str]) -> Findable:
    """Return how a guide is found. `office_names`: the organisation, its short name, the authority."""
    everyday = tuple(dict.fromkeys((*guide.everyday_names, *everyday_names_for(guide.name))))
    result = guide.result
    names = wording.words_of(" ".join((guide.name, guide.name_en, *everyday, result.name, result.name_en)))
    themes = [THEMES[code].name for code in guide.themes if code in THEMES]
    around = wording.words_of(" ".join((*office_names, *themes)))
    text = wording.words_of(_text(guide))[:MOST_TEXT_WORDS]
    spoken = [guide.name, _BRACKETS.sub("", guide.name), result.name, *everyday]
    syllables = [wording.pinyin_of(wording.chinese_of(name)) for name in dict.fromkeys(spoken) if name]
    wholes = {f"{WHOLE}{name}" for name in map(_plain, everyday) if name}
    return Findable(
        names=_lexemes(names),
        words=_lexemes([*names, *around, *text]),
        pinyin=" ".join("".join(one) for one in syllables),
        initials=" ".join("".join(part[0] for part in one if part) for one in syllables),
        pairs=tuple(sorted(wording.pairs_of([guide.name, *everyday]) | wholes)),
    )


def _lexemes(words: Iterable[str]) -> str:
    """Return the text of a tsvector. Words hold letters, digits and Chinese only, so that quoting is safe."""
    return " ".join(f"'{word}'" for word in dict.fromkeys(words))


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()[: wording.LONGEST_WORD]


def _text(guide: Guide) -> str:
    parts = [guide.summary, guide.summary_en, *guide.conditions]
    parts += [material.name for material in guide.materials]
    parts += [question.question for question in guide.questions]
    return " ".join(parts)


def whole_names_in(typed: str) -> list[str]:
    """Return the everyday names that stand in what was typed, and all of it: a guide may have names of its own."""
    text = re.sub(r"[\W_]", "", wording.without_fillers(typed)).lower()
    runs = {text[start:end] for start in range(len(text)) for end in range(start + 2, min(start + 9, len(text) + 1))}
    whole = {text} if 1 < len(text) <= wording.LONGEST_WORD and wording.chinese_of(text) else set()
    return [f"{WHOLE}{name}" for name in sorted((runs & _known()) | whole)]


@cache
def _known() -> frozenset[str]:
    return frozenset(map(_plain, all_everyday_names()))
