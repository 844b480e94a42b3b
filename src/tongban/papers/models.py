"""Official papers 文书: numbered per office and year, content unchangeable, the PDF drawn from it."""

from django.db import models

from tongban.base.models import Entity, SealedJSONField


class PaperCounter(models.Model):
    """The last number given for a kind of paper by an office in a year; taken last in the transaction."""

    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT)
    kind = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        """One counter each."""

        constraints = (models.UniqueConstraint(fields=["organisation", "kind", "year"], name="paper_counter_once"),)


class Paper(Entity):
    """An official paper. Voided papers stay, with their reason."""

    kind = models.CharField(max_length=40)
    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    number = models.CharField(max_length=60)
    subject_id = models.UUIDField(db_index=True, help_text="the case")
    content = SealedJSONField(help_text="what the paper says: the shape of papers.kinds.PaperContent")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the content")
    issued_at = models.DateTimeField()
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        """Numbers without doubles."""

        constraints = (
            models.UniqueConstraint(fields=["organisation", "kind", "year", "serial"], name="paper_serial_once"),
            models.UniqueConstraint(fields=["number"], name="paper_number_once"),
        )
