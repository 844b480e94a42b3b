"""Search by words, everyday names, pinyin, initials, offices and results, with typing mistakes; and suggestions.

One query for a page of results, one more where nothing was found and near matches are looked for, whatever the number
of items; and one for the guides of rows that this process has not shown before. PostgreSQL chooses and counts; the
last ordering, by how near the name sounds, is done here on the best few.
"""

import json
import unicodedata
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection

from tongban.base.postgres.engine.messages import Message
from tongban.base.templatetags.words import either, name_words
from tongban.base.text import clean_line
from tongban.catalogue.models import HandlingItem
from tongban.catalogue.queries.listing import Listed, RowFields, listed_of
from tongban.catalogue.queries.statements import (
    Statement,
    Typed,
    Wanted,
    browse_statement,
    match_statement,
    near_statement,
)
from tongban.catalogue.rules import wording
from tongban.catalogue.rules.everyday import all_everyday_names
from tongban.catalogue.rules.finding import whole_names_in

LONGEST_QUERY = 60
MOST_WORDS = 8
MOST_HITS = 300
"""Matters that are ordered and counted for one search; a search that finds more is too wide to be read."""
REORDERED = 60
MOST_NAMES_HEARD = 16_384
"""Names whose sounds are kept in memory: about 250 bytes each."""
NEAR = 200
"""Near matches that are listed, and told as their number."""
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
    fields: RowFields
    score: float


@dataclass(frozen=True, slots=True)
class _Answer:
    """The best of what fits, and the counts of all that was ordered."""

    best: list[_Candidate]
    total: int = 0
    counts: dict[str, Any] = field(default_factory=dict)


def search(
    words: str, filters: Filters | None = None, *, limit: int = PAGE, start: int = 0, counted: int = MOST_HITS
) -> Found:
    """Return the matters that fit, best first: `limit` of them from the `start`th on. Never raises on odd input.

    `counted`: of how many of the best the offices and audiences are counted.
    """
    chosen = filters or Filters()
    typed = clean_line(words)[:LONGEST_QUERY]
    told = min(start + limit, MOST_HITS)
    near = False
    if not typed:
        answer = _answer(browse_statement(chosen, Wanted(counted=counted, told=told)))
    else:
        answer = _matching(typed, chosen, Wanted(counted=counted, told=max(told, REORDERED)))
        if not answer.best:
            answer = _near(typed, chosen)
            near = bool(answer.best)
    shown = answer.best[start : start + limit]
    return Found(
        words=typed,
        hits=list(map(Hit, listed_of([one.fields for one in shown]), [one.score for one in shown])),
        total=answer.total,
        near=near,
        departments=[
            FoundOffice(slug or office, office, office_en, number)
            for slug, office, office_en, number in answer.counts.get("offices") or []
        ],
        audiences=answer.counts.get("audiences") or {},
    )


def all_can_be_found() -> bool:
    """Whether every matter in use has its entry in the search."""
    return not HandlingItem.objects.filter(state=HandlingItem.State.IN_USE, search_entry=None).exists()


def suggest(words: str, *, limit: int = 8) -> list[Suggestion]:
    """Return lines for under the search box: everyday names that begin so, then matters. One or two queries."""
    typed = clean_line(words)[:LONGEST_QUERY]
    if not typed:
        return []
    latin = "".join(wording.latin_of(typed)) if not wording.chinese_of(typed) else ""
    everyday = [name for name in all_everyday_names() if _begins(name, typed, latin)][:3]
    found = search(typed, limit=limit, counted=2 * REORDERED)
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


def _matching(typed: str, filters: Filters, wanted: Wanted) -> _Answer:
    plain = unicodedata.normalize("NFKC", typed)
    apart = Typed(
        text=typed,
        tokens=wording.telling_words_of(plain)[:MOST_WORDS],
        latin=[one for one in wording.latin_of(plain) if len(one) > 1][:MOST_WORDS],
        wholes=whole_names_in(plain),
        pairs=sorted(wording.character_pairs(plain)),
    )
    statement = match_statement(apart, filters, wanted)
    return _by_sound(typed, _answer(statement), best=REORDERED, weight=10) if statement else _Answer([])


def _near(typed: str, filters: Filters) -> _Answer:
    pairs = sorted(wording.pairs_typed(unicodedata.normalize("NFKC", typed)))[:MOST_PAIRS]
    if not pairs:
        return _Answer([])
    statement = near_statement(pairs, NEAR_ENOUGH, filters, Wanted(counted=NEAR, told=NEAR))
    answer = _by_sound(typed, _answer(statement), best=NEAR, weight=100)
    return replace(answer, total=min(answer.total, NEAR))


def _by_sound(typed: str, answer: _Answer, *, best: int, weight: int) -> _Answer:
    """Order the best few once more by how near their names sound to what was typed.

    Near is: how much of what was typed occurs in the name, and how little else the name holds; counted in pairs of
    letters of the sounds, so that a letter too many or too few costs little.
    """
    heard = _letter_pairs(_heard(typed).sounds)

    def nearness(one: _Candidate) -> float:
        name = _heard(one.fields.name)
        shared = sum(pair in name.sounds for pair in heard)
        return one.score + weight * (shared / max(1, len(heard)) + 2 * shared / max(1, len(heard) + name.pairs))

    first = sorted(answer.best[:best], key=nearness, reverse=True)
    return replace(answer, best=[*first, *answer.best[best:]])


class _Heard(NamedTuple):
    """A text as it is heard, and how many different pairs of letters that has."""

    sounds: str
    pairs: int


@lru_cache(maxsize=MOST_NAMES_HEARD)
def _heard(text: str) -> _Heard:
    sounds = wording.heard_as(text)
    return _Heard(sounds, len(_letter_pairs(sounds)))


def _letter_pairs(sounds: str) -> set[str]:
    return set(map(str.__add__, sounds, sounds[1:]))


def _answer(statement: Statement) -> _Answer:
    sql, values = statement
    with connection.cursor() as cursor:
        cursor.execute(Message((sql, len(values))), values)
        rows = cursor.fetchall()
    if not rows:
        return _Answer([])
    best = [_Candidate(RowFields._make([*row[:7], tuple(row[7]), *row[8:10], *row[12:15]]), row[11]) for row in rows]
    return _Answer(best, total=rows[0][10], counts=_counts(rows[0][15]))


def _counts(told: object) -> dict[str, Any]:
    """Return the counts, which the driver gives as the ORM has it: as text."""
    counted: Any = json.loads(told) if isinstance(told, str) else told
    found: dict[str, Any] = counted or {}
    return found
