"""Operations of the gate: look up, read the catalogue, grants and the log."""

from django.http import HttpRequest
from ninja import Path, Query, Router
from pydantic import Field

from tongban.base.api import OFFICIAL, Line, Numbered, Paging, page_of
from tongban.base.clock import now
from tongban.base.templatetags.words import either
from tongban.base.web import actor_of
from tongban.exchange import actions, queries
from tongban.exchange.api.access import STEWARD
from tongban.exchange.api.shapes import (
    AnswerTold,
    GrantTold,
    ItemTold,
    LookUpSent,
    LookUpTold,
    ResourceRow,
    ResourceTold,
    Slug,
)
from tongban.exchange.models import Grant, LookUp, Resource
from tongban.exchange.rules.calls import About, Call, CaseReference, Secrecy, StandingReference

router = Router(tags=["Exchange"])


@router.post(
    "/exchange/look-ups",
    response=AnswerTold,
    auth=OFFICIAL,
    operation_id="look_up",
    summary="Look something up",
)
def look_up(request: HttpRequest, sent: LookUpSent) -> AnswerTold:
    """Answer exactly the fields asked for, as a grant allows. Refusals are in the log, too; `code` says why."""
    answer = actions.look_up(call=_call(sent), actor=actor_of(request), now=now())
    return AnswerTold(
        look_up_id=answer.look_up_id,
        looked_at=answer.looked_at,
        valid_on=answer.valid_on,
        provider=either(answer.provider, answer.provider_en),
        resource=answer.resource,
        records=[dict(record) for record in answer.records],
    )


def _call(sent: LookUpSent) -> Call:
    reference: CaseReference | StandingReference | None = None
    if sent.case is not None:
        reference = CaseReference(sent.case)
    elif sent.standing is not None:
        reference = StandingReference(sent.standing, sent.standing_note or "")
    return Call(
        about=About(
            kind=sent.about.kind,
            number=sent.about.number,
            identity_kind=sent.about.identity_kind,
            reference=sent.about.reference,
        ),
        fields=tuple(sent.fields),
        purpose=sent.purpose,
        reference=reference,
        resource=sent.resource,
        valid_on=sent.valid_on,
        known_at=sent.known_at,
        secrecy=Secrecy(sent.secrecy.until, sent.secrecy.order) if sent.secrecy else None,
    )


class ResourceSearch(Paging):
    """What narrows the catalogue."""

    q: Line = Field(default="", description="Part of the name of a resource or of an item.")


@router.get(
    "/exchange/resources",
    response=Numbered[ResourceRow],
    auth=OFFICIAL,
    operation_id="list_resources",
    summary="Search the catalogue of data",
)
def list_resources(request: HttpRequest, search: Query[ResourceSearch]) -> Numbered[ResourceRow]:
    """Return the resources in force by office and name."""
    found = queries.resources(words=search.q)
    return page_of(found, _row, page=search.page, page_size=search.page_size)


@router.get(
    "/exchange/resources/{resource}",
    response=ResourceTold,
    auth=OFFICIAL,
    operation_id="read_resource",
    summary="Read an entry of the catalogue of data",
)
def read_resource(request: HttpRequest, resource: Path[Slug]) -> ResourceTold:
    """Return a resource in force with its information items."""
    found = queries.resource_by_slug(resource)
    version = found.in_force
    items = [ItemTold.model_validate(item, from_attributes=True) for item in queries.items_of(found)]
    return ResourceTold(
        **_row(found).model_dump(),
        summary=version.summary if version else "",
        category=version.category if version else "",
        format=version.format if version else "",
        sharing_way=version.sharing_way if version else "",
        published_on=version.published_on if version else None,
        version=version.number if version else 0,
        items=items,
    )


def _row(resource: Resource) -> ResourceRow:
    return ResourceRow(
        slug=resource.slug,
        code=resource.code,
        name=resource.name,
        name_en=resource.name_en,
        provider=resource.provider.name,
        subject_kind=resource.subject_kind,
        update_cycle=resource.in_force.update_cycle if resource.in_force else "",
        updated_at=resource.updated_at,
    )


@router.get(
    "/exchange/grants",
    response=Numbered[GrantTold],
    auth=STEWARD,
    operation_id="list_grants",
    summary="List the grants of one's office",
)
def list_grants(request: HttpRequest, search: Query[Paging]) -> Numbered[GrantTold]:
    """Return the grants that the office gives or holds whose data one keeps, the newest first."""
    return page_of(queries.grants(actor_of(request)), _grant, page=search.page, page_size=search.page_size)


def _grant(grant: Grant) -> GrantTold:
    return GrantTold(
        id=grant.id,
        resource=grant.resource.slug,
        consumer=grant.consumer.name if grant.consumer else grant.consumer_system,
        fields=grant.fields,
        purpose=grant.purpose,
        purpose_words=grant.purpose_words,
        legal_basis=f"{grant.basis_law} {grant.basis_article}",
        standing=grant.standing,
        items_served=grant.items_served,
        valid_from=grant.valid_from,
        valid_until=grant.valid_until,
        rate_per_minute=grant.rate_per_minute,
        state=grant.state,
    )


@router.get(
    "/exchange/look-ups",
    response=Numbered[LookUpTold],
    auth=STEWARD,
    operation_id="read_log",
    summary="Read the log of look-ups",
)
def read_log(request: HttpRequest, search: Query[Paging]) -> Numbered[LookUpTold]:
    """Return the look-ups of one's office's data and those that it made, the newest first. Reading is recorded."""
    found = actions.read_log(actor=actor_of(request), filters=queries.LogFilters(), now=now())
    return page_of(found, _logged, page=search.page, page_size=search.page_size)


def _logged(row: LookUp) -> LookUpTold:
    answer = getattr(row, "answer", None)
    return LookUpTold(
        id=row.id,
        at=row.at,
        resource=row.resource.slug if row.resource else "",
        consumer=row.consumer.name if row.consumer else row.system,
        post=row.post.name if row.post else "",
        purpose=row.purpose,
        reference=row.reference,
        fields=row.fields,
        refused=row.refused,
        outcome=answer.outcome if answer else "",
    )
