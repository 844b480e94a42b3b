"""That something on a subject has changed, never what; and who is told of it without asking."""

from django.db import models
from django.utils.translation import pgettext_lazy

from tongban.base.models import Entity, SealedJSONField


class FeedPlace(models.Model):
    """How far the ledger has been read for the feed: one row."""

    is_only = models.BooleanField(primary_key=True, default=True)
    position = models.BigIntegerField(default=0)

    class Meta:
        """There is one, or none."""

        constraints = (models.CheckConstraint(condition=models.Q(is_only=True), name="feed_place_is_the_only_one"),)


class FeedChange(models.Model):
    """A change of what a resource says on a subject, at the position of its event in the ledger.

    Without subject: much has changed at once, whoever follows the resource reads anew what it needs.
    """

    id = models.BigAutoField(primary_key=True)
    resource = models.ForeignKey("exchange.Resource", on_delete=models.PROTECT, related_name="+", db_index=False)
    position = models.BigIntegerField()
    subject_key = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        """Once; read on by position."""

        constraints = (models.UniqueConstraint(fields=["resource", "position"], name="feed_change_once"),)


class Webhook(Entity):
    """A receiver of changes, by a grant for the feed. `position`: all up to there was delivered.

    `sending_until` is set before a batch is sent and taken away when it was received: should this process die in
    between, the same batch is sent again, with the same id. `secrets`: list of {secret, until}, the newest first.
    """

    class State(models.TextChoices):
        """Its life."""

        UNCONFIRMED = "unconfirmed", pgettext_lazy("webhook", "Not confirmed yet")
        ACTIVE = "active", pgettext_lazy("webhook", "Active")
        DEAD = "dead", pgettext_lazy("webhook", "Given up")
        ENDED = "ended", pgettext_lazy("webhook", "Ended")

    grant = models.ForeignKey("exchange.Grant", on_delete=models.PROTECT, related_name="webhooks")
    address = models.CharField(max_length=500)
    state = models.CharField(max_length=11, choices=State, default=State.UNCONFIRMED)
    secrets = SealedJSONField(default=list)
    challenge = models.CharField(max_length=60)
    position = models.BigIntegerField()
    sending_until = models.BigIntegerField(null=True)
    next_try_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    why = models.CharField(max_length=40, blank=True, help_text="of the last failure: a code, or status and a number")
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """One for each grant and address; what is due is found at once."""

        constraints = (
            models.UniqueConstraint(
                fields=["grant", "address"], condition=~models.Q(state="ended"), name="webhook_once"
            ),
        )
        indexes = (
            models.Index(
                fields=["next_try_at"],
                name="webhook_due",
                condition=models.Q(state__in=("unconfirmed", "active")),
            ),
        )
