"""How good the data of resources are, and who is to answer for a datum."""

from django.db import models
from django.utils.translation import pgettext_lazy

from tongban.base.models import Entity


class QualityMeasure(models.Model):
    """What was counted of the data of a resource on a day. Counts alone: no value leaves its register for it."""

    resource = models.ForeignKey("exchange.Resource", on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    measured_at = models.DateTimeField()
    records = models.PositiveBigIntegerField()
    required = models.PositiveBigIntegerField(help_text="values that should be there")
    required_filled = models.PositiveBigIntegerField(help_text="of these, how many are")
    judged = models.PositiveBigIntegerField(help_text="values that were held against the schema; sealed ones cannot be")
    valid = models.PositiveBigIntegerField(help_text="of these, how many are as the schema wants them")
    fields = models.JSONField(help_text="[{field, is_required, filled, judged, valid}]")

    class Meta:
        """One for each day; the newest is found first."""

        constraints = (
            models.UniqueConstraint(fields=["resource", "day"], name="quality_measure_once"),
            models.CheckConstraint(
                condition=models.Q(required_filled__lte=models.F("required"), valid__lte=models.F("judged")),
                name="quality_measure_is_a_share",
            ),
        )


class LeadProposal(Entity):
    """A proposal which office is to answer for a datum 一数一源. The service centre agrees or declines."""

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open", pgettext_lazy("proposal", "Open")
        AGREED = "agreed", pgettext_lazy("proposal", "Agreed")
        DECLINED = "declined", pgettext_lazy("proposal", "Declined")

    datum = models.CharField(max_length=60)
    resource = models.ForeignKey("exchange.Resource", on_delete=models.PROTECT, related_name="+")
    grounds = models.CharField(max_length=1000)
    proposed_by = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    word = models.CharField(max_length=1000, blank=True, help_text="of whoever decided")
    decided_by = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        """Proposed once at a time, and decided by somebody else."""

        constraints = (
            models.UniqueConstraint(
                fields=["datum", "resource"], condition=models.Q(state="open"), name="lead_proposed_once"
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True)
                | models.Q(proposed_by__isnull=True)
                | ~models.Q(decided_by=models.F("proposed_by")),
                name="lead_decided_by_another",
            ),
        )
        indexes = (models.Index(fields=["datum", "-proposed_at"], name="lead_proposal_of_datum"),)
