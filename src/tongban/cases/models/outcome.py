"""What comes of a case: decision, papers, fees, result, delivery, rating, archive."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongban.base.models import Entity, SealedJSONField


class Decision(Entity):
    """The decision with its reasons; a refusal names the ways to appeal (行政许可法 art. 38)."""

    class Outcome(models.TextChoices):
        """Granted or refused."""

        GRANTED = "granted", _("Granted")
        REFUSED = "refused", _("Refused")

    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, related_name="decision")
    outcome = models.CharField(max_length=10, choices=Outcome)
    reasons = models.TextField()
    legal_basis = models.TextField(blank=True)
    remedies = models.TextField(blank=True)
    official = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey("organisations.Post", on_delete=models.PROTECT, null=True, related_name="+")
    is_deemed = models.BooleanField(
        default=False, db_default=False, help_text="granted by law, because nobody decided in time; then by nobody"
    )
    decided_at = models.DateTimeField()
    paper = models.ForeignKey("papers.Paper", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        """What an office decides, an official has decided."""

        constraints = (
            models.CheckConstraint(
                condition=models.Q(is_deemed=True) | models.Q(official__isnull=False, post__isnull=False),
                name="decision_by_an_official",
            ),
        )


class CasePaper(Entity):
    """A paper that belongs to a case."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="case_papers")
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

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="fees")
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

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="result")
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

    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, related_name="delivery")
    way = models.CharField(max_length=10, choices=Way)
    address = SealedJSONField(null=True, help_text="recipient, phone, region, address: for post only")
    electronic = models.BooleanField(default=False, help_text="papers may be served by electronic means")
    tracking_number = models.CharField(max_length=60, blank=True)
    handed_to = SealedJSONField(null=True, help_text="who took it at the window, and the identity paper seen")
    delivered_at = models.DateTimeField(null=True)


class Rating(Entity):
    """How it was: 1 very satisfied … 5 very dissatisfied (GB/T 39046 A.8, opposite to stars). Once per matter."""

    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, related_name="rating")
    level = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True)
    rated_at = models.DateTimeField()
    answer = models.TextField(blank=True, default="", db_default="", help_text="the office's words to a bad rating")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, null=True, related_name="+")
    answering_post = models.ForeignKey("organisations.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        """Five levels; bad ones (4, 5) that wait for an answer are found at once."""

        indexes = (
            models.Index(
                fields=["rated_at"],
                name="rating_to_be_answered",
                condition=models.Q(level__gte=4, answered_at__isnull=True),
            ),
        )
        constraints = (models.CheckConstraint(condition=models.Q(level__range=(1, 5)), name="rating_level"),)


class Archive(Entity):
    """The archived export 归档 of an ended case: a ZIP with papers, materials and history."""

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="archive")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    archived_at = models.DateTimeField()
