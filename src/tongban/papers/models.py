"""Official papers 文书: numbered per office and year, content unchangeable, the PDF drawn from it."""

from django.db import models

from tongban.base.models import Entity, SealedJSONField


class PaperCounter(models.Model):
    """The last number given in a series 字号 ("云市监受") in a year; taken last in the transaction, hence without gaps.

    The series, and not the office, counts: two offices that share a mark never give the same number.
    """

    series = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        """One counter each."""

        constraints = (models.UniqueConstraint(fields=["series", "year"], name="paper_counter_once"),)


class Paper(Entity):
    """An official paper. Voided papers stay, with their reason; erased ones stay as number, date and digest."""

    kind = models.CharField(max_length=40)
    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    series = models.CharField(max_length=60, blank=True)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField(null=True, help_text="none: numbered elsewhere")
    number = models.CharField(max_length=100, unique=True)
    subject_id = models.UUIDField(db_index=True, help_text="the case")
    content = SealedJSONField(null=True, help_text="what the paper says: the shape of papers.kinds.PaperContent")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the content with number and kind")
    unprintable = models.CharField(max_length=200, blank=True, help_text="characters without a glyph: U+20BB7 U+…")
    issued_at = models.DateTimeField()
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    drawn_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=300, blank=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        """Numbers without doubles; voided with a reason; content gone only when erased."""

        indexes = (
            models.Index(fields=["issued_at"], name="paper_not_drawn", condition=models.Q(file__isnull=True)),
            models.Index(fields=["issued_at"], name="paper_unprintable", condition=~models.Q(unprintable="")),
        )
        constraints = (
            models.UniqueConstraint(fields=["series", "year", "serial"], name="paper_serial_once"),
            models.CheckConstraint(
                condition=models.Q(voided_at__isnull=True) | ~models.Q(void_reason=""), name="paper_void_has_reason"
            ),
            models.CheckConstraint(
                condition=models.Q(content__isnull=False) | models.Q(erased_at__isnull=False),
                name="paper_content_until_erased",
            ),
        )


class PaperTemplate(Entity):
    """A version of the wording of a kind of paper, for all, for an office, or for a matter.

    It never changes; what was withdrawn or followed by another is no longer in force. Where none is in force the
    wording that comes with the product is used.
    """

    kind = models.CharField(max_length=40)
    organisation = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, null=True, related_name="+", help_text="none: all"
    )
    item_code = models.CharField(max_length=120, blank=True, help_text="of the matter; empty: all matters")
    version = models.PositiveIntegerField()
    content = models.JSONField(help_text="zh and en: paragraphs and remarks")
    reason = models.CharField(max_length=300, help_text="why it was changed")
    in_force = models.BooleanField(default=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        """Versions count for each scope, and one of them at most is in force."""

        constraints = (
            models.UniqueConstraint(
                fields=["kind", "organisation", "item_code", "version"],
                nulls_distinct=False,
                name="paper_template_version",
            ),
            models.UniqueConstraint(
                fields=["kind", "organisation", "item_code"],
                nulls_distinct=False,
                condition=models.Q(in_force=True),
                name="paper_template_in_force_once",
            ),
        )
