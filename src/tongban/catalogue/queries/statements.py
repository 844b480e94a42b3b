# ruff: noqa: S608 - all parts are written here
"""The statements of search, put together from fixed parts; everything typed travels as a value.

Each word, everyday name, sound and pair is looked up by itself, by its index, and what is found is added up: PostgreSQL
then touches only rows that fit somewhere, and takes apart no long text.
"""

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tongban.catalogue.queries.searching import Filters

Statement = tuple[str, dict[str, Any]]

_ENTRY = "SELECT handling_item_id AS id, {named} AS named, {anywhere} AS anywhere, {whole} AS whole, {sound} AS sound"
_FROM_ENTRY = "FROM catalogue_searchentry WHERE"
_COLUMNS = """
    item.id,
    ({score})::double precision AS score,
    item.name,
    COALESCE(organisation.name, service.authority_name) AS office,
    COALESCE(organisation.name_en, '') AS office_en,
    COALESCE(organisation.slug, service.authority_name) AS office_key,
    item.audiences,
    count(*) OVER () AS total
"""
_JOINS = """
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
    columns = _COLUMNS.format(score=_STANDING)
    return f"SELECT {columns} FROM catalogue_handlingitem AS item {_JOINS} {narrowed} {_ORDER}", values | {
        "limit": limit
    }


def match_statement(
    typed: str, tokens: list[str], latin: list[str], wholes: list[str], filters: "Filters", limit: int
) -> Statement:
    """What fits by words, by an everyday name, by pinyin or by initials.

    A name that is or holds what was typed counts most, then an everyday name, then the share of the words that occur
    in the name, in everyday names and the result, then anywhere: in offices, themes, the text. At least half of the
    characters of the words must occur.
    """
    narrowed, values = _narrowed(filters)
    characters = sum(map(len, tokens))
    values |= {"typed": typed, "limit": limit, "half": characters / 2, "characters": max(1, characters)}
    branches = [*_words(tokens, values), *_wholes(wholes, values), *_sounds(latin, values)]
    if not branches:
        return browse_statement(filters, 0)
    score = [
        "CASE WHEN item.name = %(typed)s OR lower(item.name_en) = lower(%(typed)s) THEN 200 ELSE 0 END",
        "CASE WHEN strpos(item.name, %(typed)s) > 0 THEN 60 ELSE 0 END",
        "60 * hit.whole + hit.sound + (70.0 * hit.named + 20.0 * hit.anywhere) / %(characters)s",
        _STANDING,
    ]
    if not re.search(LATER_TURNS, typed):
        values["later_turns"] = LATER_TURNS
        score.append("CASE WHEN item.name ~ %(later_turns)s THEN -6 ELSE 0 END")
    columns = _COLUMNS.format(score=" + ".join(f"({part})" for part in score))
    found = " UNION ALL ".join(branches)
    statement = f"""
        WITH hit AS MATERIALIZED (
            SELECT id, sum(named) AS named, sum(anywhere) AS anywhere, max(whole) AS whole, max(sound) AS sound
            FROM ({found}) AS found
            GROUP BY id
            HAVING max(whole) > 0 OR max(sound) > 0 OR (sum(anywhere) > 0 AND sum(anywhere) >= %(half)s)
        )
        SELECT {columns} FROM hit JOIN catalogue_handlingitem AS item ON item.id = hit.id {_JOINS} {narrowed} {_ORDER}
    """
    return statement, values


def _branch(condition: str, **counts: str) -> str:
    told = {"named": "0", "anywhere": "0", "whole": "0", "sound": "0"} | counts
    return f"{_ENTRY.format(**told)} {_FROM_ENTRY} {condition}"


def _words(tokens: list[str], values: dict[str, Any]) -> list[str]:
    """How many characters of the words typed occur, in names and anywhere."""
    branches = []
    for number, token in enumerate(tokens):
        values[f"t{number}"] = f"'{token.replace(chr(39), '')}'"
        length = str(len(token))
        branches.append(_branch(f"names @@ %(t{number})s::tsquery", named=length))
        branches.append(_branch(f"words @@ %(t{number})s::tsquery", anywhere=length))
    return branches


def _wholes(wholes: list[str], values: dict[str, Any]) -> list[str]:
    """Everyday names that stand in what was typed."""
    if not wholes:
        return []
    values["wholes"] = wholes
    return [_branch("pairs && %(wholes)s::text[]", whole="1")]


def _sounds(latin: list[str], values: dict[str, Any]) -> list[str]:
    """Pinyin and initials: any part of a name, its beginning, the whole of it. All runs of letters must fit."""
    score, fits = [], []
    for number, letters in enumerate(latin):
        part = f"%(l{number})s"
        values |= {f"l{number}": f"%{letters}%", f"b{number}": f"(^| ){letters}", f"w{number}": f"(^| ){letters}( |$)"}
        fits.append(f"(pinyin LIKE {part} OR initials LIKE {part})")
        score += [
            f"CASE WHEN {column} LIKE {part} THEN 15 + CASE WHEN {column} ~ %(b{number})s THEN 15 ELSE 0 END"
            f" + CASE WHEN {column} ~ %(w{number})s THEN 30 ELSE 0 END ELSE 0 END"
            for column in ("pinyin", "initials")
        ]
    return [_branch(" AND ".join(fits), sound=" + ".join(score))] if latin else []


def near_statement(pairs: list[str], enough: float, filters: "Filters", limit: int) -> Statement:
    """What shares enough pairs of characters or sounds with what was typed."""
    narrowed, values = _narrowed(filters)
    values |= {f"p{number}": [pair] for number, pair in enumerate(pairs)}
    values |= {"enough": enough * len(pairs), "number": len(pairs), "limit": limit}
    found = " UNION ALL ".join(
        f"SELECT handling_item_id AS id {_FROM_ENTRY} pairs @> %(p{number})s::text[]" for number in range(len(pairs))
    )
    columns = _COLUMNS.format(score=f"100.0 * hit.shared / %(number)s + {_STANDING}")
    statement = f"""
        WITH hit AS MATERIALIZED (
            SELECT id, count(*) AS shared FROM ({found}) AS found GROUP BY id HAVING count(*) >= %(enough)s
        )
        SELECT {columns} FROM hit JOIN catalogue_handlingitem AS item ON item.id = hit.id {_JOINS} {narrowed} {_ORDER}
    """
    return statement, values
