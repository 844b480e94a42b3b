"""Import guides: plan first, then do exactly what the plan says."""

import hashlib
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from tongban.base.actor import Actor
from tongban.base.errors import Invalid, NotFound, Refusal
from tongban.catalogue import rules
from tongban.catalogue.actions import states
from tongban.catalogue.actions.naming import publish_names
from tongban.catalogue.actions.publishing import (
    CODE_LENGTH,
    Identity,
    address_of,
    digest_of,
    moved,
    publish,
    require_manager,
)
from tongban.catalogue.actions.report import Change, PlannedItem, Report
from tongban.catalogue.errors import ImportRefused
from tongban.catalogue.guide import Guide
from tongban.catalogue.importing import elements, files, grouping
from tongban.catalogue.importing import mapping as mappings
from tongban.catalogue.importing.mapping import Mapping
from tongban.catalogue.importing.records import Broken, Problem, Remarks
from tongban.catalogue.models import HandlingItem
from tongban.organisations import queries as organisations

if TYPE_CHECKING:
    from tongban.organisations.models import Organisation

SOURCE_KEY_LENGTH = 200
NAMES_AT_ONCE = 200


def import_guides(
    *,
    actor: Actor,
    paths: Sequence[Path],
    now: datetime,
    mapping: Mapping | Path | None = None,
    region: str = "",
    organisation: str = "",
    dry_run: bool = False,
    withdraw: bool = False,
) -> Report:
    """Read guides and publish them. A second run changes nothing; what is broken is reported and the rest goes in.

    Without a mapping the shipped one is taken that fits the fields. `organisation` (credit code, slug or name) handles
    them; else the organisation that the source names by a code known here, else the intake post. `withdraw`: what the
    source no longer holds is cancelled; without it, only reported. Raises ImportRefused, Forbidden.
    """
    require_manager(actor)
    report = plan_import(paths=paths, mapping=mapping, region=region, organisation=organisation)
    report.withdraw = withdraw
    if not dry_run:
        carry_out(actor=actor, report=report, now=now)
    return report


def carry_out(*, actor: Actor, report: Report, now: datetime) -> None:
    """Do what the plan says, item by item: an interrupted import is finished by running it again."""
    names = [(one.guide, one.identity) for one in report.added if not one.guide.has_guide]
    for start in range(0, len(names), NAMES_AT_ONCE):
        publish_names(actor=actor, names=names[start : start + NAMES_AT_ONCE], now=now)
    for planned in (*report.added, *report.changed):
        if planned.change == "added" and not planned.guide.has_guide:
            continue
        try:
            publish(actor=actor, guide=planned.guide, now=now, **planned.identity.as_arguments())
        except Refusal as refusal:
            report.items.remove(planned)
            report.broken += _refused(planned.place, planned.row, refusal)
    for code, _name in report.withdrawn:
        states.cancel(actor=actor, code=code, now=now)
    report.done = True


def _refused(place: str, row: int, refusal: Refusal) -> list[Problem]:
    if isinstance(refusal, Invalid) and refusal.fields:
        return [Problem(place, row, name, words) for name, said in refusal.fields.items() for words in said]
    return [Problem(place, row, "", str(refusal))]


def plan_import(
    *, paths: Sequence[Path], mapping: Mapping | Path | None = None, region: str = "", organisation: str = ""
) -> Report:
    """Return what an import would do. Raises ImportRefused for a mapping, region or organisation that is not there."""
    chosen = _mappings(mapping)
    handled_by = _organisation(organisation)
    region_code = _region(region)
    report = Report()
    found, report.broken = files.files_in(list(paths))
    records = [
        record
        for path in found
        for record in files.records_of(path, lambda fields: _is_record(chosen, fields), report.broken)
    ]
    items = grouping.items_of(records, chosen, report.broken)
    planner = _Planner(report, handled_by, region_code, {item.mapping.source for item in items})
    for item in items:
        planner.add(item)
    planner.find_absent()
    report.broken.sort()
    _tell_unused(items, report)
    return report


def _is_record(chosen: Sequence[Mapping], fields: AnyMapping[str, object]) -> bool:
    return any(one.fits(fields) or one.part_of(fields) is not None for one in chosen)


def _mappings(mapping: Mapping | Path | None) -> tuple[Mapping, ...]:
    if mapping is None:
        return mappings.shipped()
    return (mapping if isinstance(mapping, Mapping) else mappings.read_mapping(mapping),)


def _organisation(code: str) -> "Organisation | None":
    if not code:
        return None
    found = organisations.organisation_by_code("credit_code", code) or organisations.organisation_by_name(code)
    if found is not None:
        return found
    try:
        return organisations.organisation_by_slug(code)
    except NotFound as missing:
        words = _("No organisation has the code %(code)s. Import organisations first.") % {"code": code}
        raise ImportRefused(words) from missing


def _region(code: str) -> str:
    if not code:
        return ""
    if not (code.isascii() and code.isdigit() and 2 <= len(code) <= 12):  # noqa: PLR2004 - digits of a region's code
        raise ImportRefused(_("%(code)s is no code of a region: 2 to 12 digits.") % {"code": code})
    return code.ljust(12, "0")


class _Planner:
    """Compares what is read with what is there: one look at the database for all items."""

    def __init__(self, report: Report, organisation: "Organisation | None", region: str, sources: set[str]) -> None:
        self.report = report
        self.organisation = organisation
        self.region = region
        related = ("current", "service_item__catalogue_item")
        self.known = {
            item.source_key: item
            for item in HandlingItem.objects.filter(service_item__source__in=sources).select_related(*related)
        }
        self.codes = dict(HandlingItem.objects.values_list("code", "source_key"))
        self.read: dict[str, grouping.RawItem] = {}
        self.by_code: dict[tuple[str, str], UUID | None] = {}

    def add(self, item: grouping.RawItem) -> None:
        """Read one item and note what it changes; what is wrong with it keeps only itself out."""
        place, row = item.record.place, item.record.row
        remarks = Remarks(item.record)
        try:
            read = elements.read(item, remarks)
        except Broken as wrong:
            self.report.broken.append(Problem(place, row, wrong.field, wrong.reason))
            return
        source_key = _source_key(item.mapping.source, read.key)
        if source_key in self.read:
            first = self.read[source_key].record
            if first.fields != item.record.fields:
                words = _("The same matter stands at %(place)s, row %(row)d, with other content.")
                told = words % {"place": first.place, "row": first.row}
                self.report.broken.append(Problem(place, row, ", ".join(item.mapping.identity.key.from_), told))
            return
        self.read[source_key] = item
        if read.state in {"suspended", "cancelled"}:
            words = _("Not in use according to the source; left out.")
            self.report.left_out.append(Problem(place, row, read.guide.name, words))
            return
        faults = rules.faults(read.guide)
        if faults:
            self.report.broken += [
                Problem(place, row, name, str(words)) for name, said in faults.items() for words in said
            ]
            return
        self._plan(item, read, source_key, remarks)

    def _plan(self, item: grouping.RawItem, read: elements.Read, source_key: str, remarks: Remarks) -> None:
        known = self.known.get(source_key)
        identity = Identity(
            code=known.code if known else self._code(read.code, source_key),
            catalogue_code=read.catalogue_code,
            catalogue_name=read.catalogue_name,
            organisation_id=self._organisation_id(read),
            implementation_code=read.implementation_code,
            source=item.mapping.source,
            source_key=source_key,
            authority_name=read.authority_name or read.guide.authority_name,
            region_code=read.region_code or self.region,
        )
        place, row = item.record.place, item.record.row
        self.report.items.append(PlannedItem(_change(known, read.guide, identity), read.guide, identity, place, row))
        self.report.remarks += remarks.said
        self.report.contradictions += [
            Problem(place, row, read.guide.name, str(one.words)) for one in rules.contradictions(read.guide)
        ]

    def _code(self, wanted: str, source_key: str) -> str:
        """Return the item's address; where another item has it, a mark of its own is added."""
        mark = hashlib.sha256(source_key.encode()).hexdigest()[:8]
        code = address_of(wanted)[: CODE_LENGTH - 10] or f"item-{mark}"
        if self.codes.get(code, source_key) != source_key:
            code = f"{code}-{mark}"
        self.codes[code] = source_key
        return code

    def _organisation_id(self, read: elements.Read) -> UUID | None:
        if self.organisation is not None:
            return self.organisation.id
        key = (read.organisation_scheme, read.organisation_value)
        if not all(key):
            return None
        if key not in self.by_code:
            found = organisations.organisation_by_code(*key)
            self.by_code[key] = found.id if found else None
        return self.by_code[key]

    def find_absent(self) -> None:
        """Note items of the same sources that the files do not hold."""
        self.report.absent = [
            (item.code, item.name)
            for key, item in sorted(self.known.items(), key=lambda pair: pair[1].code)
            if key not in self.read and item.state != HandlingItem.State.CANCELLED
        ]


def _change(known: HandlingItem | None, guide: Guide, identity: Identity) -> Change:
    if known is None:
        return "added"
    same = known.current is not None and known.current.digest == digest_of(guide, None, None)
    return "unchanged" if same and not moved(known, identity) else "changed"


def _source_key(source: str, key: str) -> str:
    whole = f"{source}:{key}"
    return whole if len(whole) <= SOURCE_KEY_LENGTH else f"{source}:{hashlib.sha256(key.encode()).hexdigest()}"


def _tell_unused(items: list[grouping.RawItem], report: Report) -> None:
    """Say once for each mapping which fields nothing reads."""
    names: dict[str, tuple[Mapping, dict[str, None]]] = {}
    for item in items:
        there = names.setdefault(item.mapping.name, (item.mapping, {}))[1]
        there.update(dict.fromkeys(item.record.fields))
    for mapping, there in names.values():
        unused = elements.unused_fields(mapping, iter(there))
        if unused:
            words = _("Fields that the mapping %(mapping)s does not read: %(names)s")
            told = words % {"mapping": mapping.name, "names": ", ".join(unused)}
            report.remarks.append(Problem("", 0, "", told))
