"""What one office asks of another, what came of it, and what the coordinator decided where they did not agree."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongban.base.models import Entity


class DataRequest(Entity):
    """A request for data 数据需求: a kind of case. What is asked never changes; the answer is written once."""

    class Outcome(models.TextChoices):
        """What came of it; empty while it waits for its answer."""

        GRANTED = "granted", pgettext_lazy("request", "Granted")
        PARTLY = "partly", pgettext_lazy("request", "Granted in part")
        REFUSED = "refused", pgettext_lazy("request", "Refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("request", "Taken back")

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="data_request")
    resource = models.ForeignKey("exchange.Resource", on_delete=models.PROTECT, related_name="requests")
    consumer = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    consumer_post = models.ForeignKey("organisations.Post", on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    idempotency_key = models.UUIDField(unique=True)
    renews = models.ForeignKey("exchange.Grant", on_delete=models.PROTECT, null=True, related_name="renewals")
    fields = ArrayField(models.CharField(max_length=60))
    sharing_class = models.CharField(max_length=13, help_text="the strictest of its fields")
    row_filter = models.JSONField(default=list, help_text="conditions: [{field, operator, values}]")
    purpose = models.CharField(max_length=60)
    purpose_words = models.CharField(max_length=300)
    basis_law = models.CharField(max_length=200)
    basis_article = models.CharField(max_length=100)
    items_served = ArrayField(models.CharField(max_length=120), default=list, help_text="item codes; empty: all")
    expected_per_day = models.PositiveIntegerField(help_text="look-ups, as the office expects them")
    rate_per_minute = models.PositiveIntegerField()
    valid_until = models.DateField()
    reason = models.TextField(blank=True, help_text="why it is needed although it is not shared")
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, default="")
    granted_fields = ArrayField(models.CharField(max_length=60), default=list)
    refusal_law = models.CharField(max_length=200, blank=True)
    refusal_article = models.CharField(max_length=100, blank=True)
    answered_at = models.DateTimeField(null=True)
    grant = models.OneToOneField("exchange.Grant", on_delete=models.PROTECT, null=True, related_name="data_request")

    class Meta:
        """An office waits for one answer on a resource and purpose; a refusal cites its law; a grant is there."""

        indexes = (
            models.Index(fields=["consumer", "-asked_at", "-id"], name="data_request_asked"),
            models.Index(fields=["resource", "-asked_at", "-id"], name="data_request_received"),
            models.Index(
                fields=["-answered_at", "-id"],
                name="data_request_refused",
                condition=models.Q(outcome__in=("partly", "refused")),
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["consumer", "resource", "purpose"],
                condition=models.Q(outcome=""),
                name="one_open_data_request",
            ),
            models.CheckConstraint(condition=models.Q(fields__len__gte=1), name="data_request_has_fields"),
            models.CheckConstraint(
                condition=models.Q(granted_fields__contained_by=models.F("fields")),
                name="data_request_granted_of_what_was_asked",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome__in=("granted", "partly")) ^ models.Q(grant__isnull=True),
                name="data_request_granted_has_its_grant",
            ),
            models.CheckConstraint(
                condition=~models.Q(outcome__in=("partly", "refused"))
                | (~models.Q(refusal_law="") & ~models.Q(refusal_article="")),
                name="data_request_refusal_cites_its_law",
            ),
        )

    @property
    def refused_fields(self) -> list[str]:
        """The fields that were asked for and not granted; none before there is an answer."""
        if self.outcome not in {self.Outcome.PARTLY, self.Outcome.REFUSED}:
            return []
        return [code for code in self.fields if code not in self.granted_fields]


class Dispute(Entity):
    """The office that was refused takes it to the coordinator 争议: a kind of case of its own. Once for a request."""

    class Outcome(models.TextChoices):
        """What the coordinator decided; empty while it is open."""

        ORDERED = "ordered", _("To be granted")
        STANDS = "stands", _("The refusal stands")
        WITHDRAWN = "withdrawn", pgettext_lazy("dispute", "Taken back")

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="data_dispute")
    request = models.OneToOneField(DataRequest, on_delete=models.PROTECT, related_name="dispute")
    grounds = models.TextField()
    raised_by = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, default="")
    ordered_fields = ArrayField(models.CharField(max_length=60), default=list)
    decided_at = models.DateTimeField(null=True)
    grant = models.OneToOneField("exchange.Grant", on_delete=models.PROTECT, null=True, related_name="data_dispute")

    class Meta:
        """What is ordered is granted in the same instant."""

        constraints = (
            models.CheckConstraint(
                condition=models.Q(outcome="ordered") ^ models.Q(grant__isnull=True), name="dispute_ordered_is_granted"
            ),
        )
