"""Organisations and their posts are set up."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongban.base import identifiers
from tongban.base.actor import Actor
from tongban.base.errors import Forbidden, Invalid
from tongban.base.identifiers import WrongIdentifier
from tongban.base.text import clean_line
from tongban.ledger.actions import record
from tongban.organisations import queries, rules
from tongban.organisations.errors import OrganisationTaken, PostTaken
from tongban.organisations.events import OrganisationCreated, PostCreated
from tongban.organisations.models import Organisation, OrganisationCode, Post


def require_operator(actor: Actor) -> None:
    """Raise Forbidden unless the system or an operator acts."""
    if not (actor.kind == "system" or actor.has_role("operator")):
        raise Forbidden


def create_organisation(  # noqa: PLR0913 - the fields of the table
    *,
    actor: Actor,
    name: str,
    slug: str,
    now: datetime,
    name_en: str = "",
    short_name: str = "",
    region_code: str | None = None,
    parent_id: UUID | None = None,
    codes: Mapping[str, str] | None = None,
    paper_prefix: str = "",
    address: str = "",
    opening_hours: str = "",
    phone: str = "",
    supervision_phone: str = "",
    reconsideration_body: str = "",
    court: str = "",
) -> Organisation:
    """Set up an organisation. `codes` maps scheme → value; that of scheme "credit_code" is checked.

    Raises Invalid, OrganisationTaken, Forbidden.
    """
    require_operator(actor)
    organisation = Organisation(
        name=clean_line(name), slug=slug, name_en=name_en, short_name=short_name, region_id=region_code,
        parent_id=parent_id, paper_prefix=paper_prefix, address=address, opening_hours=opening_hours, phone=phone,
        supervision_phone=supervision_phone, reconsideration_body=reconsideration_body, court=court,
    )  # fmt: skip
    if not organisation.name:
        raise Invalid({"name": [_("Please give the organisation's name.")]})
    try:
        with transaction.atomic():
            organisation.save(force_insert=True)
            for scheme, value in cleaned_codes(codes or {}).items():
                OrganisationCode.objects.create(organisation=organisation, scheme=scheme, value=value)
            record(OrganisationCreated(subject_id=organisation.id), actor=actor, now=now)
    except IntegrityError as clash:
        raise OrganisationTaken from clash
    return organisation


def cleaned_codes(codes: Mapping[str, str]) -> dict[str, str]:
    """Return codes by scheme with the credit code in its normal form; raises Invalid."""
    clean = dict(codes)
    if "credit_code" in clean:
        try:
            clean["credit_code"] = identifiers.credit_code(clean["credit_code"])
        except WrongIdentifier as wrong:
            raise Invalid({"credit_code": [wrong.words]}) from wrong
    return clean


def create_post(
    *,
    actor: Actor,
    organisation_id: UUID,
    name: str,
    roles: Collection[str],
    now: datetime,
    name_en: str = "",
    is_head: bool = False,
    is_intake: bool = False,
) -> Post:
    """Set up a post with roles of `rules.ROLES`. Raises Invalid, PostTaken, NotFound."""
    require_operator(actor)
    organisation = queries.organisation(organisation_id)
    check_roles(roles)
    try:
        with transaction.atomic():
            post = Post.objects.create(
                organisation=organisation, name=clean_line(name), name_en=name_en, roles=sorted(set(roles)),
                is_head=is_head, is_intake=is_intake,
            )  # fmt: skip
            record(
                PostCreated(subject_id=post.id, organisation_id=organisation.id, roles=post.roles), actor=actor, now=now
            )
    except IntegrityError as clash:
        raise PostTaken from clash
    return post


def check_roles(roles: Collection[str]) -> None:
    """Raise Invalid for roles that do not exist, naming those that do."""
    unknown = rules.unknown_roles(roles)
    if unknown:
        sentence = _("Unknown role: {unknown}. Known are: {known}.").format(
            unknown=", ".join(unknown), known=", ".join(rules.ROLES)
        )
        raise Invalid({"roles": [sentence]})
