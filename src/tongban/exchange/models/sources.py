"""How outside sources fare, and what was taken in from files that were dropped."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import pgettext_lazy

from tongban.base.models import Entity


class SourceWatch(models.Model):
    """How a source fares, as last seen by a look-up, a trial or the clock. Of a source nobody looked at: no row."""

    class State(models.TextChoices):
        """How."""

        WELL = "well", pgettext_lazy("source", "Answers")
        FAILING = "failing", pgettext_lazy("source", "Does not answer")

    source = models.OneToOneField("exchange.Source", on_delete=models.CASCADE, primary_key=True, related_name="watch")
    state = models.CharField(max_length=7, choices=State)
    seen_at = models.DateTimeField()
    succeeded_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0, help_text="seen one after the other")
    why = models.CharField(max_length=40, blank=True, help_text="code of rules.outside.words, of the last failure")
    about = models.CharField(max_length=300, blank=True, help_text="names and numbers that go with it")
    milliseconds = models.PositiveIntegerField(null=True, help_text="of the last answer")
    resting_until = models.DateTimeField(null=True, help_text="the circuit of some process is open until then")
    added = ArrayField(models.CharField(max_length=60), default=list, help_text="what it says and nobody asked for")
    look_again_at = models.DateTimeField(help_text="by the clock")

    class Meta:
        """Found by when it is looked at next."""

        indexes = (models.Index(fields=["look_again_at"], name="source_to_look_at"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state="well", failing_since__isnull=True)
                | models.Q(state="failing", failing_since__isnull=False),
                name="failing_source_since_when",
            ),
        )


class DropLoad(Entity):
    """A file that was taken in from a folder. One is in force for each source; the one before it is then forgotten."""

    source = models.ForeignKey("exchange.Source", on_delete=models.CASCADE, related_name="loads")
    stamp = models.CharField(max_length=80, help_text="size, time and place of the file in its folder")
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    bad_rows = models.PositiveIntegerField(default=0)
    fields = ArrayField(models.CharField(max_length=60))
    file_at = models.DateTimeField(help_text="when the file was written")
    began_at = models.DateTimeField()
    in_force_since = models.DateTimeField(null=True, help_text="empty: its rows are not all there")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """One in force for each source."""

        constraints = (
            models.UniqueConstraint(
                fields=["source"],
                condition=models.Q(in_force_since__isnull=False, ended_at__isnull=True),
                name="one_drop_in_force",
            ),
        )


class DropRow(models.Model):
    """A row of such a file, sealed; found by the key of its subject, which says nothing by itself."""

    load = models.ForeignKey(DropLoad, on_delete=models.CASCADE, related_name="+", db_index=False)
    subject_key = models.UUIDField()
    sealed = models.BinaryField()

    class Meta:
        """Found by the subject."""

        indexes = (models.Index(fields=["load", "subject_key"], name="drop_row_of_subject"),)
