"""What happened, in order, and what proves it. No personal data: ids and salted digests only.

Positions, leaves, tiles, checkpoints and links are written by the sealer alone; and, where a large demo city is poured,
with its events, by the owner of the tables (`site.demo.bulk`).
"""

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


class Leaf(models.Model):
    """The event at a position as the tree has it: what binds it, without telling it.

    With the salt erased, nobody can show any more which event it was; the tree stands as before.
    """

    position = models.BigIntegerField(primary_key=True)
    event_id = models.BigIntegerField(help_text="the event that was sealed here, wherever it stands now")
    commitment = models.BinaryField(help_text="SHA-256 over salt and canonical JSON")
    salt = models.BinaryField(null=True, help_text="16 random bytes; null once erased")


class Tile(models.Model):
    """256 neighbouring hashes of the tree, once they are all there. Those of the right edge are reckoned."""

    level = models.PositiveSmallIntegerField()
    number = models.BigIntegerField()
    hashes = models.BinaryField()
    root = models.BinaryField(help_text="over all 256: a hash of the next level")

    pk = models.CompositePrimaryKey("level", "number")


class Checkpoint(models.Model):
    """The tree at a size, signed by the log. The last of each minute is kept, and each that a witness has signed."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    key = models.TextField(help_text="what it is checked with")
    note = models.TextField()
    made_at = models.DateTimeField()


class Cosignature(models.Model):
    """A witness has found a checkpoint consistent with all that it was shown before."""

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="cosignatures")
    name = models.CharField(max_length=200)
    line = models.TextField()
    seen_at = models.DateTimeField()

    class Meta:
        """One of each witness."""

        constraints = (models.UniqueConstraint(fields=["checkpoint", "name"], name="cosigned_once"),)


class ChainedKind(models.Model):
    """A kind of event whose events are links of chains, all of those after a position."""

    kind = models.CharField(max_length=80, primary_key=True)
    since = models.BigIntegerField()


class Chain(models.Model):
    """A chain as it stands: how many links it has, the hash of the last, and what it is called in statements."""

    key = models.UUIDField(primary_key=True)
    salt = models.BinaryField()
    pseudonym = models.BinaryField(unique=True)
    begun = models.BigIntegerField(help_text="position of the first link")
    count = models.BigIntegerField()
    head = models.BinaryField()


class ChainLink(models.Model):
    """An event as a link of its chain."""

    position = models.BigIntegerField(primary_key=True)
    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, db_index=False)
    number = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        """Numbers run from 1 without gap or double."""

        constraints = (models.UniqueConstraint(fields=["chain", "number"], name="link_in_its_place"),)


class Statement(models.Model):
    """What was stated on a day of all chains: a tree of its own over pseudonym, count and head of each, signed."""

    day = models.DateField(primary_key=True)
    size = models.BigIntegerField(help_text="how far the ledger had come")
    chains = models.BigIntegerField()
    root = models.BinaryField()
    note = models.TextField()
    event_id = models.BigIntegerField(help_text="the event that tells of it")
    made_at = models.DateTimeField()


class StatementTile(models.Model):
    """Hashes of the tree of a statement: one chain is shown without reckoning all. Those of old days are dropped."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="tiles", db_index=False)
    level = models.PositiveSmallIntegerField()
    number = models.BigIntegerField()
    hashes = models.BinaryField()

    class Meta:
        """One of each."""

        constraints = (models.UniqueConstraint(fields=["statement", "level", "number"], name="tile_of_statement"),)
