"""How a resource is read is declared as data, checked, and tried with a test subject."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings as configured
from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import ValidationError

from tongban.base.actor import Actor
from tongban.base.clock import office_date
from tongban.base.errors import NotFound
from tongban.exchange import errors, events
from tongban.exchange.models import Resource, Source
from tongban.exchange.providers import DECLARED, AsOf, DeclaredKind, Inspected, SourceAway
from tongban.exchange.queries.looking import subject_of
from tongban.exchange.queries.rights import stewards
from tongban.exchange.queries.sources import LATEST, settings_of, shapes_of_resource
from tongban.exchange.rules.calls import About
from tongban.exchange.rules.outside import places
from tongban.exchange.rules.outside.codes import Why
from tongban.exchange.rules.outside.settings import Declared, problems_of
from tongban.exchange.rules.subjects import SubjectKind
from tongban.ledger import actions as ledger

TRIAL_NUMBER, TRIAL_KIND = "trial_number", "trial_identity_kind"
"""Among the sealed: whom a trial asks about. A test subject of the provider's, nobody real."""


@transaction.atomic
def set_source(
    *,
    actor: Actor,
    resource_id: UUID,
    kind: str,
    settings: dict[str, Any],
    secrets: dict[str, Any] | None = None,
    now: datetime,
) -> Source:
    """Say how a resource is read.

    Of a declared source, secrets that are not given stay, as long as the place stays the same: who may change where a
    source is does not thereby send a password there. Raises NotFound, NotYours, KeptHere, NotComplete.
    """
    resource = Resource.objects.select_for_update().filter(id=resource_id).first()
    if resource is None:
        raise NotFound
    if not stewards(actor, resource.provider_id):
        raise errors.NotYours
    before = Source.objects.filter(resource=resource).first()
    kept, place = dict(secrets or {}), ""
    if kind in DECLARED:
        if before is not None and before.kind not in DECLARED:
            raise errors.KeptHere
        declared = _declared(DECLARED[kind], resource, settings)
        place = declared.place
        kept = _with_those_kept(before, kind, place, kept)
        _check_trial(resource, kind, kept)
    source, _made = Source.objects.update_or_create(
        resource=resource, defaults={"kind": kind, "settings": settings, "secrets": kept, "changed_at": now}
    )
    if kind in DECLARED:
        ledger.record(
            events.SourceDeclared(subject_id=resource.id, source_kind=kind, place=place), actor=actor, now=now
        )
    return source


def _declared(kind: DeclaredKind, resource: Resource, settings: Mapping[str, Any]) -> Declared:
    try:
        declared = kind.settings.model_validate(settings)
    except ValidationError as wrong:
        raise errors.NotComplete(problems_of(wrong)) from wrong
    known = shapes_of_resource(resource)
    named = (*declared.fields, *declared.yuan)
    if unknown := sorted({code for code in named if code not in known}):
        raise errors.NotComplete(
            {"fields": [_("The catalogue has no such item: %(codes)s") % {"codes": " ".join(unknown)}]}
        )
    if money := sorted(code for code in declared.yuan if known[code].type != "Y"):
        raise errors.NotComplete({"yuan": [_("This item is no money: %(codes)s") % {"codes": " ".join(money)}]})
    if not _is_allowed(declared.place):
        sentence = _("The operator has not allowed this place: %(place)s") % {"place": declared.place}
        raise errors.NotComplete({"place": [sentence]})
    return declared


def _is_allowed(place: str) -> bool:
    allowed = configured.TONGBAN_SOURCES
    path = places.folder_of(place)
    return places.allows(allowed, place) if path is None else places.allows_file(allowed, path)


def _with_those_kept(before: Source | None, kind: str, place: str, given: dict[str, Any]) -> dict[str, Any]:
    said = {name: value for name, value in given.items() if value not in {None, ""}}
    if before is None or before.kind != kind or place_of(before) != place:
        return said
    return {**before.secrets, **said}


def place_of(source: Source) -> str:
    """Return where a declared source is; empty where it is not declared as it must be."""
    try:
        return DECLARED[source.kind].settings.model_validate(source.settings).place
    except (KeyError, ValidationError):
        return ""


def _check_trial(resource: Resource, kind: str, secrets: Mapping[str, Any]) -> None:
    if TRIAL_NUMBER not in secrets:
        if kind == "csv":
            return
        raise errors.NotComplete({TRIAL_NUMBER: [_("Please name a test subject, so that the source can be tried.")]})
    if subject_of(_trial_about(resource, secrets)) is None:
        raise errors.NotComplete({TRIAL_NUMBER: [_("There can be no such number.")]})


def _trial_about(resource: Resource, secrets: Mapping[str, Any]) -> About:
    kind: SubjectKind = "enterprise" if resource.subject_kind == "enterprise" else "person"
    paper = str(secrets.get(TRIAL_KIND) or "resident_identity_card")
    return About(kind=kind, number=str(secrets[TRIAL_NUMBER]), identity_kind=paper)


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of a trial. It never says what the source holds, only whether it fits."""

    why: str
    about: str
    milliseconds: int
    inspected: Inspected


def try_source(*, actor: Actor, resource_id: UUID, now: datetime) -> Trial:
    """Read the test subject of a declared source, and say exactly what is wrong. No transaction is open meanwhile.

    Raises NotFound, NotYours.
    """
    source = Source.objects.select_related("resource").filter(resource_id=resource_id, kind__in=DECLARED).first()
    if source is None:
        raise NotFound
    if not stewards(actor, source.resource.provider_id):
        raise errors.NotYours
    trial = trial_of(source, now=now)
    with transaction.atomic():
        tried = events.SourceTried(subject_id=source.resource_id, source_kind=source.kind, why=trial.why)
        ledger.record(tried, actor=actor, now=now)
    return trial


def trial_of(source: Source, *, now: datetime) -> Trial:
    """Read the test subject of a source."""
    began = time.monotonic()
    inspected = Inspected()
    try:
        if TRIAL_NUMBER not in source.secrets:
            raise SourceAway(Why.NO_TRIAL)  # noqa: TRY301 - said like whatever else is wrong
        subject = subject_of(_trial_about(source.resource, source.secrets))
        if subject is None:
            raise SourceAway(Why.NUMBER_READS_WRONG)  # noqa: TRY301 - as above
        kind, given = DECLARED[source.kind], settings_of(source, source.resource, version=LATEST)
        inspected = kind.inspect(given, subject=subject, as_of=AsOf(office_date(now), now))
        why, about = _verdict(inspected)
    except SourceAway as away:
        why, about = away.why, away.about
    return Trial(why, about, round((time.monotonic() - began) * 1000), inspected)


def _verdict(inspected: Inspected) -> tuple[str, str]:
    if inspected.wrong:
        return "unfit", "; ".join(f"{code}: {why}" for code, why in inspected.wrong)
    return ("", "") if inspected.records else ("nothing_found", "")
