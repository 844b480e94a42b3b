"""What happens at the acceptance desk, and how the applicant may leave again."""

from django.db import models

from tongban.base.models import Entity


class SupplementRequest(Entity):
    """Everything that is missing, named at once 一次性告知 (行政许可法 art. 32)."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="supplement_requests")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("organisations.Post", on_delete=models.PROTECT, related_name="+")
    answer_by = models.DateField()
    provisional = models.BooleanField(default=False)
    word = models.TextField(blank=True)
    round = models.PositiveSmallIntegerField(
        default=1, db_default=1, help_text="1 = the first time something is asked for"
    )
    approval = models.ForeignKey(
        "cases.Approval",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="by which a superior allowed to ask for what could have been named at first",
    )
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

    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, related_name="non_acceptance")
    reason = models.TextField()
    legal_basis = models.TextField()
    what_else = models.TextField()
    official = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("organisations.Post", on_delete=models.PROTECT, related_name="+")
    paper = models.ForeignKey("papers.Paper", on_delete=models.PROTECT, null=True, related_name="+")
    refused_at = models.DateTimeField()


class Withdrawal(Entity):
    """The applicant took the case back 撤回."""

    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, related_name="withdrawal")
    reason = models.CharField(max_length=500, blank=True)
    paper = models.ForeignKey("papers.Paper", on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField()
