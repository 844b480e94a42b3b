# ruff: noqa: S608 - all parts are written here
"""The statements of search, put together from fixed parts; everything typed travels as a value.

What fits is found and ordered within one index (`search_word_once`: word, item, and what the order needs), so that a
word that stands in half of all matters costs a millisecond. Only the best are looked up in the tables of matters: they
are put in their exact order, counted by office and audience, and the first of them are told with all that a list shows.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tongban.catalogue.queries.searching import Filters

Statement = tuple[str, dict[str, Any]]

PAIR = "~"
"""Before a pair, as the triggers write it."""
RUN = 3
"""Letters of pinyin or initials that are looked up together."""
LATER_TURNS = "变更|注销|延续|补|换发|换证|停业|歇业|撤销|恢复"
"""What somebody asks for who has the thing already; who does not say so means the first time. As in the triggers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How much of what was found is wanted: matters that are ordered and counted, rows that are told of them."""

    counted: int
    told: int


_WORDS = """
    SELECT handling_item_id AS id, characters, CASE WHEN named THEN 90 ELSE 20 END * characters AS points,
        CASE WHEN characters = 0 THEN 1 ELSE 0 END AS whole, 0 AS sound,
        CASE WHEN later THEN %(later)s ELSE 0 END AS later, standing
    FROM catalogue_searchword WHERE word = ANY(%(words)s::text[] || %(wholes)s::text[])
"""
_FOUND_SOUNDS = """
    SELECT item.id, 0, 0, 0, {sound}, CASE WHEN item.name ~ %(later_turns)s THEN %(later)s ELSE 0 END,
        catalogue_standing(item.applicable, item.has_guide, item.times_applied)
    FROM catalogue_searchentry AS entry JOIN catalogue_handlingitem AS item ON item.id = entry.handling_item_id
    WHERE item.state <> 'cancelled' AND entry.letters @> %(runs)s::text[] AND {fits}
"""
_MATCHING = """
    SELECT id, 60 * max(whole) + max(sound) - max(later) + sum(points)::double precision / %(characters)s AS fit,
        max(standing) AS rough
    FROM ({found}) AS found
    {narrowed}
    GROUP BY id
    HAVING max(whole) > 0 OR max(sound) > 0 OR (sum(characters) > 0 AND 2 * sum(characters) >= %(characters)s)
"""
_MATCHING_ONE_WORD = """
    SELECT handling_item_id AS id, (CASE WHEN named THEN 90 ELSE 20 END - CASE WHEN later THEN %(later)s ELSE 0 END
        + CASE WHEN handling_item_id IN (
            SELECT handling_item_id FROM catalogue_searchword WHERE word = ANY(%(wholes)s::text[])
        ) THEN 60 ELSE 0 END)::double precision AS fit, standing AS rough
    FROM catalogue_searchword AS found WHERE word = %(word)s {narrowed}
    UNION ALL
    SELECT DISTINCT handling_item_id, 60 - CASE WHEN later THEN %(later)s ELSE 0 END, standing
    FROM catalogue_searchword AS found WHERE word = ANY(%(wholes)s::text[]) {narrowed} AND NOT EXISTS (
        SELECT FROM catalogue_searchword AS named WHERE named.word = %(word)s
            AND named.handling_item_id = found.handling_item_id
    )
"""
"""The same where one word was typed, as most people do: a word stands once with an item, so that nothing is grouped."""
_INSIDE = "SELECT handling_item_id FROM catalogue_searchentry WHERE pairs @> %(inside)s::text[]"
_INSIDE_AS_PAIR = "SELECT handling_item_id FROM catalogue_searchword WHERE word = %(inside)s"
_RATHER = """
    + CASE WHEN (SELECT total FROM size) > %(counted)s AND id IN ({inside}) THEN 60 ELSE 0 END
"""
"""Names that hold each pair of what was typed likely hold all of it: they must be among the best that are looked up.

Asked only where not all are looked up.
"""
_NEAR = """
    SELECT handling_item_id AS id, 100 * count(*)::double precision / %(number)s AS fit, max(standing) AS rough
    FROM catalogue_searchword AS found
    WHERE word = ANY(%(words)s::text[]) {narrowed}
    GROUP BY handling_item_id HAVING count(*) >= %(enough)s
"""
_BROWSING = """
    SELECT item.id, 0::double precision AS fit, {standing} AS rough
    FROM catalogue_handlingitem AS item {joins} WHERE item.state <> 'cancelled' {narrowed}
"""
_STANDING = "CASE WHEN item.applicable THEN 8 WHEN item.has_guide THEN 2 ELSE 0 END + ln(1 + item.times_applied)"
"""What can be applied for comes first, and what is used most, where the words fit equally."""
_JOINS = """
    JOIN catalogue_serviceitem AS service ON service.id = item.service_item_id
    LEFT JOIN organisations_organisation AS organisation ON organisation.id = service.organisation_id
"""
_WHOLE = """
    WITH hits AS MATERIALIZED ({hits}), size AS MATERIALIZED (SELECT count(*) AS total FROM hits), hit AS MATERIALIZED (
        SELECT id, fit FROM hits ORDER BY fit + rough {rather} DESC, id LIMIT %(counted)s
    ), best AS MATERIALIZED (
        SELECT item.id, item.code, item.name, item.name_en, item.state, item.applicable, item.has_guide,
            item.audiences, item.times_applied, item.current_id, (SELECT total FROM size) AS total,
            ({score})::double precision AS score,
            COALESCE(organisation.name, service.authority_name) AS office,
            COALESCE(organisation.name_en, '') AS office_en,
            COALESCE(organisation.slug, '') AS office_slug
        FROM hit JOIN catalogue_handlingitem AS item ON item.id = hit.id {joins}
    ), alike AS MATERIALIZED (
        SELECT office_slug, office, office_en, audiences, count(*) AS number, max(score) AS first FROM best
        GROUP BY office_slug, office, office_en, audiences
    )
    SELECT best.*, CASE WHEN row_number() OVER (ORDER BY score DESC, name COLLATE "C", id) = 1 THEN
        jsonb_build_object('offices', ({offices}), 'audiences', ({audiences})) END AS counts
    FROM best ORDER BY score DESC, name COLLATE "C", id LIMIT %(told)s
"""
_OFFICES = """
    SELECT jsonb_agg(
        jsonb_build_array(office_slug, office, office_en, number) ORDER BY number DESC, first DESC, office, office_slug
    ) FROM (
        SELECT office_slug, office, office_en, sum(number)::bigint AS number, max(first) AS first
        FROM alike WHERE office <> ''
        GROUP BY office_slug, office, office_en
    ) AS offices
"""
_AUDIENCES = """
    SELECT jsonb_object_agg(audience, number) FROM (
        SELECT audience, sum(number)::bigint AS number FROM alike, unnest(audiences) AS audience GROUP BY audience
    ) AS audiences
"""


def _statement(hits: str, score: str, values: dict[str, Any], wanted: Wanted, *, rather: str = "") -> Statement:
    statement = _WHOLE.format(
        hits=hits, score=score, rather=rather, joins=_JOINS, offices=_OFFICES, audiences=_AUDIENCES
    )
    return statement, values | {"counted": wanted.counted, "told": wanted.told}


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


def _among(column: str, filters: "Filters") -> Statement:
    """Return the condition that a matter is one of those the filters leave; empty without filters."""
    narrowed, values = _narrowed(filters)
    if not narrowed:
        return "", {}
    return f"{column} IN (SELECT item.id FROM catalogue_handlingitem AS item {_JOINS} WHERE true {narrowed})", values


def browse_statement(filters: "Filters", wanted: Wanted) -> Statement:
    """Everything, what is used most first."""
    narrowed, values = _narrowed(filters)
    joins = _JOINS if filters.department else ""
    return _statement(
        _BROWSING.format(standing=_STANDING, joins=joins, narrowed=narrowed), f"hit.fit + {_STANDING}", values, wanted
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What was typed, taken apart: words, runs of letters, everyday names in one piece, pairs of its characters."""

    text: str
    tokens: list[str]
    latin: list[str]
    wholes: list[str]
    pairs: list[str]


def match_statement(typed: Typed, filters: "Filters", wanted: Wanted) -> Statement | None:
    """What fits by words, by an everyday name, by pinyin or by initials; None where nothing can.

    A name that is or holds what was typed counts most, then an everyday name, then the share of the words that occur
    in the name, in everyday names and the result, then anywhere: in offices, themes, the text. At least half of the
    characters of the words must occur.
    """
    if not (typed.tokens or typed.wholes or typed.latin):
        return None
    alone = len(typed.tokens) == 1 and not typed.latin
    among, values = _among("found.handling_item_id" if alone else "found.id", filters)
    values |= {
        "typed": typed.text,
        "wholes": typed.wholes,
        "characters": max(1, sum(map(len, typed.tokens))),
        "later": 0 if re.search(LATER_TURNS, typed.text) else 6,
    }
    if alone:
        values["word"] = typed.tokens[0]
        hits = _MATCHING_ONE_WORD.format(narrowed=among and f"AND {among}")
    else:
        values |= {"words": typed.tokens, "later_turns": LATER_TURNS}
        found = [_WORDS, *([_sounds(typed.latin, values)] if typed.latin else [])]
        hits = _MATCHING.format(found=" UNION ALL ".join(found), narrowed=among and f"WHERE {among}")
    rather = ""
    if typed.pairs:
        single = len(typed.pairs) == 1
        values["inside"] = PAIR + typed.pairs[0] if single else typed.pairs
        rather = _RATHER.format(inside=_INSIDE_AS_PAIR if single else _INSIDE)
    score = [
        "hit.fit",
        "CASE WHEN item.name = %(typed)s THEN 260 WHEN strpos(item.name, %(typed)s) > 0 THEN 60 ELSE 0 END",
        _STANDING,
    ]
    if typed.latin:
        score.append("CASE WHEN lower(item.name_en) = lower(%(typed)s) THEN 200 ELSE 0 END")
    return _statement(hits, " + ".join(f"({part})" for part in score), values, wanted, rather=rather)


def _sounds(latin: list[str], values: dict[str, Any]) -> str:
    """Pinyin and initials: any part of a name, its beginning, the whole of it. All runs of letters must fit."""
    score, fits = [], []
    for number, letters in enumerate(latin):
        part = f"%(l{number})s"
        values |= {f"l{number}": f"%{letters}%", f"b{number}": f"(^| ){letters}", f"w{number}": f"(^| ){letters}( |$)"}
        fits.append(f"(entry.pinyin LIKE {part} OR entry.initials LIKE {part})")
        score += [
            f"CASE WHEN {column} LIKE {part} THEN 15 + CASE WHEN {column} ~ %(b{number})s THEN 15 ELSE 0 END"
            f" + CASE WHEN {column} ~ %(w{number})s THEN 30 ELSE 0 END ELSE 0 END"
            for column in ("entry.pinyin", "entry.initials")
        ]
    values["runs"] = sorted(set().union(*map(_runs, latin)))
    return _FOUND_SOUNDS.format(sound=" + ".join(score), fits=" AND ".join(fits))


def _runs(letters: str) -> set[str]:
    size = min(RUN, len(letters))
    return {letters[place : place + size] for place in range(len(letters) - size + 1)}


def near_statement(pairs: list[str], enough: float, filters: "Filters", wanted: Wanted) -> Statement:
    """What shares enough pairs of characters or sounds with what was typed."""
    among, values = _among("found.handling_item_id", filters)
    values |= {"words": [PAIR + pair for pair in pairs], "number": len(pairs), "enough": enough * len(pairs)}
    return _statement(_NEAR.format(narrowed=among and f"AND {among}"), f"hit.fit + {_STANDING}", values, wanted)
