"""A dropped file is taken in whole or not at all: checked, sealed, and put in the place of the one before at once."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from pydantic import ValidationError

from tongban.base.actor import SYSTEM
from tongban.exchange import events
from tongban.exchange.actions.settling import settled_subjects
from tongban.exchange.contrib.drop import reading
from tongban.exchange.contrib.drop.source import seal_row
from tongban.exchange.models import DropLoad, DropRow, Source
from tongban.exchange.providers import SourceAway
from tongban.exchange.queries.sources import shapes_of_resource
from tongban.exchange.rules.calls import About
from tongban.exchange.rules.outside.codes import Why
from tongban.exchange.rules.outside.settings import DropSettings
from tongban.exchange.rules.outside.values import Reading, Shape, Unfit, fitted
from tongban.exchange.rules.subjects import Subject, SubjectKind
from tongban.ledger import actions as ledger

AT_ONCE = 5000
MOST_NAMED = 5
DIED_AFTER = timedelta(hours=2)
READ_UNTIL = timedelta(minutes=5)
"""Whoever reads just now may still have the load before in hand."""
Row = tuple[UUID, bytes]
Piece = TypeVar("Piece")


class _Rows:
    """The rows of a file, checked one by one; lines that are wrong are counted, and the first few named."""

    def __init__(self, source: Source, declared: DropSettings, shapes: Mapping[str, Shape]) -> None:
        self.source, self.declared, self.shapes = source, declared, shapes
        self.reading = Reading(ZoneInfo(declared.zone), declared.yuan, all_text=True)
        self.good, self.bad, self.named = 0, 0, list[str]()

    def checked(self, lines: Iterable[tuple[int, dict[str, str]]]) -> Iterator[Row]:
        """Give each good row as subject and sealed values. Raises SourceAway."""
        for some in _by_pieces(lines):
            subjects = settled_subjects([self._about(said) for _line, said in some])
            for (line, said), subject in zip(some, subjects, strict=True):
                row = self._row(line, said, subject)
                if row is None:
                    self.bad += 1
                    if self.bad > self.declared.bad_rows:
                        raise SourceAway(Why.BAD_ROWS, "; ".join(self.named))
                    continue
                self.good += 1
                if self.good > self.declared.most_rows:
                    raise SourceAway(Why.TOO_MANY_ROWS)
                yield row
        if self.good < self.declared.least_rows:
            raise SourceAway(Why.TOO_FEW_ROWS, str(self.good))

    def _about(self, said: Mapping[str, str]) -> About:
        kind: SubjectKind = "enterprise" if self.source.resource.subject_kind == "enterprise" else "person"
        paper = self.declared.identity_kinds[0] if self.declared.identity_kinds else "resident_identity_card"
        return About(kind=kind, number=said[self.declared.number_heading], identity_kind=paper)

    def _row(self, line: int, said: Mapping[str, str], subject: Subject | None) -> Row | None:
        if subject is None:
            self._name(f"{line}: {self.declared.number_heading}")
            return None
        values = {code: said[heading] for code, heading in self.declared.fields.items()}
        for code, value in values.items():
            try:
                fitted(self.shapes[code], value, self.reading)
            except Unfit as unfit:
                self._name(f"{line} {code}: {unfit.why}")
                return None
        return subject.key, seal_row(self.source.resource_id, subject.key, values)

    def _name(self, what: str) -> None:
        if len(self.named) < MOST_NAMED:
            self.named.append(what)


def take_in(*, source: Source, now: datetime) -> DropLoad | None:
    """Take in the file of a source if it is another one than that in force; returns the load, or None.

    Its rows come in piece by piece and are seen by nobody; one last step puts them in the place of those before.
    Raises SourceAway: then the file before stays in force.
    """
    try:
        declared = DropSettings.model_validate(source.settings)
    except ValidationError as wrong:
        raise SourceAway(Why.SETTINGS) from wrong
    seen = reading.look(declared, source.resource_id)
    standing = _in_force(source)
    if standing is not None and _is_taken_in(standing, seen.stamp, declared):
        return None
    taken = reading.take(declared, source.resource_id, now=now)
    with taken.copy:
        rows = _Rows(source, declared, shapes_of_resource(source.resource))
        if missing := sorted(code for code in declared.fields if code not in rows.shapes):
            raise SourceAway(Why.NOT_DECLARED, " ".join(missing))
        load = DropLoad.objects.create(
            source=source,
            stamp=taken.seen.stamp,
            sha256=taken.sha256,
            rows=0,
            fields=sorted(declared.fields),
            file_at=taken.seen.file_at,
            began_at=now,
        )
        try:
            checked = rows.checked(reading.rows(taken.copy, declared))
            for some in _by_pieces(checked):
                _copy(load, some)
        except SourceAway:
            _forget(load)
            raise
    return _swap(load, rows, now)


def _by_pieces(whole: Iterable[Piece]) -> Iterator[list[Piece]]:
    rest = iter(whole)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def _in_force(source: Source) -> DropLoad | None:
    return DropLoad.objects.filter(source=source, in_force_since__isnull=False, ended_at__isnull=True).first()


def _is_taken_in(load: DropLoad, stamp: str, declared: DropSettings) -> bool:
    return load.stamp == stamp and set(declared.fields) <= set(load.fields)


@transaction.atomic
def _copy(load: DropLoad, rows: list[Row]) -> None:
    with connection.cursor() as cursor:
        into = "COPY exchange_droprow (load_id, subject_key, sealed) FROM STDIN"
        with cursor.cursor.copy(into) as copy:
            for key, sealed in rows:
                copy.write_row((load.id, key, sealed))


@transaction.atomic
def _swap(load: DropLoad, rows: _Rows, now: datetime) -> DropLoad:
    Source.objects.select_for_update().get(id=load.source_id)
    DropLoad.objects.filter(source_id=load.source_id, in_force_since__isnull=False, ended_at__isnull=True).update(
        ended_at=now
    )
    load.rows, load.bad_rows, load.in_force_since = rows.good, rows.bad, now
    load.save(update_fields=["rows", "bad_rows", "in_force_since"])
    resource = rows.source.resource
    resource.updated_at = now
    resource.save(update_fields=["updated_at"])
    taken_in = events.SourceTakenIn(subject_id=resource.id, source_kind="csv", rows=rows.good)
    ledger.record(taken_in, actor=SYSTEM, now=now)
    return load


def forget_old_drops(*, now: datetime) -> int:
    """Delete rows of files that are in force no more, and of those whose taking in died. Returns how many."""
    started = DropLoad.objects.filter(in_force_since__isnull=True, began_at__lt=now - DIED_AFTER)
    old = [*DropLoad.objects.filter(ended_at__lt=now - READ_UNTIL), *started]
    for load in old:
        _forget(load)
    return len(old)


def _forget(load: DropLoad) -> None:
    DropRow.objects.filter(load=load)._raw_delete("default")  # noqa: SLF001 - rows without anything that points to them
    load.delete()
