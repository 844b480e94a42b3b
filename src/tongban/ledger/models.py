"""What happened, in order. No personal data: ids and salted digests only."""

from django.db import models

from tongban.base.ids import new_id


class Event(models.Model):
    """One thing that happened, written in the transaction of its change.

    `position` is given by the sealer alone, after commit; readers go on from a position, never from an id.
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(unique=True, default=new_id, editable=False)
    kind = models.CharField(max_length=80)
    happened_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    account_id = models.UUIDField(null=True)
    official_id = models.UUIDField(null=True)
    post_id = models.UUIDField(null=True)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    data = models.JSONField(default=dict)
    transaction = models.BigIntegerField(help_text="pg_current_xact_id of the writer")
    position = models.BigIntegerField(null=True, unique=True)

    class Meta:
        """Found by subject, and by position."""

        indexes = (
            models.Index(fields=["subject_kind", "subject_id", "id"], name="event_of_subject"),
            models.Index(fields=["id"], name="event_not_sealed", condition=models.Q(position__isnull=True)),
        )


class Handled(models.Model):
    """An event handled by a handler: written with the handler's effect, hence exactly once in effect."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="handled", db_index=False)
    handler = models.CharField(max_length=120)
    handled_at = models.DateTimeField()

    class Meta:
        """One row for each event and handler."""

        constraints = (models.UniqueConstraint(fields=["event", "handler"], name="handled_once"),)


class HandlerPlace(models.Model):
    """How far a handler is known to have had all sealed events: the sweep looks only beyond."""

    handler = models.CharField(max_length=120, primary_key=True)
    position = models.BigIntegerField()
    began_after = models.BigIntegerField(null=True, help_text="the position after which it was first owed anything")


class Owed(models.Model):
    """An event that some handler has not had yet: written with the event, gone with the last handler's effect.

    `Handled` says what is true; this says where to look. An event that failed waits until `not_before`.
    """

    event = models.OneToOneField(
        Event, on_delete=models.PROTECT, primary_key=True, db_constraint=False, related_name="owed"
    )
    subject_id = models.UUIDField()
    tries = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    fault = models.CharField(max_length=80, blank=True, help_text="name of the last exception")

    class Meta:
        """Events that failed are few, and found by their subject: what comes after them waits."""

        indexes = (models.Index(fields=["subject_id", "event"], name="owed_in_vain", condition=models.Q(tries__gt=0)),)
