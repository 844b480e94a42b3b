"""The hub: somebody asked, an office must answer in time."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongban.base.models import Entity, SealedJSONField

_STANDS = ~models.Q(state="ended")
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
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+", db_index=False)
    applicant_name = models.CharField(max_length=200)
    applicant_person = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    applicant_enterprise = models.ForeignKey(
        "accounts.Enterprise", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    submitted_by = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    taken_in_by = models.ForeignKey("organisations.Post", on_delete=models.PROTECT, null=True, related_name="+")
    summary = models.JSONField(default=dict, help_text="columns copied for lists, set by the kind")
    terms = models.JSONField(help_text="the shape of cases.kinds.Terms, as they were on submission")
    process = models.ForeignKey("processes.ProcessVersion", on_delete=models.PROTECT, null=True, related_name="+")
    process_data = SealedJSONField(default=dict, help_text="what the conditions of the process may look at")
    run = models.OneToOneField("processes.ProcessRun", on_delete=models.PROTECT, null=True, related_name="+")
    predecessor = models.ForeignKey("Result", on_delete=models.PROTECT, null=True, related_name="succeeding_cases")
    language = models.CharField(max_length=10, default="zh-hans")
    submitted_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True, help_text="the nearest due date of a running clock, for ordering")
    retain_until = models.DateField(null=True)
    archived_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1, help_text="counts changes: a stale page is found by it")

    class Meta:
        """An applicant is a person or an enterprise; both may be erased. What an index begins with needs no other."""

        indexes = (
            models.Index(fields=["-submitted_at", "-id"], name="case_newest_first"),
            models.Index(fields=["submitted_by", "-submitted_at"], name="case_of_submitter"),
            models.Index(fields=["applicant_person", "-submitted_at"], name="case_of_person"),
            models.Index(fields=["applicant_enterprise", "-submitted_at"], name="case_of_enterprise"),
            models.Index(fields=["organisation", "state", "-submitted_at"], name="case_of_organisation"),
            models.Index(fields=["retain_until"], name="case_retained", condition=models.Q(erased_at__isnull=True)),
            models.Index(fields=["ended_at"], name="case_to_be_archived", condition=_NOT_ARCHIVED),
        )
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(applicant_person__isnull=False, applicant_enterprise__isnull=False),
                name="case_has_one_applicant",
            ),
        )


class Clock(Entity):
    """A clock of a case: notice of supplement 补正告知, statutory 法定, promised 承诺."""

    class Kind(models.TextChoices):
        """Which limit it measures."""

        NOTICE = "notice", _("Time for naming what is missing")
        STATUTORY = "statutory", _("Statutory limit")
        PROMISED = "promised", _("Promised limit")
        POLICY = "policy", _("Internal limit for supervision")

    class State(models.TextChoices):
        """Running, stopped for a ground, or ended."""

        RUNNING = "running", _("Running")
        STOPPED = "stopped", _("Stopped")
        ENDED = "ended", _("Ended")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="clocks")
    kind = models.CharField(max_length=20, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    limit_value = models.PositiveIntegerField()
    limit_unit = models.CharField(max_length=20)
    basis = models.CharField(max_length=500, blank=True)
    started_at = models.DateTimeField()
    due_on = models.DateField()
    provisional = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=40, blank=True)

    class Meta:
        """One running or stopped clock of a kind for a case."""

        constraints = (
            models.UniqueConstraint(fields=["case", "kind"], condition=_STANDS, name="one_open_clock_of_a_kind"),
        )
        indexes = (models.Index(fields=["due_on"], name="clock_running", condition=models.Q(state="running")),)


class ClockInterval(Entity):
    """A stretch during which a clock ran or stood, and why."""

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="intervals")
    running = models.BooleanField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    ground = models.CharField(max_length=200, blank=True)
    paper = models.ForeignKey("papers.Paper", on_delete=models.PROTECT, null=True, related_name="+")


class Task(Entity):
    """What an office must do next on a case. Belongs to one post; held by at most one official."""

    class Kind(models.TextChoices):
        """The legal steps, and the steps of the office's own process."""

        ACCEPTANCE = "acceptance", _("Acceptance")
        REVIEW = "review", _("Review")
        DECISION = "decision", _("Decision")
        DELIVERY = "delivery", _("Delivery of the result")

    class State(models.TextChoices):
        """Open, or why no longer."""

        OPEN = "open", _("To do")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("No longer needed")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tasks")
    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    step = models.CharField(max_length=80, blank=True, help_text="id of the user task in the process")
    role = models.CharField(max_length=40, blank=True, default="", db_default="", help_text="demanded by a review step")
    engine_id = models.CharField(max_length=60, blank=True, help_text="id of the waiting task in the run")
    choices = models.JSONField(default=list, help_text="outcomes the process offers: [{value,label,label_en}]")
    post = models.ForeignKey("organisations.Post", on_delete=models.PROTECT, related_name="tasks", db_index=False)
    holder = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, null=True, related_name="tasks")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    due_on = models.DateField(null=True)
    provisional = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=60, blank=True)
    opinion = models.TextField(blank=True)
    done_by = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        """The inbox is ordered by the clock."""

        indexes = (
            models.Index(fields=["post", "due_on", "id"], name="inbox", condition=models.Q(state="open")),
            models.Index(fields=["holder", "due_on", "id"], name="task_held", condition=models.Q(state="open")),
            models.Index(fields=["post", "case"], name="task_of_post_on_case"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=models.Q(state="open") & ~models.Q(kind="review"),
                name="one_open_legal_step",
            ),
        )


class HandOver(Entity):
    """A task handed over, with a word."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="hand_overs")
    from_official = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, null=True, related_name="+")
    to_official = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, null=True, related_name="+")
    to_post = models.ForeignKey("organisations.Post", on_delete=models.PROTECT, related_name="+")
    word = models.CharField(max_length=500)
    at = models.DateTimeField()


class Recusal(Entity):
    """An official stands aside from a case for conflict of interest 回避."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="recusals")
    official = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, related_name="recusals")
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()

    class Meta:
        """Once is enough."""

        constraints = (models.UniqueConstraint(fields=["case", "official"], name="recusal_once"),)


class SupplementRequest(Entity):
    """Everything that is missing, named at once 一次性告知 (行政许可法 art. 32)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="supplement_requests")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("organisations.Post", on_delete=models.PROTECT, related_name="+")
    answer_by = models.DateField()
    provisional = models.BooleanField(default=False)
    word = models.TextField(blank=True)
    paper = models.ForeignKey("papers.Paper", on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        """One open request a case; those whose answer is late are found at once."""

        indexes = (
            models.Index(fields=["answer_by"], name="supplement_awaited", condition=models.Q(answered_at__isnull=True)),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(answered_at__isnull=True), name="one_open_supplement"
            ),
        )


class SupplementPoint(Entity):
    """One missing or wrong thing, tied to a field or a material."""

    request = models.ForeignKey(SupplementRequest, on_delete=models.CASCADE, related_name="points")
    target_kind = models.CharField(max_length=10, help_text="field or material")
    target_key = models.CharField(max_length=120)
    target_name = models.CharField(max_length=300)
    words = models.CharField(max_length=1000)
    position = models.PositiveSmallIntegerField(default=0)


class NonAcceptance(Entity):
    """Why a case was not accepted 不予受理, and what the applicant can do instead (行政许可法 art. 32)."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="non_acceptance")
    reason = models.TextField()
    legal_basis = models.TextField()
    what_else = models.TextField()
    official = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("organisations.Post", on_delete=models.PROTECT, related_name="+")
    paper = models.ForeignKey("papers.Paper", on_delete=models.PROTECT, null=True, related_name="+")
    refused_at = models.DateTimeField()


class Withdrawal(Entity):
    """The applicant took the case back 撤回."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="withdrawal")
    reason = models.CharField(max_length=500, blank=True)
    paper = models.ForeignKey("papers.Paper", on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField()


class Decision(Entity):
    """The decision with its reasons; a refusal names the ways to appeal (行政许可法 art. 38)."""

    class Outcome(models.TextChoices):
        """Granted or refused."""

        GRANTED = "granted", _("Granted")
        REFUSED = "refused", _("Refused")

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="decision")
    outcome = models.CharField(max_length=10, choices=Outcome)
    reasons = models.TextField()
    legal_basis = models.TextField(blank=True)
    remedies = models.TextField(blank=True)
    official = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("organisations.Post", on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    paper = models.ForeignKey("papers.Paper", on_delete=models.PROTECT, null=True, related_name="+")


class CasePaper(Entity):
    """A paper that belongs to a case."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="case_papers")
    paper = models.OneToOneField("papers.Paper", on_delete=models.PROTECT, related_name="+")
    for_applicant = models.BooleanField(default=True)


class FeeDemand(Entity):
    """A fee that is due; a clerk marks it as paid at the window."""

    class State(models.TextChoices):
        """Due, paid or waived."""

        DUE = "due", _("To be paid")
        PAID = "paid", _("Paid")
        WAIVED = "waived", _("Waived")
        NOT_DUE = "not_due", _("Not due")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="fees")
    name = models.CharField(max_length=200)
    basis = models.CharField(max_length=500, blank=True)
    amount_fen = models.PositiveBigIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DUE)
    paper = models.ForeignKey("papers.Paper", on_delete=models.PROTECT, null=True, related_name="+")
    demanded_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, null=True, related_name="+")
    receipt_number = models.CharField(max_length=60, blank=True)
    waive_reason = models.CharField(max_length=300, blank=True, help_text="why it is waived, or not due in this case")
    post = models.ForeignKey(
        "organisations.Post", on_delete=models.PROTECT, related_name="+", help_text="takes the money"
    )

    class Meta:
        """What is due is found at once; nothing is waived, or found not to be due, without a reason."""

        indexes = (models.Index(fields=["post", "demanded_at"], name="fee_due", condition=models.Q(state="due")),)
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state="waived") | ~models.Q(waive_reason=""), name="fee_waived_with_reason"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="not_due") | (~models.Q(waive_reason="") & models.Q(amount_fen=0)),
                name="fee_not_due_with_reason",
            ),
        )


class Result(Entity):
    """What the applicant holds in hand at the end; the seam for signed licences."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="result")
    kind = models.CharField(max_length=120, help_text="the catalogue code it belongs to")
    name = models.CharField(max_length=200)
    number = models.CharField(max_length=100, unique=True)
    issued_at = models.DateTimeField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, help_text="last day; empty = no term 长期")
    predecessor = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="successor")
    paper = models.ForeignKey("papers.Paper", on_delete=models.PROTECT, null=True, related_name="+")


class Delivery(Entity):
    """How the result reaches the applicant."""

    class Way(models.TextChoices):
        """Online, at a window, or by post."""

        ONLINE = "online", pgettext_lazy("way", "Online")
        WINDOW = "window", _("At a window")
        POST = "post", _("By post")

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="delivery")
    way = models.CharField(max_length=10, choices=Way)
    address = SealedJSONField(null=True, help_text="recipient, phone, region, address: for post only")
    electronic = models.BooleanField(default=False, help_text="papers may be served by electronic means")
    tracking_number = models.CharField(max_length=60, blank=True)
    handed_to = SealedJSONField(null=True, help_text="who took it at the window, and the identity paper seen")
    delivered_at = models.DateTimeField(null=True)


class Rating(Entity):
    """How it was: 1 very satisfied … 5 very dissatisfied (GB/T 39046 A.8, opposite to stars). Once per matter."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="rating")
    level = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True)
    rated_at = models.DateTimeField()

    class Meta:
        """Five levels."""

        constraints = (models.CheckConstraint(condition=models.Q(level__range=(1, 5)), name="rating_level"),)


class Archive(Entity):
    """The archived export 归档 of an ended case: a ZIP with papers, materials and history."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="archive")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    archived_at = models.DateTimeField()
