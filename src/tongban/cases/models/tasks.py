"""Work on a case: steps, who holds them, who stands aside."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.base.models import Entity


class Task(Entity):
    """What an office must do next on a case. Belongs to one post; held by at most one official."""

    class Kind(models.TextChoices):
        """The legal steps, and the steps of the office's own process."""

        ACCEPTANCE = "acceptance", _("Acceptance")
        REVIEW = "review", _("Review")
        DECISION = "decision", _("Decision")
        DELIVERY = "delivery", _("Delivery of the result")
        APPROVAL = "approval", _("A superior's word")

    class State(models.TextChoices):
        """Open, or why no longer."""

        OPEN = "open", _("To do")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("No longer needed")

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="tasks")
    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    step = models.CharField(max_length=80, blank=True, help_text="id of the user task in the process")
    role = models.CharField(max_length=40, blank=True, default="", db_default="", help_text="demanded by a review step")
    engine_id = models.CharField(max_length=60, blank=True, help_text="id of the waiting task in the run")
    choices = models.JSONField(default=list, help_text="outcomes the process offers: [{value,label,label_en}]")
    post = models.ForeignKey("organisations.Post", on_delete=models.PROTECT, related_name="tasks", db_index=False)
    holder = models.ForeignKey(
        "accounts.Official", on_delete=models.PROTECT, null=True, related_name="tasks", db_index=False
    )
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    due_on = models.DateField(null=True)
    provisional = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    case_submitted_at = models.DateTimeField(null=True, help_text="as its case says: lists of a post go by it")
    claimed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=60, blank=True)
    opinion = models.TextField(blank=True)
    done_by = models.ForeignKey(
        "accounts.Official", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        """The inbox is ordered by the clock. It is counted and paged from its index alone."""

        indexes = (
            models.Index(
                fields=["post", "due_on", "id"],
                name="task_inbox",
                condition=models.Q(state="open"),
                include=("holder", "case"),
            ),
            models.Index(
                fields=["holder", "due_on", "id"],
                name="task_in_own_hand",
                condition=models.Q(state="open", holder__isnull=False),
                include=("post", "case"),
            ),
            models.Index(fields=["holder"], name="task_of_holder", condition=models.Q(holder__isnull=False)),
            models.Index(fields=["post", "-case_submitted_at", "-case"], name="task_newest_of_post"),
            models.Index(fields=["done_by"], name="task_done_by", condition=models.Q(done_by__isnull=False)),
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

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="recusals")
    official = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, related_name="recusals")
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()

    class Meta:
        """Once is enough."""

        constraints = (models.UniqueConstraint(fields=["case", "official"], name="recusal_once"),)
