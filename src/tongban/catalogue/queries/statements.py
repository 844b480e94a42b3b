"""The statements of search, put together from fixed parts; everything typed travels as a value."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tongban.catalogue.queries.searching import Filters

Statement = tuple[str, dict[str, Any]]

_COLUMNS = """
    item.id,
    ({score})::double precision AS score,
    item.name,
    COALESCE(organisation.name, service.authority_name) AS office,
    COALESCE(organisation.slug, service.authority_name) AS office_key,
    item.audiences
"""
_FROM = """
    FROM catalogue_handlingitem AS item
    JOIN catalogue_searchentry AS entry ON entry.handling_item_id = item.id
    JOIN catalogue_serviceitem AS service ON service.id = item.service_item_id
    LEFT JOIN organisations_organisation AS organisation ON organisation.id = service.organisation_id
    WHERE item.state <> 'cancelled'
"""
_ORDER = "ORDER BY score DESC, item.name, item.id LIMIT %(limit)s"
_STANDING = """
    CASE WHEN item.applicable THEN 8 WHEN item.has_guide THEN 2 ELSE 0 END + ln(1 + item.times_applied)
"""
"""What can be applied for comes first, and what is used most, where the words fit equally."""
LATER_TURNS = "变更|注销|延续|补|换发|换证|停业|歇业|撤销|恢复"
"""What somebody asks for who has the thing already; who does not say so means the first time."""


def _narrowed(filters: "Filters") -> Statement:
    parts: list[str] = []
    values: dict[str, Any] = {}
    if filters.audience:
        parts.append("AND item.audiences @> ARRAY[%(audience)s]::varchar[]")
        values["audience"] = filters.audience
    if filters.department:
        parts.append("AND COALESCE(organisation.slug, service.authority_name) = %(department)s")
        values["department"] = filters.department
    if filters.theme:
        parts.append(
            "AND EXISTS (SELECT 1 FROM catalogue_handlingitem_themes AS link"
            " JOIN catalogue_theme AS theme ON theme.id = link.theme_id"
            " WHERE link.handlingitem_id = item.id AND theme.code = %(theme)s)"
        )
        values["theme"] = filters.theme
    if filters.applicable:
        parts.append("AND item.applicable AND item.state = 'in_use'")
    return "\n".join(parts), values


def browse_statement(filters: "Filters", limit: int) -> Statement:
    """Everything, what is used most first."""
    narrowed, values = _narrowed(filters)
    return f"SELECT {_COLUMNS.format(score=_STANDING)} {_FROM} {narrowed} {_ORDER}", values | {"limit": limit}


def match_statement(
    typed: str, tokens: list[str], latin: list[str], wholes: list[str], filters: "Filters", limit: int
) -> Statement:
    """What fits by words, by an everyday name, by pinyin or by initials.

    A name that is or holds what was typed counts most, then an everyday name, then the share of the words that occur,
    in the name, in everyday names and results, in offices and themes, in the text.
    """
    narrowed, values = _narrowed(filters)
    values |= {"typed": typed, "any": _query(tokens, " | "), "wholes": _query(wholes, " | "), "limit": limit}
    score = [
        "CASE WHEN item.name = %(typed)s OR lower(item.name_en) = lower(%(typed)s) THEN 200 ELSE 0 END",
        "CASE WHEN strpos(item.name, %(typed)s) > 0 THEN 60 ELSE 0 END",
        "CASE WHEN entry.words @@ %(wholes)s::tsquery THEN 60 ELSE 0 END",
        "30 * ts_rank('{0.02,0.1,0.5,1.0}', entry.words, %(any)s::tsquery, 1)",
        _STANDING,
    ]
    if not re.search(LATER_TURNS, typed):
        values["later_turns"] = LATER_TURNS
        score.append("CASE WHEN item.name ~ %(later_turns)s THEN -6 ELSE 0 END")
    fits = ["entry.words @@ %(wholes)s::tsquery"]
    if tokens:
        coverage, named, more = _coverage(tokens)
        values |= more | {"half": sum(map(len, tokens)) / 2}
        score += [f"40.0 * ({named}) / (2 * %(half)s)", f"20.0 * ({coverage}) / (2 * %(half)s)"]
        fits.append(f"(entry.words @@ %(any)s::tsquery AND ({coverage}) >= %(half)s)")
    if latin:
        sounds, fitting, more = _sounds(latin)
        values |= more
        score.append(sounds)
        fits.append(fitting)
    whole_score = " + ".join(f"({part})" for part in score)
    statement = f"SELECT {_COLUMNS.format(score=whole_score)} {_FROM} {narrowed} AND ({' OR '.join(fits)}) {_ORDER}"
    return statement, values


def _query(lexemes: list[str], between: str) -> str:
    """Return the text of a tsquery. Lexemes hold letters, digits and Chinese only; quotes keep operators out."""
    return between.join(f"'{lexeme.replace(chr(39), '')}'" for lexeme in lexemes)


def _coverage(tokens: list[str]) -> tuple[str, str, dict[str, Any]]:
    """How many characters of the words typed occur at all, and in the name or an everyday name."""
    values: dict[str, Any] = {}
    anywhere, named = [], []
    for number, token in enumerate(tokens):
        values |= {f"t{number}": _query([token], ""), f"n{number}": f"{_query([token], '')}:AB"}
        anywhere.append(f"CASE WHEN entry.words @@ %(t{number})s::tsquery THEN {len(token)} ELSE 0 END")
        named.append(f"CASE WHEN entry.words @@ %(n{number})s::tsquery THEN {len(token)} ELSE 0 END")
    return " + ".join(anywhere), " + ".join(named), values


def _sounds(latin: list[str]) -> tuple[str, str, dict[str, Any]]:
    """Pinyin and initials: a whole name, its beginning, any part of it."""
    values: dict[str, Any] = {}
    score, fits = [], []
    for number, letters in enumerate(latin):
        part = f"%(l{number})s"
        values |= {f"l{number}": f"%{letters}%", f"b{number}": f"(^| ){letters}", f"w{number}": f"(^| ){letters}( |$)"}
        fits.append(f"(entry.pinyin LIKE {part} OR entry.initials LIKE {part})")
        for column in ("pinyin", "initials"):
            score.append(f"CASE WHEN entry.{column} LIKE {part} THEN 15 ELSE 0 END")
            score.append(f"CASE WHEN entry.{column} ~ %(b{number})s THEN 15 ELSE 0 END")
            score.append(f"CASE WHEN entry.{column} ~ %(w{number})s THEN 30 ELSE 0 END")
    return " + ".join(score), f"({' AND '.join(fits)})", values


@dataclass(frozen=True, slots=True)
class _Fuzzy:
    """What shares enough pairs with what was typed."""

    def for_filters(self, filters: "Filters") -> Statement:
        narrowed, values = _narrowed(filters)
        shared = (
            "(SELECT count(*) FROM unnest(entry.pairs) AS pair WHERE pair = ANY(%(pairs)s::text[]))"
            " / cardinality(%(pairs)s::text[])::double precision"
        )
        score = f"100 * {shared} + {_STANDING}"
        statement = (
            f"SELECT {_COLUMNS.format(score=score)} {_FROM} {narrowed}"
            f" AND entry.pairs && %(pairs)s::text[] AND {shared} >= %(enough)s {_ORDER}"
        )
        return statement, values


FUZZY = _Fuzzy()
