"""A declared source: asked within its deadline, its answer brought into the catalogue's forms, or refused whole."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings as configured
from pydantic import ValidationError

from tongban.base.rows import Change
from tongban.exchange.contrib.outside.guard import GUARD
from tongban.exchange.providers import AsOf, Inspected, Rest, Row, SourceAway, SourceSettings
from tongban.exchange.rules.outside import places
from tongban.exchange.rules.outside.codes import Why, Wrong
from tongban.exchange.rules.outside.settings import Declared
from tongban.exchange.rules.outside.values import Reading, Shape, Unfit, fitted
from tongban.exchange.rules.subjects import Subject

Settings = TypeVar("Settings", bound=Declared)
NOT_THERE = object()
"""Stands for a value that the answer should have had."""


@dataclass(frozen=True, slots=True)
class Asked(Generic[Settings]):
    """What a source is asked."""

    source: SourceSettings
    settings: Settings
    subject: Subject
    fields: Sequence[str]
    as_of: AsOf


@dataclass(frozen=True, slots=True)
class Fetched:
    """Records as the source says them, by the code of the item, and names of what it has added."""

    records: Sequence[Mapping[str, Any]]
    added: Sequence[str] = ()


class Outside(Generic[Settings]):
    """What all kinds share. A kind says how it fetches, and what its settings are."""

    within = False
    settings: type[Settings]
    all_text: ClassVar[bool] = False

    @abstractmethod
    def fetch(self, asked: Asked[Settings]) -> Fetched:
        """Return what the source says. Raises SourceAway."""

    def read(
        self,
        source: SourceSettings,
        *,
        subject: Subject,
        fields: Sequence[str],
        as_of: AsOf,
        look_up_id: UUID,
        before: Sequence[Change] = (),
    ) -> Sequence[Row]:
        """Return the records on the subject. A value that does not fit makes the whole answer void: SourceAway."""
        asked = self._asked(source, subject, fields, as_of)
        if asked is None:
            return []
        fetched = self.fetch(asked)
        rows, wrong = self._formed(asked, fetched)
        if wrong:
            raise SourceAway(Why.UNFIT, "; ".join(f"{code}: {why}" for code, why in wrong))
        return [dict.fromkeys(fetched.added) | row for row in rows]

    def inspect(self, source: SourceSettings, *, subject: Subject, as_of: AsOf) -> Inspected:
        """Read a test subject with all items declared, and say of each what is wrong."""
        declared = self._settings(source)
        asked = self._asked(source, subject, tuple(declared.fields), as_of)
        if asked is None:
            raise SourceAway(Why.NUMBER_READS_WRONG)
        fetched = self.fetch(asked)
        rows, wrong = self._formed(asked, fetched)
        empty = [code for code in asked.fields if rows and all(row.get(code) is None for row in rows)]
        return Inspected(len(rows), wrong, [one for one in empty if one not in dict(wrong)], fetched.added)

    def rest(self, source: SourceSettings) -> Rest:
        """Return the state of the circuit in this process."""
        return GUARD.rest(source.resource_id)

    def _asked(
        self, source: SourceSettings, subject: Subject, fields: Sequence[str], as_of: AsOf
    ) -> Asked[Settings] | None:
        """Return what is to be asked; None where the source knows nobody by such a paper."""
        declared = self._settings(source)
        missing = [code for code in fields if code not in declared.fields or code not in source.shapes]
        if missing:
            raise SourceAway(Why.NOT_DECLARED, " ".join(missing))
        if not subject.number:
            raise SourceAway(Why.NUMBER_UNKNOWN)
        if subject.kind == "person" and subject.identity_kind not in declared.identity_kinds:
            return None
        if as_of.other_knowledge or (as_of.other_day and not self.knows_days(declared)):
            raise SourceAway(Why.ONLY_NOW)
        return Asked(source, declared, subject, fields, as_of)

    def knows_days(self, declared: Settings) -> bool:
        """Whether the source can say what was so on another day."""
        return False

    def _settings(self, source: SourceSettings) -> Settings:
        try:
            return self.settings.model_validate(source.settings)
        except ValidationError as wrong:
            raise SourceAway(Why.SETTINGS) from wrong

    def _formed(self, asked: Asked[Settings], fetched: Fetched) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
        reading = Reading(ZoneInfo(asked.settings.zone), asked.settings.yuan, self.all_text)
        rows: list[dict[str, Any]] = []
        wrong: dict[str, str] = {}
        for record in fetched.records:
            row = {}
            for code in asked.fields:
                try:
                    row[code] = _formed(asked.source.shapes[code], record.get(code, NOT_THERE), reading)
                except Unfit as unfit:
                    wrong.setdefault(code, unfit.why)
            rows.append(row)
        return rows, list(wrong.items())


def _formed(shape: Shape, value: object, reading: Reading) -> Any:  # noqa: ANN401 - a JSON value
    if value is NOT_THERE:
        raise Unfit(Wrong.NOT_THERE)
    return fitted(shape, value, reading)


def check_place(place: str) -> None:
    """Check that the operator allows a place, now: what was taken back is asked no more. Raises SourceAway."""
    if not places.allows(configured.TONGBAN_SOURCES, place):
        raise SourceAway(Why.PLACE_NOT_ALLOWED, place)
