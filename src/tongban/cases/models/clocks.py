"""The clocks of a case: what runs, what stands, and why; and the table that says which clocks there are."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.base.models import Entity

_STANDS = ~models.Q(state="ended")
_STEP = models.Q(kind="step")


class ClockTable(Entity):
    """Which clocks, extensions and deemed effects apply to a type of item in this jurisdiction.

    A version never changes; a case keeps the one under which it was opened. The type "" is for all that have no table
    of their own.
    """

    item_type = models.CharField(max_length=2, blank=True, help_text="type of item, 01 = permit; empty = all others")
    version = models.PositiveIntegerField()
    content = models.JSONField(help_text="the shape of cases.rules.clock_table.ClockRules")
    source = models.CharField(max_length=500, help_text="law, or local rule with its number")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        """One row for each version of a type's table."""

        constraints = (models.UniqueConstraint(fields=["item_type", "version"], name="clock_table_version"),)


class Clock(Entity):
    """A clock of a case: notice 补正告知, statutory 法定, promised 承诺, step 环节, delivery 送达, renewal 延续."""

    class Kind(models.TextChoices):
        """Which limit it measures. Kinds of case may have others; their names stand in `kinds.CLOCKS`."""

        NOTICE = "notice"
        STATUTORY = "statutory"
        PROMISED = "promised"
        POLICY = "policy"
        STEP = "step"
        DELIVERY = "delivery"
        RENEWAL = "renewal"

    class State(models.TextChoices):
        """Running, stopped for a ground, or ended."""

        RUNNING = "running", _("Running")
        STOPPED = "stopped", _("Stopped")
        ENDED = "ended", _("Ended")

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="clocks")
    kind = models.CharField(max_length=20)
    task = models.ForeignKey("cases.Task", on_delete=models.CASCADE, null=True, related_name="clocks", db_index=False)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    limit_value = models.PositiveIntegerField()
    limit_unit = models.CharField(max_length=20)
    basis = models.CharField(max_length=500, blank=True)
    started_at = models.DateTimeField()
    due_on = models.DateField()
    due_at = models.DateTimeField(null=True, help_text="the instant at which the time is over")
    provisional = models.BooleanField(default=False)
    at_end = models.CharField(
        max_length=20, blank=True, default="", db_default="", help_text="what the law deems when the time is over"
    )
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=40, blank=True)

    class Meta:
        """One standing clock of a kind for a case, one of the step for a task; what falls due is found at once."""

        constraints = (
            models.UniqueConstraint(
                fields=["case", "kind"], condition=_STANDS & ~_STEP, name="one_standing_clock_of_a_kind"
            ),
            models.UniqueConstraint(fields=["task"], condition=_STANDS & _STEP, name="one_standing_clock_of_a_step"),
        )
        indexes = (
            models.Index(fields=["due_on"], name="clock_running", condition=models.Q(state="running")),
            models.Index(
                fields=["due_at"],
                name="clock_acts_at_its_end",
                condition=models.Q(state="running") & ~models.Q(at_end=""),
            ),
            models.Index(fields=["task"], name="clock_of_task", condition=models.Q(task__isnull=False)),
            models.Index(fields=["case"], name="clock_without_end", condition=_STANDS & models.Q(due_at__isnull=True)),
        )


class Suspension(Entity):
    """Time that does not count: a special procedure 特别程序 (行政许可法 art. 45), or a suspension by law 中止."""

    class Kind(models.TextChoices):
        """A special procedure of the law on permits, or a suspension that another law orders."""

        PROCEDURE = "procedure", _("Special procedure")
        BY_LAW = "by_law", _("Suspension by law")

    class Procedure(models.TextChoices):
        """What is not counted in the limit (行政许可法 art. 45)."""

        HEARING = "hearing", _("Hearing")
        TENDER = "tender", _("Tender")
        AUCTION = "auction", _("Auction")
        INSPECTION = "inspection", _("Inspection")
        TEST = "test", _("Test")
        QUARANTINE = "quarantine", _("Quarantine")
        APPRAISAL = "appraisal", _("Appraisal")
        EXPERT_REVIEW = "expert_review", _("Expert review")

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="suspensions")
    kind = models.CharField(max_length=10, choices=Kind)
    procedure = models.CharField(max_length=20, choices=Procedure, blank=True)
    ground = models.TextField()
    basis = models.CharField(max_length=500)
    expected_value = models.PositiveIntegerField(null=True)
    expected_unit = models.CharField(max_length=20, blank=True)
    expected_on = models.DateField(null=True, help_text="when it should be over")
    provisional = models.BooleanField(default=False)
    began_at = models.DateTimeField()
    official = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("organisations.Post", on_delete=models.PROTECT, related_name="+")
    paper = models.ForeignKey("papers.Paper", on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.TextField(blank=True, help_text="what came of it")
    reminded_at = models.DateTimeField(
        null=True, help_text="when the official was told that it takes longer than expected"
    )

    class Meta:
        """The same procedure is not begun twice at once; those that take longer than expected are found at once."""

        constraints = (
            models.UniqueConstraint(
                fields=["case", "kind", "procedure"],
                condition=models.Q(ended_at__isnull=True),
                name="one_open_suspension_of_a_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="procedure") ^ models.Q(procedure=""), name="suspension_names_its_procedure"
            ),
        )
        indexes = (
            models.Index(fields=["expected_on"], name="suspension_open", condition=models.Q(ended_at__isnull=True)),
        )


class ClockInterval(Entity):
    """A stretch during which a clock ran or stood, and why."""

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="intervals")
    running = models.BooleanField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    ground = models.CharField(max_length=200, blank=True)
    suspension = models.ForeignKey(Suspension, on_delete=models.CASCADE, null=True, related_name="intervals")
    official = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, null=True, related_name="+")
    paper = models.ForeignKey("papers.Paper", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        """Which clocks ever stood is asked of a million at once; most never did."""

        indexes = (models.Index(fields=["clock"], name="interval_stood", condition=models.Q(running=False)),)


class ClockExtension(Entity):
    """Time added to a clock: approved by the head, its reasons told to the applicant (行政许可法 art. 42)."""

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="extensions")
    value = models.PositiveIntegerField()
    unit = models.CharField(max_length=20)
    basis = models.CharField(max_length=500, blank=True)
    reasons = models.TextField()
    official = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey("organisations.Post", on_delete=models.PROTECT, null=True, related_name="+")
    paper = models.ForeignKey("papers.Paper", on_delete=models.PROTECT, null=True, related_name="+")
    granted_at = models.DateTimeField()


class Approval(Entity):
    """What an official asks the superior for 请示: an extension, or a second request for a supplement."""

    class Kind(models.TextChoices):
        """What needs a superior's word."""

        EXTENSION = "extension", _("Extension of the limit")
        SUPPLEMENT = "supplement", _("Second request for a supplement")

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="approvals")
    kind = models.CharField(max_length=12, choices=Kind)
    reasons = models.TextField()
    proposal = models.JSONField(default=dict, help_text="what is to be done once it is allowed")
    asked_by = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, related_name="+")
    asked_for = models.ForeignKey("organisations.Post", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    task = models.OneToOneField("cases.Task", on_delete=models.CASCADE, related_name="approval")
    granted = models.BooleanField(null=True)
    word = models.TextField(blank=True)
    answered_by = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        """One open question of a kind for a case."""

        constraints = (
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=models.Q(answered_at__isnull=True),
                name="one_open_approval_of_a_kind",
            ),
        )
