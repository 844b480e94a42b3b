"""Registers 基础库: whom they know, what they say, since when it is so, and since when it is known.

The values stand in a table that the app may write and never read. The gate's role reads it by column, and row security
opens to it only what the running transaction has logged (migration 0002).
"""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Func

from tongban.base.models import Entity, SealedTextField


class Register(Entity):
    """A register 基础库 of one office; its entry in the catalogue is the resource."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    keeper = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=10)
    resource = models.OneToOneField("exchange.Resource", on_delete=models.PROTECT, related_name="+")
    names_subjects = models.BooleanField(default=False, help_text="its office says which numbers are one and the same")
    created_at = models.DateTimeField()


class RegisterSchema(Entity):
    """A version of what a register holds of each subject. It never changes; records say by which one they were made."""

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="schemas")
    version = models.PositiveIntegerField()
    fields = models.JSONField(help_text="list of the shape of registers.rules.schemas.Field")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        """One row for each version."""

        constraints = (models.UniqueConstraint(fields=["register", "version"], name="register_schema_version"),)


class RegisteredSubject(models.Model):
    """A person or enterprise that registers know, by the key that the gate knows too.

    Never deleted: no number is used again.
    """

    key = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=10)
    identity_kind = models.CharField(max_length=50)
    number = SealedTextField()
    created_at = models.DateTimeField()


class Merger(Entity):
    """Two numbers that were found to be one person's: what is asked of the one is found with the other meanwhile."""

    origin = models.ForeignKey(RegisteredSubject, on_delete=models.PROTECT, related_name="+")
    target = models.ForeignKey(RegisteredSubject, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        """Into one other at a time."""

        constraints = (
            models.UniqueConstraint(fields=["origin"], condition=models.Q(until__isnull=True), name="merged_into_one"),
            models.CheckConstraint(condition=~models.Q(origin=models.F("target")), name="merged_into_another"),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gt=models.F("since")), name="merger_in_order"
            ),
        )


class SubjectChange(Entity):
    """Two subjects were found to be one, or one to be two: who said so, when, and why. Never changed."""

    class Kind(models.TextChoices):
        """Which."""

        MERGED = "merged", "merged"
        SPLIT = "split", "split"

    kind = models.CharField(max_length=6, choices=Kind)
    origin = models.ForeignKey(RegisteredSubject, on_delete=models.PROTECT, related_name="+", help_text="moved from")
    target = models.ForeignKey(RegisteredSubject, on_delete=models.PROTECT, related_name="+", help_text="moved to")
    grounds = models.CharField(max_length=500)
    official = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()


class Record(models.Model):
    """That a register has something on a subject. `key` tells several apart: the number of a certificate, a job."""

    id = models.BigAutoField(primary_key=True)
    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="records", db_index=False)
    subject = models.ForeignKey(RegisteredSubject, on_delete=models.PROTECT, related_name="records", db_index=False)
    key = models.CharField(max_length=60, blank=True)

    class Meta:
        """One for each key; found by the subject."""

        constraints = (models.UniqueConstraint(fields=["subject", "register", "key"], name="record_once"),)


class RecordVersion(models.Model):
    """What a record says: valid from one day until another, known from one instant until another.

    Both stretches end before their end. Rows are never changed but for the instant at which they were known no longer.
    """

    id = models.BigAutoField(primary_key=True)
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="versions")
    schema = models.ForeignKey(RegisterSchema, on_delete=models.PROTECT, related_name="+", db_index=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    recorded_from = models.DateTimeField()
    recorded_to = models.DateTimeField(null=True)

    class Meta:
        """In order, and of one record never two valid on one day as known at one instant.

        The id of the record stands as a range of one number: the server has no other GiST operators for equality.
        """

        constraints = (
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=models.F("valid_from")),
                name="record_valid_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(recorded_to__isnull=True) | models.Q(recorded_to__gt=models.F("recorded_from")),
                name="record_known_in_order",
            ),
            ExclusionConstraint(
                name="one_version_at_a_time",
                expressions=[
                    (Func("record_id", "record_id", models.Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (
                        Func("valid_from", "valid_to", function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func("recorded_from", "recorded_to", function="tstzrange", output_field=DateTimeRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        )


class RecordedValue(models.Model):
    """The value of one field in one version of a record; sealed where the field is sensitive.

    Written by the app, read by the gate alone.
    """

    pk = models.CompositePrimaryKey("version_id", "field")
    version = models.ForeignKey(RecordVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    field = models.CharField(max_length=60)
    record_id = models.BigIntegerField(help_text="as in the version: row security looks at it")
    value = models.JSONField(null=True)
    sealed = models.BinaryField(null=True)

    class Meta:
        """A value is plain or sealed."""

        constraints = (
            models.CheckConstraint(
                condition=models.Q(value__isnull=True) | models.Q(sealed__isnull=True), name="value_plain_or_sealed"
            ),
        )


class Incoming(models.Model):
    """Values on their way in: a bulk load copies them here and moves them on within one transaction.

    PostgreSQL does not copy into tables with row security. The table is empty whenever a transaction has ended.
    """

    id = models.BigAutoField(primary_key=True)
    load = models.UUIDField()
    version_id = models.BigIntegerField()
    record_id = models.BigIntegerField()
    field = models.CharField(max_length=60)
    value = models.JSONField(null=True)
    sealed = models.BinaryField(null=True)

    class Meta:
        """Nothing looks for single rows."""

        indexes: ClassVar[tuple[models.Index, ...]] = ()
