"""Organisations, their codes, posts and holders from a file."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction

from tongban.accounts import actions as accounts
from tongban.accounts import queries as persons
from tongban.base.actor import SYSTEM, Actor
from tongban.base.errors import Invalid, Refusal
from tongban.base.ids import new_code
from tongban.ledger.actions import record
from tongban.organisations import queries, rules
from tongban.organisations.actions.bodies import (
    check_roles,
    cleaned_codes,
    create_organisation,
    create_post,
    require_operator,
)
from tongban.organisations.actions.holding import appoint
from tongban.organisations.actions.report import ImportReport, Problem
from tongban.organisations.actions.rows import TEXT_FIELDS, HolderRow, OrganisationRow, PostRow, made_slug, read_rows
from tongban.organisations.events import OrganisationChanged, PostChanged
from tongban.organisations.models import Organisation, OrganisationCode, Post, PostHolding, Region


def import_organisations(*, actor: Actor, path: Path, now: datetime, dry_run: bool = False) -> ImportReport:
    """Take in the organisations of a file; docs/operate/importing.md describes it.

    A dry run does the same and takes it all back. A second run changes nothing. A broken row is reported and the rest
    goes in. An organisation is found again by its slug, else by a code, else by its name in its region.
    """
    require_operator(actor)
    report = ImportReport(dry_run=dry_run)
    with transaction.atomic():
        taken_in = []
        for where, row in read_rows(path, report):
            organisation = _safely(where, report, lambda row=row: _organisation(row, report, now))
            if organisation is not None:
                taken_in.append((where, row, organisation))
        for where, row, organisation in taken_in:  # once all are there: parents may stand below their children
            _safely(where, report, lambda row=row, body=organisation: _parent(row, body, report, now))
            for post in row.posts:
                _safely(where, report, lambda post=post, body=organisation: _post(post, body, report, now))
        if dry_run:
            transaction.set_rollback(True)
    return report


def _safely(where: str, report: ImportReport, take_in: Any) -> Any:  # noqa: ANN401 - what the step returns
    """Do one step; a refusal takes back this step alone and is reported."""
    try:
        with transaction.atomic():
            return take_in()
    except Invalid as refusal:
        for field, sentences in refusal.fields.items():
            report.problems.append(Problem(where, field, " ".join(sentences)))
    except (Refusal, IntegrityError) as refusal:
        report.problems.append(
            Problem(where, "", str(refusal) if isinstance(refusal, Refusal) else "clashes with another")
        )
    return None


def _organisation(row: OrganisationRow, report: ImportReport, now: datetime) -> Organisation:
    region = _region(row.region)
    codes = cleaned_codes(row.codes)
    organisation = _known(row, codes, region)
    if organisation is None:
        taken = set(Organisation.objects.values_list("slug", flat=True))
        slug = row.slug or made_slug(row.short_name or row.name, taken)
        values = {field: getattr(row, field) for field in TEXT_FIELDS}
        organisation = create_organisation(
            actor=SYSTEM, name=row.name, slug=slug, region_code=region, codes=codes, now=now, **values
        )
        report.added.append(row.name)
        return organisation
    _change(organisation, row, region, codes, report, now)
    return organisation


def _region(code: str) -> str | None:
    if not code:
        return None
    try:
        padded = rules.padded_code(code)
    except ValueError as wrong:
        raise Invalid({"region": [str(wrong)]}) from wrong
    if not Region.objects.filter(code=padded).exists():
        raise Invalid({"region": [f"region {padded} is not known: run import-divisions first"]})
    return padded


def _known(row: OrganisationRow, codes: dict[str, str], region: str | None) -> Organisation | None:
    if row.slug:
        return Organisation.objects.filter(slug=row.slug).first()
    for scheme, value in codes.items():
        found = queries.organisation_by_code(scheme, value)
        if found is not None:
            return found
    return Organisation.objects.filter(name=row.name, region_id=region).first()


def _change(
    organisation: Organisation,
    row: OrganisationRow,
    region: str | None,
    codes: dict[str, str],
    report: ImportReport,
    now: datetime,
) -> None:
    """Write what differs. A field that is empty in the file is not known to it, and stays."""
    wanted: dict[str, object] = {field: getattr(row, field) for field in ("name", *TEXT_FIELDS)}
    wanted["region_id"] = region
    changed = [field for field, value in wanted.items() if value and getattr(organisation, field) != value]
    for field in changed:
        setattr(organisation, field, wanted[field])
    organisation.save(update_fields=changed)
    known = set(organisation.codes.values_list("scheme", "value"))
    for scheme, value in set(codes.items()) - known:
        OrganisationCode.objects.create(organisation=organisation, scheme=scheme, value=value)
        changed.append(f"code {scheme}")
    if changed:
        report.changed.append(f"{organisation.name}: {', '.join(sorted(changed))}")
        record(OrganisationChanged(subject_id=organisation.id, fields=sorted(changed)), actor=SYSTEM, now=now)
    else:
        report.unchanged += 1


def _parent(row: OrganisationRow, organisation: Organisation, report: ImportReport, now: datetime) -> None:
    if not row.parent:
        return
    parent = _named(row.parent)
    if parent is None:
        raise Invalid({"parent": [f"no organisation {row.parent!r} is known"]})
    if parent.id == organisation.parent_id:
        return
    above = {str(one.id): str(one.parent_id) if one.parent_id else None for one in Organisation.objects.all()}
    if rules.has_circle({**above, str(organisation.id): str(parent.id)}):
        raise Invalid({"parent": [f"{row.parent!r} stands below {row.name!r} itself"]})
    was_new = organisation.parent_id is None and organisation.name in report.added
    organisation.parent = parent
    organisation.save(update_fields=["parent"])
    if not was_new:
        report.changed.append(f"{organisation.name}: parent")
        record(OrganisationChanged(subject_id=organisation.id, fields=["parent"]), actor=SYSTEM, now=now)


def _named(name: str) -> Organisation | None:
    scheme, colon, value = name.partition(":")
    if colon:
        return queries.organisation_by_code(scheme, value)
    return Organisation.objects.filter(slug=name, ended_at__isnull=True).first() or queries.organisation_by_name(name)


def _post(row: PostRow, organisation: Organisation, report: ImportReport, now: datetime) -> None:
    check_roles(row.roles)
    post = Post.objects.filter(organisation=organisation, name=row.name, ended_at__isnull=True).first()
    if post is None:
        post = create_post(
            actor=SYSTEM, organisation_id=organisation.id, name=row.name, name_en=row.name_en, roles=row.roles,
            is_head=row.is_head, is_intake=row.is_intake, now=now,
        )  # fmt: skip
        report.added.append(f"{organisation.name} · {row.name}")
    elif (post.roles, post.is_head, post.is_intake) != (sorted(set(row.roles)), row.is_head, row.is_intake):
        post.roles, post.is_head, post.is_intake = sorted(set(row.roles)), row.is_head, row.is_intake
        post.save(update_fields=["roles", "is_head", "is_intake"])
        record(PostChanged(subject_id=post.id, roles=post.roles), actor=SYSTEM, now=now)
        report.changed.append(f"{organisation.name} · {row.name}: roles")
    else:
        report.unchanged += 1
    for holder in row.holders:
        _holder(holder, post, report, now)


def _holder(row: HolderRow, post: Post, report: ImportReport, now: datetime) -> None:
    official = persons.official_by_staff_number(row.staff_number)
    if official is None:
        official = accounts.create_official(
            actor=SYSTEM, name=row.name, staff_number=row.staff_number,
            username=row.username or f"o{new_code(9).lower()}", email=row.email, phone=row.phone, now=now,
        )  # fmt: skip
        report.added.append(f"{row.name} ({row.staff_number})")
    if not PostHolding.objects.filter(post=post, official_id=official.id, until__isnull=True).exists():
        appoint(actor=SYSTEM, official_id=official.id, post_id=post.id, now=now)
        report.added.append(f"{row.name} → {post.name}")
    else:
        report.unchanged += 1
