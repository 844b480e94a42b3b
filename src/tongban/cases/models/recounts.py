"""Reckoning anew after a change of the calendar: what has been begun, what is left of it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from tongban.base.models import Entity


class Recount(Entity):
    """A change of the calendar, and how far the ends that it can move have been reckoned anew.

    Its pieces are made when it begins, and once more for cases that were acted on in that very moment, under the
    calendar of before: `looked_at` is the place in the ledger up to which they are in.
    """

    event_id = models.BigIntegerField(unique=True, help_text="of the change in the ledger")
    days = models.JSONField(default=list, help_text="spans of days: limits that run over one of them")
    starts = models.JSONField(default=list, help_text="spans of days: limits that start within one of them")
    begun_at = models.DateTimeField()
    planned_at = models.DateTimeField(null=True)
    looked_at = models.BigIntegerField(null=True)
    looked_again_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    touched = models.PositiveIntegerField(default=0, help_text="cases that the change can move")

    class Meta:
        """Those that are not finished are few, and found at once."""

        indexes = (
            models.Index(fields=["begun_at"], name="recount_running", condition=models.Q(finished_at__isnull=True)),
        )


class RecountPiece(Entity):
    """Cases that one transaction reckons anew. What somebody was just working on stays in it for the next time.

    Telling people comes afterwards and by itself, so that a million messages keep nobody's own news waiting.
    """

    recount = models.ForeignKey(Recount, on_delete=models.CASCADE, related_name="pieces")
    place = models.PositiveIntegerField()
    case_ids = ArrayField(models.UUIDField())
    tries = models.PositiveSmallIntegerField(default=0)
    done = models.BooleanField(default=False)
    to_tell = ArrayField(models.BigIntegerField(), default=list, help_text="events of which nobody has been told yet")
    told = models.BooleanField(default=True)
    moved = models.PositiveIntegerField(default=0, help_text="cases of which a date was moved")
    only_marked = models.PositiveIntegerField(
        default=0, db_default=0, help_text="cases of which a date stayed, and became firm or provisional"
    )

    class Meta:
        """Those to be done are taken in their order; those to be told of are found at once."""

        indexes = (
            models.Index(fields=["recount", "tries", "place"], name="piece_waiting", condition=models.Q(done=False)),
            models.Index(fields=["id"], name="piece_to_be_told", condition=models.Q(told=False)),
        )
