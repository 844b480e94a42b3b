"""Secrecy of look-ups: made longer by an order, and ended by their opening. Rows are added, never changed."""

from django.db import models

from tongban.base.models import Entity


class SecrecyExtension(Entity):
    """A look-up stays secret for longer than was said, by an order that is named."""

    look_up = models.ForeignKey("exchange.LookUp", on_delete=models.PROTECT, related_name="extensions", db_index=False)
    until = models.DateTimeField()
    order = models.CharField(max_length=200, help_text="who ordered it, by which paper")
    at = models.DateTimeField()
    official = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        """Found by the look-up; names its order."""

        indexes = (models.Index(fields=["look_up", "until"], name="secrecy_extended"),)
        constraints = (models.CheckConstraint(condition=~models.Q(order=""), name="extension_names_its_order"),)


class Opening(models.Model):
    """A look-up is secret no longer, and has joined the chain of the person. One that is due without it is overdue."""

    look_up = models.OneToOneField(
        "exchange.LookUp", on_delete=models.PROTECT, primary_key=True, related_name="opening"
    )
    opened_at = models.DateTimeField()
