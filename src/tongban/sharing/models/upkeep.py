"""What keeps grants in order: fields that nobody uses, ends that come near, and the policy for both."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.base.models import Entity


class UnusedFields(Entity):
    """Fields of a grant that nobody has used for so long: proposed to the office that gives them for withdrawal."""

    class State(models.TextChoices):
        """What the steward decided."""

        OPEN = "open", _("To be decided")
        TAKEN_OUT = "taken_out", _("Taken out of the grant")
        KEPT = "kept", _("Kept")
        OVERTAKEN = "overtaken", _("Settled: used again, or the grant has ended")

    grant = models.ForeignKey("exchange.Grant", on_delete=models.PROTECT, related_name="unused")
    fields = ArrayField(models.CharField(max_length=60))
    unused_since = models.DateField(help_text="from this day on nobody has used them")
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    reason = models.CharField(max_length=500, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, null=True, related_name="+")
    successor = models.OneToOneField("exchange.Grant", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        """One open proposal for a grant; whoever keeps or takes out says why."""

        indexes = (models.Index(fields=["proposed_at"], name="unused_open", condition=models.Q(state="open")),)
        constraints = (
            models.UniqueConstraint(fields=["grant"], condition=models.Q(state="open"), name="one_open_proposal"),
            models.CheckConstraint(
                condition=~models.Q(state__in=("kept", "taken_out")) | ~models.Q(reason=""),
                name="unused_settled_with_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(state="open") ^ models.Q(settled_at__isnull=False), name="unused_settled_at_a_time"
            ),
        )


class EndReminder(models.Model):
    """The office that holds a grant was told that it ends soon. Once for each grant."""

    grant = models.OneToOneField("exchange.Grant", on_delete=models.PROTECT, primary_key=True, related_name="+")
    reminded_at = models.DateTimeField()


class SharingPolicy(Entity):
    """What this jurisdiction lays down about requests and grants. A version never changes; the newest holds."""

    version = models.PositiveIntegerField(unique=True)
    unused_days = models.PositiveIntegerField(help_text="after so many days without use a field is proposed")
    remind_days = models.PositiveIntegerField(help_text="so many days before its end the holder is reminded")
    longest_days = models.PositiveIntegerField(help_text="the longest time for which data may be asked")
    dispute_days = models.PositiveIntegerField(help_text="calendar days in which a refusal may be disputed")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, null=True, related_name="+")
