"""Who may ask for what, for which purpose, by which law."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongban.base.models import Entity


class Grant(Entity):
    """A grant 授权. What it allows never changes: whoever needs something else is given another one."""

    class State(models.TextChoices):
        """Whether it may be used."""

        ACTIVE = "active", pgettext_lazy("grant", "Active")
        SUSPENDED = "suspended", pgettext_lazy("grant", "Suspended")
        WITHDRAWN = "withdrawn", pgettext_lazy("grant", "Withdrawn")

    class Standing(models.TextChoices):
        """For what it may be used without a case."""

        NONE = "", _("Only with a case")
        STATISTICS = "statistics", _("Statistics")
        FEED = "feed", _("Feed of changes")
        SYSTEM = "system", _("A system that knows no cases")
        KEEPING = "keeping", _("Keeping the register")

    resource = models.ForeignKey("exchange.Resource", on_delete=models.PROTECT, related_name="grants")
    consumer = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, null=True, related_name="+", help_text="an office here"
    )
    consumer_system = models.CharField(max_length=200, blank=True, help_text="a member of another installation")
    fields = ArrayField(models.CharField(max_length=60))
    row_filter = models.JSONField(default=list, help_text="conditions: [{field, operator, values}]")
    purpose = models.CharField(max_length=60)
    purpose_words = models.CharField(max_length=300)
    basis_law = models.CharField(max_length=200)
    basis_article = models.CharField(max_length=100)
    items_served = ArrayField(models.CharField(max_length=120), default=list, help_text="item codes; empty: all")
    standing = models.CharField(max_length=12, choices=Standing, blank=True, default=Standing.NONE)
    may_be_secret = models.BooleanField(default=False, help_text="by a law that lets the person not be told yet")
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    rate_per_minute = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    state_word = models.CharField(max_length=500, blank=True, help_text="why it was suspended or withdrawn")
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, null=True, related_name="+")
    granting_post = models.ForeignKey("organisations.Post", on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """Given to somebody, for something, by a law, for a time; found by who may use it."""

        constraints = (
            models.CheckConstraint(
                condition=models.Q(consumer__isnull=False, consumer_system="")
                | (models.Q(consumer__isnull=True) & ~models.Q(consumer_system="")),
                name="grant_has_one_consumer",
            ),
            models.CheckConstraint(condition=models.Q(valid_until__gt=models.F("valid_from")), name="grant_in_order"),
            models.CheckConstraint(condition=models.Q(rate_per_minute__gte=1), name="grant_has_a_rate"),
            models.CheckConstraint(condition=models.Q(fields__len__gte=1), name="grant_has_fields"),
            models.CheckConstraint(
                condition=~models.Q(purpose="") & ~models.Q(basis_law="") & ~models.Q(basis_article=""),
                name="grant_says_why",
            ),
        )
        indexes = (
            models.Index(fields=["consumer", "resource"], name="grant_of_consumer"),
            models.Index(
                fields=["consumer_system", "resource"],
                name="grant_of_system",
                condition=~models.Q(consumer_system=""),
            ),
        )


class GrantUse(models.Model):
    """On which days a field of a grant was used, reckoned from the log: what nobody uses is proposed for withdrawal."""

    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="uses", db_index=False)
    field = models.CharField(max_length=60)
    day = models.DateField()
    times = models.PositiveIntegerField()

    class Meta:
        """One row for each field and day."""

        constraints = (models.UniqueConstraint(fields=["grant", "field", "day"], name="grant_use_once"),)


class GrantDay(models.Model):
    """How many look-ups a grant allowed on a day, reckoned from the log with the uses of its fields."""

    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="days", db_index=False)
    day = models.DateField()
    look_ups = models.PositiveIntegerField()

    class Meta:
        """One row for each day."""

        constraints = (models.UniqueConstraint(fields=["grant", "day"], name="grant_day_once"),)


class RateMinute(models.Model):
    """How many look-ups of a grant were handed out for a minute. Counted by an upsert: never more than the rate."""

    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="+", db_index=False)
    minute = models.DateTimeField()
    taken = models.PositiveIntegerField(default=0)

    class Meta:
        """One count for each minute; old ones are forgotten."""

        constraints = (models.UniqueConstraint(fields=["grant", "minute"], name="rate_minute_once"),)
        indexes = (models.Index(fields=["minute"], name="rate_minute_by_age"),)
