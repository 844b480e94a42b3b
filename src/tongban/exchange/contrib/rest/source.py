"""Asks a REST service of another office: one request, at the place that the operator allows, whose answer is bounded.

Redirections are not followed. What is asked stands percent-encoded in the address, or as a text in the body. What the
answer has beside the declared paths is named, so that the gate cuts it and records the fault.
"""

import io
import json
import re
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any
from urllib.parse import quote, urlsplit

from tongban.exchange.contrib.neighbours.line import Answered, Away, Lines, Sent
from tongban.exchange.contrib.outside.guard import GUARD, let_go
from tongban.exchange.contrib.outside.source import NOT_THERE, Asked, Fetched, Outside, check_place
from tongban.exchange.providers import SourceAway
from tongban.exchange.rules.outside import paths
from tongban.exchange.rules.outside.codes import Why
from tongban.exchange.rules.outside.settings import RestSettings
from tongban.exchange.rules.rows import MOST_ADDED, told_name

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
OK = 200
GRACE_SECONDS = 1
"""For finding the address of a name, which the line's own deadline does not reach."""
DEEPEST = 64
"""Arrays and objects within each other."""


@lru_cache(maxsize=1)
def lines() -> Lines:
    """Return the lines to REST services; made at the first call, after the process was forked."""
    return Lines()


class RestSource(Outside[RestSettings]):
    """The kind "rest"."""

    settings = RestSettings

    def fetch(self, asked: Asked[RestSettings]) -> Fetched:
        """Return the records of the answer. Raises SourceAway."""
        declared = asked.settings
        check_place(declared.place)
        let_go()
        answered = GUARD.ask(
            asked.source.resource_id, partial(_exchange, asked), seconds=declared.seconds + GRACE_SECONDS
        )
        if answered.status in declared.nothing:
            return Fetched(())
        return _fetched(asked, _document(answered))


def _exchange(asked: Asked[RestSettings]) -> Answered:
    declared, said = asked.settings, 0

    def took(piece: bytes) -> None:
        nonlocal said
        said += len(piece)
        if said > declared.largest:
            raise Away(Why.TOO_LARGE)

    try:
        answered = lines().exchange(_sent(asked), seconds=declared.seconds, took=took)
    except Away as away:
        raise SourceAway(away.why) from away
    if answered.status != OK and answered.status not in declared.nothing:
        raise SourceAway(Why.STATUS, str(answered.status))
    return answered


def _sent(asked: Asked[RestSettings]) -> Sent:
    declared = asked.settings
    parts = urlsplit(declared.url)
    words = _words(asked)
    target = _filled(parts.path or "/", words, lambda text: quote(text, safe=""))
    query = _filled(parts.query, words, lambda text: quote(text, safe=""))
    headers = [("accept", "application/json"), ("user-agent", "tongban")]
    if declared.header and asked.source.secrets.get("header"):
        headers.append((declared.header.lower(), str(asked.source.secrets["header"])))
    body = None
    if declared.body is not None:
        body = json.dumps(_filled_in(declared.body, words), ensure_ascii=False).encode()
        headers.append(("content-type", "application/json"))
    return Sent(
        origin=declared.origin,
        method=declared.method,
        target=target + (f"?{query}" if query else ""),
        headers=tuple(headers),
        body=io.BytesIO(body) if body is not None else None,
        length=len(body) if body is not None else 0,
    )


def _words(asked: Asked[RestSettings]) -> Mapping[str, str]:
    return {
        "number": asked.subject.number,
        "identity_kind": asked.subject.identity_kind,
        "fields": ",".join(asked.settings.fields[code] for code in asked.fields),
        "valid_on": asked.as_of.valid_on.isoformat(),
    }


def _filled(text: str, words: Mapping[str, str], written: Callable[[str], str]) -> str:
    return _PLACEHOLDER.sub(lambda place: written(words[place[1]]), text)


def _filled_in(value: Any, words: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return {name: _filled_in(one, words) for name, one in value.items()}
    if isinstance(value, list):
        return [_filled_in(one, words) for one in value]
    return _filled(value, words, str) if isinstance(value, str) else value


def _document(answered: Answered) -> Any:  # noqa: ANN401 - JSON
    said = answered.body.read()
    if paths.is_deeper_than(said, DEEPEST):
        raise SourceAway(Why.NOT_JSON)
    try:
        return json.loads(said.decode("utf-8-sig"), parse_constant=_no_number)
    except ValueError as wrong:
        raise SourceAway(Why.NOT_JSON) from wrong


def _no_number(name: str) -> None:
    raise ValueError(name)


def _fetched(asked: Asked[RestSettings], document: object) -> Fetched:
    declared = asked.settings
    try:
        there = paths.found(document, paths.parsed(declared.records))
    except paths.NothingThere as missing:
        raise SourceAway(Why.NO_RECORDS, declared.records) from missing
    records = there if isinstance(there, list) else [] if there is None else [there]
    if len(records) > declared.most_records:
        raise SourceAway(Why.TOO_MANY)
    if not all(isinstance(one, dict) for one in records):
        raise SourceAway(Why.NOT_A_RECORD)
    steps = {code: paths.parsed(path) for code, path in declared.fields.items()}
    known = {str(path[0]) for path in steps.values() if path} | set(declared.known_extras)
    added = sorted({told_name(name) for one in records for name in one if name not in known})[:MOST_ADDED]
    said = [{code: _value(one, steps[code], code in declared.may_lack) for code in asked.fields} for one in records]
    return Fetched(said, added)


def _value(record: object, path: paths.Path, may_lack: bool) -> object:  # noqa: FBT001 - as it is declared
    """Return what stands at a path. What was declared and is not there is a fault, unless it may lack."""
    try:
        return paths.found(record, path)
    except paths.NothingThere:
        return None if may_lack else NOT_THERE
