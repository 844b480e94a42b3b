"""What is kept of finished cases for counting: nothing that is not in the cases themselves, and no personal data."""

from django.db import models

from tongban.base.models import Entity

_NARROW = models.PositiveSmallIntegerField


class FinishedCase(models.Model):
    """A case that has come to its end, as one narrow row: every figure is counted from these rows alone.

    Days are working days, the day of the beginning not counted and stops left out (`rules.days`). Written by reading
    the ledger on, in batches; made anew from the cases at any time.
    """

    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, primary_key=True, related_name="+")
    ended_on = models.DateField(help_text="day of the decision, or of the end without one")
    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(
        "organisations.Post", on_delete=models.PROTECT, null=True, related_name="+", help_text="that had the last word"
    )
    item_code = models.CharField(max_length=120)
    catalogue_code = models.CharField(max_length=60)
    situation = models.CharField(max_length=16, blank=True, help_text="what cases in the same situation share")
    channel = models.CharField(max_length=10)
    outcome = models.CharField(max_length=12, help_text="granted, refused, not_accepted, withdrawn, lapsed, voided")
    accepted_on = models.DateField(null=True)
    days_used = _NARROW(null=True, help_text="from acceptance to decision")
    promised_days = _NARROW(null=True)
    statutory_days = _NARROW(null=True)
    kept_promise = models.BooleanField(null=True, help_text="decided by the promised day; empty: nothing promised")
    kept_law = models.BooleanField(null=True, help_text="decided by the last day of the law; empty: none")
    acceptance_is_deemed = models.BooleanField(default=False)
    decision_is_deemed = models.BooleanField(default=False)
    supplements = _NARROW(default=0)
    visits_made = _NARROW(default=0, help_text="handed in and fetched at a window, as far as known")
    visits_asked = _NARROW(null=True, help_text="by the guide; empty: it does not say")
    materials_needed = _NARROW(default=0)
    materials_brought = _NARROW(default=0)
    materials_spared = _NARROW(default=0)
    usual_days = _NARROW(null=True, help_text="what was told when it was accepted: half are decided by then")
    nine_in_ten_days = _NARROW(null=True, help_text="likewise: nine in ten are decided by then")

    class Meta:
        """Found by the day, by office and day, and by what is comparable."""

        indexes = (
            models.Index(fields=["ended_on"], name="finished_on_day"),
            models.Index(fields=["organisation", "ended_on"], name="finished_by_office"),
            models.Index(fields=["item_code", "ended_on"], name="finished_of_item"),
        )


class Usual(Entity):
    """How long comparable cases took in the last twelve months; reckoned daily, the newest stands."""

    item_code = models.CharField(max_length=120, blank=True, help_text="empty: all of the catalogue item")
    catalogue_code = models.CharField(max_length=60, blank=True, help_text="empty: of one item in one situation")
    situation = models.CharField(max_length=16, blank=True)
    cases = models.PositiveIntegerField()
    usual_days = _NARROW()
    nine_in_ten_days = _NARROW()
    reckoned_on = models.DateField()

    class Meta:
        """One row for what is comparable."""

        constraints = (
            models.UniqueConstraint(fields=["item_code", "catalogue_code", "situation"], name="usual_once"),
            models.CheckConstraint(
                condition=models.Q(item_code="") ^ models.Q(catalogue_code=""), name="usual_of_item_or_catalogue"
            ),
            models.CheckConstraint(
                condition=models.Q(nine_in_ten_days__gte=models.F("usual_days")), name="usual_in_order"
            ),
        )


class Expectation(models.Model):
    """What the applicant of a case is told about how long it will take; fixed at acceptance, as a promise is."""

    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, primary_key=True, related_name="+")
    usual_days = _NARROW()
    nine_in_ten_days = _NARROW()
    cases = models.PositiveIntegerField(help_text="how many comparable ones it rests on")
    given_at = models.DateTimeField()


class Place(models.Model):
    """How far a reader of the ledger has come: what lies up to this position is counted."""

    reader = models.CharField(max_length=40, primary_key=True)
    position = models.BigIntegerField(default=0)
    caught_up_at = models.DateTimeField(null=True, help_text="when it last found nothing more to read")


class Renewal(Entity):
    """A change of the calendar after which days are counted anew: ended cases whose time ran over one of them."""

    event_id = models.BigIntegerField(unique=True, help_text="of the change in the ledger")
    days = models.JSONField(default=list, help_text="spans of days: cases whose time ran over one of them")
    starts = models.JSONField(default=list, help_text="spans of days: cases accepted within one of them")
    after = models.UUIDField(null=True, help_text="the last case that has been counted anew")
    done_at = models.DateTimeField(null=True)
