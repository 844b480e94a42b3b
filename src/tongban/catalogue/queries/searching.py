"""Search by words, everyday names, pinyin, initials, offices and results, with typing mistakes; and suggestions.

Two queries for a page of results, three where nothing was found and near matches are looked for, whatever the number
of items. PostgreSQL chooses and counts; the last ordering, by how near the name sounds, is done here on the best few.
"""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db import connection

from tongban.base.templatetags.words import either, name_words
from tongban.base.text import clean_line
from tongban.catalogue.queries.listing import Listed, listed_in_order
from tongban.catalogue.queries.statements import browse_statement, match_statement, near_statement
from tongban.catalogue.rules import wording
from tongban.catalogue.rules.everyday import all_everyday_names
from tongban.catalogue.rules.finding import whole_names_in

LONGEST_QUERY = 60
MOST_WORDS = 8
MOST_HITS = 500
"""Matters that are ordered and counted for one search; a search that finds more is too wide to be read."""
REORDERED = 60
NEAR = 200
MOST_PAIRS = 40
NEAR_ENOUGH = 0.3
"""Share of the typed pairs that a near match must have."""
PAGE = 20
MOST_PAGES = MOST_HITS // PAGE

warm_up = wording.warm_up


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What narrows a search. `department` is an organisation's slug or an authority's name."""

    audience: str = ""
    department: str = ""
    theme: str = ""
    applicable: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A matter that was found."""

    row: Listed
    score: float


@dataclass(frozen=True, slots=True)
class FoundOffice:
    """An office that handles what was found: the key for the filter, its names, how many matters."""

    key: str
    name: str
    name_en: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search found. `near`: nothing fitted, these sound or look like it."""

    words: str
    hits: list[Hit]
    total: int
    near: bool = False
    departments: list[FoundOffice] = field(default_factory=list)
    audiences: dict[str, int] = field(default_factory=dict)

    @property
    def did_you_mean(self) -> str:
        """The name of the nearest match, when nothing fitted."""
        return name_words(self.hits[0].row) if self.near and self.hits else ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A line under the search box."""

    words: str
    kind: str
    """matter or words"""
    code: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Candidate:
    id: UUID
    score: float
    name: str
    office: str
    office_en: str
    office_key: str
    audiences: tuple[str, ...]
    total: int


def search(words: str, filters: Filters | None = None, *, limit: int = PAGE, start: int = 0) -> Found:
    """Return the matters that fit, best first: `limit` of them from the `start`th on. Never raises on odd input."""
    chosen = filters or Filters()
    typed = clean_line(words)[:LONGEST_QUERY]
    near = False
    if not typed:
        candidates = _candidates(*browse_statement(chosen, MOST_HITS))
    else:
        candidates = _matching(typed, chosen)
        if not candidates:
            candidates = _near(typed, chosen)
            near = bool(candidates)
    best = candidates[start : start + limit]
    rows = {row.id: row for row in listed_in_order([one.id for one in best])} if best else {}
    return Found(
        words=typed,
        hits=[Hit(rows[one.id], one.score) for one in best if one.id in rows],
        total=candidates[0].total if candidates else 0,
        near=near,
        departments=_offices(candidates),
        audiences=dict(Counter(audience for one in candidates for audience in one.audiences)),
    )


def suggest(words: str, *, limit: int = 8) -> list[Suggestion]:
    """Return lines for under the search box: everyday names that begin so, then matters. One or two queries."""
    typed = clean_line(words)[:LONGEST_QUERY]
    if not typed:
        return []
    latin = "".join(wording.latin_of(typed)) if not wording.chinese_of(typed) else ""
    everyday = [name for name in all_everyday_names() if _begins(name, typed, latin)][:3]
    found = search(typed, limit=limit)
    names = [Suggestion(name_words(hit.row), "matter", hit.row.code, _office_words(hit.row)) for hit in found.hits]
    return ([Suggestion(name, "words") for name in everyday] + names)[:limit]


def _office_words(row: Listed) -> str:
    return either(row.office, row.office_en)


def _begins(name: str, typed: str, latin: str) -> bool:
    if not latin:
        return typed in name and typed != name
    syllables = wording.pinyin_of(name)
    return len(latin) > 1 and (
        "".join(syllables).startswith(latin) or "".join(one[0] for one in syllables if one).startswith(latin)
    )


def _matching(typed: str, filters: Filters) -> list[_Candidate]:
    plain = unicodedata.normalize("NFKC", typed)
    tokens = wording.telling_words_of(plain)[:MOST_WORDS]
    latin = [one for one in wording.latin_of(plain) if len(one) > 1][:MOST_WORDS]
    candidates = _candidates(*match_statement(typed, tokens, latin, whole_names_in(plain), filters, MOST_HITS))
    return _by_sound(typed, candidates, best=REORDERED, weight=10)


def _near(typed: str, filters: Filters) -> list[_Candidate]:
    pairs = sorted(wording.pairs_typed(unicodedata.normalize("NFKC", typed)))[:MOST_PAIRS]
    if not pairs:
        return []
    return _by_sound(typed, _candidates(*near_statement(pairs, NEAR_ENOUGH, filters, NEAR)), best=NEAR, weight=100)


def _by_sound(typed: str, candidates: Sequence[_Candidate], *, best: int, weight: int) -> list[_Candidate]:
    """Order the best few once more by how near their names sound to what was typed.

    Near is: how much of what was typed occurs in the name, and how little else the name holds; counted in pairs of
    letters of the sounds, so that a letter too many or too few costs little.
    """
    heard = _letter_pairs(typed)

    def nearness(one: _Candidate) -> float:
        name = _letter_pairs(one.name)
        shared = len(heard & name)
        return one.score + weight * (shared / max(1, len(heard)) + 2 * shared / max(1, len(heard) + len(name)))

    first = sorted(candidates[:best], key=nearness, reverse=True)
    return [*first, *candidates[best:]]


@lru_cache(maxsize=4096)
def _letter_pairs(text: str) -> frozenset[str]:
    heard = wording.heard_as(text)
    return frozenset(a + b for a, b in pairwise(heard))


def _candidates(statement: str, values: dict[str, Any]) -> list[_Candidate]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [_Candidate(*(*row[:6], tuple(row[6]), row[7])) for row in cursor.fetchall()]


def _offices(candidates: Sequence[_Candidate]) -> list[FoundOffice]:
    counted = Counter((one.office_key, one.office, one.office_en) for one in candidates if one.office)
    return [FoundOffice(*office, count) for office, count in counted.most_common()]
