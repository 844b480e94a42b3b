"""The case itself: somebody asked, an office must answer in time."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongban.base.models import Entity, SealedJSONField

_NOT_ARCHIVED = models.Q(archived_at__isnull=True, erased_at__isnull=True, ended_at__isnull=False)


class Case(Entity):
    """A case 办件. Its legal life is fixed in `rules.life`, because law fixes it."""

    class State(models.TextChoices):
        """Where in its legal life a case is."""

        SUBMITTED = "submitted", _("Submitted")
        SUPPLEMENT = "supplement", _("Waiting for a supplement")
        REVIEW = "review", _("Under review")
        SUSPENDED = "suspended", _("Suspended for a special procedure")
        DECIDED = "decided", _("Decided")
        COMPLETED = "completed", _("Completed")
        DELIVERED = "delivered", _("Delivered")
        NOT_ACCEPTED = "not_accepted", _("Not accepted")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        LAPSED = "lapsed", _("Ended: not supplemented in time")
        VOIDED = "voided", _("Voided")

    class Channel(models.TextChoices):
        """How it came in (GB/T 39046 A.5)."""

        WEB = "web", pgettext_lazy("way", "Online")
        WINDOW = "window", _("At a window")
        API = "api", _("By interface")

    number = models.CharField(max_length=30, unique=True)
    kind = models.CharField(max_length=40, help_text="registered in cases.kinds")
    title = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=20, choices=State, default=State.SUBMITTED)
    channel = models.CharField(max_length=10, choices=Channel)
    # Without `db_index` where an index below begins with the same column, or nothing is ever looked for by it: each
    # change of a case is written into every index.
    organisation = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    applicant_name = models.CharField(max_length=200)
    applicant_person = models.ForeignKey(
        "accounts.Person", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    applicant_enterprise = models.ForeignKey(
        "accounts.Enterprise", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    applicant_organisation = models.ForeignKey(
        "organisations.Organisation",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        help_text="an office that asks another",
    )
    submitted_by = models.ForeignKey(
        "accounts.Person", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    taken_in_by = models.ForeignKey(
        "organisations.Post", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    summary = models.JSONField(default=dict, help_text="columns copied for lists, set by the kind")
    terms = models.JSONField(help_text="the shape of cases.kinds.Terms, as they were on submission")
    clock_table = models.ForeignKey(
        "cases.ClockTable",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        help_text="in force when it came in",
    )
    is_joint = models.BooleanField(default=False, db_default=False, help_text="handled by several offices together")
    acceptance_is_deemed = models.BooleanField(
        default=False, db_default=False, help_text="accepted by law, because nobody said in time what was missing"
    )
    process = models.ForeignKey(
        "processes.ProcessVersion", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    process_data = SealedJSONField(default=dict, help_text="what the conditions of the process may look at")
    run = models.OneToOneField("processes.ProcessRun", on_delete=models.PROTECT, null=True, related_name="+")
    predecessor = models.ForeignKey(
        "cases.Result", on_delete=models.PROTECT, null=True, related_name="succeeding_cases", db_index=False
    )
    language = models.CharField(max_length=10, default="zh-hans")
    submitted_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True, help_text="for the previous release; the date is that of the clocks")
    retain_until = models.DateField(null=True)
    archived_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1, help_text="counts changes: a stale page is found by it")

    class Meta:
        """An applicant is a person, an enterprise or an office; the first two may be erased.

        What an index begins with needs no other.
        """

        indexes = (
            models.Index(fields=["-submitted_at", "-id"], name="case_newest_first"),
            models.Index(fields=["submitted_by", "-submitted_at"], name="case_of_submitter"),
            models.Index(fields=["applicant_person", "-submitted_at"], name="case_of_person"),
            models.Index(fields=["applicant_enterprise", "-submitted_at"], name="case_of_enterprise"),
            models.Index(fields=["organisation", "-submitted_at", "-id"], name="case_newest_of_office"),
            models.Index(fields=["retain_until"], name="case_retained", condition=models.Q(erased_at__isnull=True)),
            models.Index(fields=["ended_at"], name="case_to_be_archived", condition=_NOT_ARCHIVED),
            models.Index(
                fields=["taken_in_by", "-submitted_at", "-id"],
                name="case_newest_taken_in",
                condition=models.Q(taken_in_by__isnull=False),
            ),
            models.Index(fields=["predecessor"], name="case_succeeding", condition=models.Q(predecessor__isnull=False)),
        )
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(applicant_person__isnull=False, applicant_enterprise__isnull=False),
                name="case_has_one_applicant",
            ),
            models.CheckConstraint(
                condition=models.Q(applicant_organisation__isnull=True)
                | models.Q(applicant_person__isnull=True, applicant_enterprise__isnull=True, submitted_by__isnull=True),
                name="case_of_an_office_is_nobody_else_s",
            ),
        )
