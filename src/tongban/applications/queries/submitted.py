"""How to find what was submitted: the application of a case, and its materials."""

from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.db.models import QuerySet

from tongban.applications.models import ApplicantKind, Application, ApplicationMaterial
from tongban.base.actor import Actor
from tongban.base.compiled import compiled_once, together
from tongban.base.errors import NotFound
from tongban.cases import queries as cases
from tongban.cases.rules import life

if TYPE_CHECKING:
    from tongban.applications.models import Draft
    from tongban.cases.models import Case

_OF_CASE = Application._meta.get_field("case").remote_field  # noqa: SLF001 - Django's public name


def application_by_key(actor: Actor, key: UUID) -> Application | None:
    """Return the application that was submitted under an idempotency key, if the actor may see its case."""
    application = Application.objects.select_related("case", "receipt").filter(idempotency_key=key).first()
    if application is None:
        return None
    cases.case_for(actor, application.case_id)
    return application


def under_way_alike(actor: Actor, draft: "Draft") -> QuerySet["Case"]:
    """Return what the applicant of a draft has under way of the same matter, as far as the actor may see it.

    What is renewed or changed has to be the same, too: somebody may have several licences of one kind.
    """
    if draft.applicant_kind == ApplicantKind.ENTERPRISE:
        own = cases.visible(actor).filter(applicant_enterprise_id=draft.enterprise_id)
    else:
        own = cases.visible(actor).filter(applicant_person_id=draft.ward_id or draft.person_id)
    same = own.filter(application__handling_version__handling_item_id=draft.handling_version.handling_item_id)
    same = same.filter(predecessor_id=draft.predecessor_id)
    return same.filter(state__in=life.UNDECIDED).order_by("-submitted_at", "-id")


def application_of(case_id: UUID) -> Application:
    """Return the application of a case; the caller has been allowed to see the case."""
    found = _applications(case_id)
    if not found:
        raise NotFound
    return found[0]


@compiled_once
def _applications(case_id: UUID) -> QuerySet[Application]:
    """Without guide and form: they are large, and kept in memory by their ids."""
    found = Application.objects.filter(case_id=case_id).select_related("handling_version")
    return found.defer("handling_version__guide")


def materials_of(application_id: UUID) -> list[ApplicationMaterial]:
    """Return the valid materials of an application, in the order of the guide."""
    return list(_valid(ApplicationMaterial.objects.filter(application_id=application_id)))


@compiled_once
def _materials_on(case_id: UUID) -> QuerySet[ApplicationMaterial]:
    return _valid(ApplicationMaterial.objects.filter(application__case_id=case_id))


def _valid(materials: QuerySet[ApplicationMaterial]) -> QuerySet[ApplicationMaterial]:
    return materials.filter(replaced_at__isnull=True).select_related("file").order_by("position", "added_at", "id")


def application_on(case: "Case") -> tuple[Application, list[ApplicationMaterial]]:
    """Return the application of a case that is at hand, and its valid materials; fetched once, then kept on the case.

    Raises NotFound.
    """
    kept = cast("Application | None", _OF_CASE.get_cached_value(case, default=None))
    if kept is None or kept.valid_materials is None:
        found, materials = together(_applications.asking(case.id), _materials_on.asking(case.id))
        if not found:
            raise NotFound
        kept = found[0]
        kept.valid_materials = materials
        _OF_CASE.set_cached_value(case, kept)
    return kept, kept.valid_materials or []
