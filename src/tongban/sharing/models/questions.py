"""Questions and objections to look-ups, corrections of what a register says, and who read the log of a person."""

from django.db import models
from django.utils.translation import pgettext_lazy

from tongban.base.models import Entity, SealedJSONField, SealedTextField

_UNSETTLED = models.Q(settled_at__isnull=True)


class Question(Entity):
    """A question or an objection to one look-up; the case is answered by the office that looked."""

    class Kind(models.TextChoices):
        """What is wanted: an explanation, or that it is found to have been wrong."""

        QUESTION = "question", pgettext_lazy("look-up", "Question")
        OBJECTION = "objection", pgettext_lazy("look-up", "Objection")

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    look_up = models.ForeignKey("exchange.LookUp", on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    words = SealedTextField()
    asked_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        """Somebody asks once about a look-up, and objects once: sending it again leads to the same case."""

        constraints = (models.UniqueConstraint(fields=["look_up", "kind", "asked_by"], name="look_up_questioned_once"),)
        indexes = (models.Index(fields=["asked_by", "-asked_at"], name="question_of_person"),)


class Correction(Entity):
    """That a value in a register is not right 校核纠错; the case is decided by the data steward of its office."""

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="+")
    resource = models.ForeignKey("exchange.Resource", on_delete=models.PROTECT, related_name="+", db_index=False)
    field = models.CharField(max_length=60)
    record_key = models.CharField(max_length=60, blank=True, help_text="which of several records")
    person = models.ForeignKey(
        "accounts.Person", on_delete=models.PROTECT, null=True, related_name="+", help_text="whom the record is about"
    )
    enterprise = models.ForeignKey("accounts.Enterprise", on_delete=models.PROTECT, null=True, related_name="+")
    asked_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    stated = SealedJSONField(null=True, help_text="what the register said when it was asked")
    wanted = SealedTextField()
    words = SealedTextField(help_text="why, and what shows it")
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, help_text="decided, withdrawn or lapsed")
    corrected_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        """About one person or enterprise; one open request for a value."""

        constraints = (
            models.CheckConstraint(
                condition=models.Q(person__isnull=True) ^ models.Q(enterprise__isnull=True),
                name="correction_has_one_subject",
            ),
            models.UniqueConstraint(
                fields=["person", "resource", "field", "record_key"],
                condition=_UNSETTLED,
                name="value_of_person_corrected_once",
            ),
            models.UniqueConstraint(
                fields=["enterprise", "resource", "field", "record_key"],
                condition=_UNSETTLED,
                name="value_of_firm_corrected_once",
            ),
        )
        indexes = (models.Index(fields=["asked_by", "-asked_at"], name="correction_of_person"),)


class LogReading(models.Model):
    """That an account read the log of somebody's look-ups on a day, and how often; each reading is in the ledger."""

    subject_key = models.UUIDField()
    account_id = models.UUIDField()
    day = models.DateField()
    times = models.PositiveIntegerField(default=1)
    last_at = models.DateTimeField()

    class Meta:
        """One row for each reader and day; old ones are forgotten."""

        constraints = (
            models.UniqueConstraint(fields=["subject_key", "account_id", "day"], name="log_reading_once_a_day"),
        )
        indexes = (models.Index(fields=["day"], name="log_reading_by_age"),)
