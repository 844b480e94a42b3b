"""The log of look-ups. The database refuses to change or delete a row, and without one it answers nothing."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from tongban.base.models import Entity


class LookUp(Entity):
    """A look-up 查询: who asked, about whom, for which fields, why; and whether it was refused.

    `subject_key` stands for the person or enterprise: the beginning of the keyed index of its number, so that those
    who are in no account are found as well. `transaction` and `stamped_at` are set by the database: row security of
    registers opens what this very transaction has logged, and nothing else. Keys to other tables are not checked one
    by one: their rows are never deleted, and five row locks a look-up would be the dearest part of it.
    """

    at = models.DateTimeField()
    grant = models.ForeignKey(
        "exchange.Grant", on_delete=models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    resource = models.ForeignKey(
        "exchange.Resource", on_delete=models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    consumer = models.ForeignKey(
        "organisations.Organisation",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    post = models.ForeignKey(
        "organisations.Post", on_delete=models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    official = models.ForeignKey(
        "accounts.Official", on_delete=models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    account_id = models.UUIDField(null=True)
    system = models.CharField(max_length=200, blank=True, help_text="which system asked, where it was no official")
    subject_kind = models.CharField(max_length=10, blank=True)
    subject_key = models.UUIDField(null=True)
    fields = ArrayField(models.CharField(max_length=60), default=list)
    purpose = models.CharField(max_length=60, blank=True)
    reference_kind = models.CharField(max_length=12, blank=True, help_text="case, draft, or a standing reference")
    reference = models.CharField(max_length=60, blank=True, help_text="number of the case, or what stands for one")
    valid_on = models.DateField(null=True, help_text="asked as of this day; empty: today")
    known_at = models.DateTimeField(null=True, help_text="asked as it was known then; empty: now")
    refused = models.CharField(max_length=40, blank=True, help_text="code of the refusal; empty: allowed")
    secret_until = models.DateTimeField(null=True)
    secret_order = models.CharField(max_length=200, blank=True, help_text="who ordered secrecy, by which paper")
    transaction = models.BigIntegerField(default=0, editable=False)
    stamped_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        """Found by whom it is about, by who asked, by whose data; secrecy names its order."""

        indexes = (
            models.Index(fields=["subject_key", "-at"], name="look_up_of_subject"),
            models.Index(fields=["resource", "-at"], name="look_up_of_resource"),
            models.Index(fields=["consumer", "-at"], name="look_up_of_consumer"),
            models.Index(
                fields=["secret_until"], name="look_up_secret", condition=models.Q(secret_until__isnull=False)
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(secret_until__isnull=True, secret_order="")
                | (models.Q(secret_until__isnull=False) & ~models.Q(secret_order="")),
                name="secrecy_names_its_order",
            ),
            models.CheckConstraint(
                condition=~models.Q(refused="")
                | models.Q(grant__isnull=False, resource__isnull=False, subject_key__isnull=False),
                name="allowed_look_up_is_whole",
            ),
        )


class LookUpAnswer(models.Model):
    """What came of a look-up that was allowed. One without this row was asked, and no answer left the house."""

    class Outcome(models.TextChoices):
        """What the source said."""

        ANSWERED = "answered"
        NOTHING = "nothing_found"
        UNAVAILABLE = "source_unavailable"
        REFUSED = "source_refused"

    look_up = models.OneToOneField(
        LookUp, on_delete=models.PROTECT, primary_key=True, related_name="answer", db_constraint=False
    )
    outcome = models.CharField(max_length=18, choices=Outcome)
    answered_at = models.DateTimeField()
    records = models.PositiveSmallIntegerField(default=0)
    cut = ArrayField(models.CharField(max_length=60), default=list, help_text="fields that the source added: a fault")
    told = models.CharField(
        max_length=80, blank=True, default="", db_default="", help_text="code by which the source refused or was away"
    )
    digest = models.BinaryField(max_length=32, help_text="keyed: tells what was answered to who has it, nothing else")
