"""Forms as data. A published version never changes."""

from django.db import models

from tongban.base.models import Entity


class FormVersion(Entity):
    """A version of a form; `document` has the shape of `forms.rules.FormDocument`."""

    code = models.CharField(max_length=120)
    version = models.PositiveIntegerField()
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        """Versions of a form are numbered; the same document is kept once."""

        constraints = (
            models.UniqueConstraint(fields=["code", "version"], name="form_version_once"),
            models.UniqueConstraint(fields=["code", "digest"], name="form_document_once"),
        )
