"""Supervision: the table of rules, what was found by it, and the orders that follow."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.base.models import Entity

_OPEN = models.Q(ended_at__isnull=True)


class RuleTable(Entity):
    """The rules of supervision of this jurisdiction. A version never changes."""

    version = models.PositiveIntegerField(unique=True)
    content = models.JSONField(help_text="the shape of coordination.rules.table.Rules")
    source = models.CharField(max_length=500, help_text="local rule with its number, or why it was changed")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, null=True, related_name="+")


class Look(Entity):
    """How far the clocks have been looked at under a version of the rules: cutoff by name."""

    table = models.OneToOneField(RuleTable, on_delete=models.CASCADE, related_name="look")
    reached = models.JSONField(default=dict)
    looked_at = models.DateTimeField()


class Finding(Entity):
    """A warning that stands, or stood, against a case: found by a rule, about one clock, task, request or rating."""

    class Ended(models.TextChoices):
        """Why it no longer stands."""

        OVER = "over", _("No longer so")
        SETTLED = "settled", _("Settled by the supervisor")

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    table = models.ForeignKey(RuleTable, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=40, help_text="key of the rule in its table")
    watch = models.CharField(max_length=20)
    colour = models.CharField(max_length=6)
    lasting = models.BooleanField(default=False, help_text="it stays so until it is settled")
    about_id = models.UUIDField(help_text="the clock, task, request, refusal, rating or case that it is about")
    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("organisations.Post", on_delete=models.PROTECT, null=True, related_name="+")
    official = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, null=True, related_name="+")
    item_code = models.CharField(max_length=120, blank=True)
    due_on = models.DateField(null=True)
    since = models.DateTimeField()
    escalate_on = models.DateField(null=True, help_text="the superior is told after this day")
    escalated_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=10, choices=Ended, blank=True)
    ended_by = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, null=True, related_name="+")
    word = models.CharField(max_length=500, blank=True, help_text="the supervisor's, when it was settled")

    class Meta:
        """One open warning of a rule about a thing; what stays so is found once for good."""

        constraints = (
            models.UniqueConstraint(fields=["rule", "about_id"], condition=_OPEN, name="one_open_finding"),
            models.UniqueConstraint(
                fields=["rule", "about_id"], condition=models.Q(lasting=True), name="one_lasting_finding"
            ),
        )
        indexes = (
            models.Index(fields=["case"], name="finding_of_case", condition=_OPEN),
            models.Index(fields=["organisation", "-since"], name="finding_open", condition=_OPEN),
            models.Index(fields=["-since", "-id"], name="finding_newest_first"),
            models.Index(
                fields=["escalate_on"],
                name="finding_to_escalate",
                condition=_OPEN & models.Q(escalated_at__isnull=True, escalate_on__isnull=False),
            ),
        )


class Order(Entity):
    """A supervision order 督办单: the responsible post must answer in time what was wrong and what it does about it."""

    class State(models.TextChoices):
        """Whose turn it is."""

        WAITING = "waiting", _("To be answered")
        ANSWERED = "answered", _("Answered, to be judged")
        CLOSED = "closed", _("Closed")

    number = models.CharField(max_length=100, unique=True)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, null=True, related_name="orders")
    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("organisations.Post", on_delete=models.PROTECT, related_name="+", help_text="must answer")
    issued_by = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, null=True, related_name="+")
    issuing_post = models.ForeignKey("organisations.Post", on_delete=models.PROTECT, related_name="+")
    demand = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    limit_days = models.PositiveSmallIntegerField(help_text="working days")
    due_on = models.DateField()
    provisional = models.BooleanField(default=False)
    paper = models.ForeignKey("papers.Paper", on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    counted_from = models.DateTimeField(help_text="issue, or the last sending back")
    superior_post = models.ForeignKey("organisations.Post", on_delete=models.PROTECT, null=True, related_name="+")
    escalated_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_why = models.TextField(
        blank=True, default="", db_default="", help_text="why it was issued in error; it is closed and waits for nobody"
    )

    class Meta:
        """One open order for a case; what is to be answered is found at once."""

        constraints = (
            models.UniqueConstraint(fields=["case"], condition=~models.Q(state="closed"), name="one_open_order"),
        )
        indexes = (
            models.Index(
                fields=["post", "due_on", "id"], name="order_owed_in_time", condition=models.Q(state="waiting")
            ),
            models.Index(
                fields=["due_on"],
                name="order_to_escalate",
                condition=models.Q(state="waiting", escalated_at__isnull=True),
            ),
            models.Index(fields=["organisation", "-issued_at"], name="order_of_organisation"),
        )

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was issued in error and closed without an answer."""
        return bool(self.withdrawn_why)


class OrderAnswer(Entity):
    """An answer to an order: what happened, what is done about it, and what the supervisor says to that."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="answers")
    words = models.TextField()
    measures = models.TextField()
    official = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("organisations.Post", on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()
    accepted = models.BooleanField(null=True)
    word = models.TextField(blank=True)
    judged_by = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, null=True, related_name="+")
    judged_at = models.DateTimeField(null=True)

    class Meta:
        """One answer waits to be judged."""

        constraints = (
            models.UniqueConstraint(
                fields=["order"], condition=models.Q(judged_at__isnull=True), name="one_answer_to_be_judged"
            ),
        )
