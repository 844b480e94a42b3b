"""What a draft is written under, and what the conditions of guide and form may look at."""

from typing import TYPE_CHECKING

from tongban.applications.models import ApplicantKind, Draft
from tongban.base.clock import office_date
from tongban.base.errors import NotFound
from tongban.catalogue import queries as catalogue
from tongban.forms import queries as forms

if TYPE_CHECKING:
    from tongban.catalogue.queries import Guide, Material
    from tongban.forms.rules import FormDocument


def guide_of(draft: Draft) -> "Guide":
    """Return the guide that the draft is written under."""
    return catalogue.guide_of(draft.handling_version_id)


def document_of(draft: Draft) -> "FormDocument":
    """Return the form that the draft fills in."""
    form_id = draft.handling_version.form_id
    if form_id is None:
        raise NotFound
    return forms.document_at_window(form_id) if draft.window_post_id else forms.document(form_id)


def guide_kind(applicant_kind: str) -> str:
    """Return the guide's word for an applicant: "person" or "enterprise"."""
    return "enterprise" if applicant_kind == ApplicantKind.ENTERPRISE else "person"


def context_of(draft: Draft) -> dict[str, object]:
    """Return what the conditions of a form may look at, beside the form's own values.

    "today" is the day on which the draft was last changed: what bounds a date.
    """
    return {
        "situation": draft.situation,
        "applicant": {"kind": guide_kind(draft.applicant_kind), "who": draft.applicant_kind},
        "today": office_date(draft.changed_at).isoformat(),
    }


def applying_materials(draft: Draft) -> list["Material"]:
    """Return the materials of the guide that apply to the draft."""
    applied = catalogue.applied(
        guide_of(draft), situation=draft.situation, applicant_kind=guide_kind(draft.applicant_kind)
    )
    return [material for material in applied.materials if material.stage == "application"]
