"""Files by content. Who may see a file is asked of the rooms that refer to it."""

from django.db import models

from tongban.base.models import Entity


class StoredFile(Entity):
    """A file as received: its true type judged by content, its name only for showing."""

    class State(models.TextChoices):
        """Whether a virus scanner has seen it; what a scanner refuses, or cannot look at, is never kept."""

        CLEAN = "clean", "scanned, clean"
        NOT_SCANNED = "not_scanned", "no scanner configured"
        MADE = "made", "made by the system itself"

    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=60)
    size = models.PositiveBigIntegerField(help_text="bytes")
    sha256 = models.CharField(max_length=64, db_index=True)
    path = models.CharField(max_length=200)
    data_key = models.PositiveSmallIntegerField(
        db_default=0, help_text="number of the key that the bytes are sealed under; 0: plain"
    )
    pages = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=12, choices=State)
    owner_account_id = models.UUIDField(null=True, db_index=True, help_text="who sent it")
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)
