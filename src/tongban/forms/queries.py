"""How to find a form."""

from functools import lru_cache
from uuid import UUID

from tongban.base.errors import NotFound
from tongban.forms.models import FormVersion
from tongban.forms.rules import FormDocument, without_duty_of_contact

KEPT = 256
"""Documents kept in memory: published versions never change."""


@lru_cache(maxsize=KEPT)
def document(form_version_id: UUID) -> FormDocument:
    """Return the document of a published version; raises NotFound."""
    stored = FormVersion.objects.filter(pk=form_version_id).values_list("document", flat=True).first()
    if stored is None:
        raise NotFound
    return FormDocument.model_validate(stored)


@lru_cache(maxsize=KEPT)
def document_at_window(form_version_id: UUID) -> FormDocument:
    """Return the document as it is filled in at a window, for people who may have no telephone; raises NotFound."""
    return without_duty_of_contact(document(form_version_id))


def newest(code: str) -> FormVersion | None:
    """Return the newest version of a form."""
    return FormVersion.objects.filter(code=code).order_by("-version").first()
