"""Where definitions, forms, files and cases meet."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.base.models import Entity, SealedJSONField

if TYPE_CHECKING:
    from tongban.cases.queries import Standing


class ApplicantKind(models.TextChoices):
    """For whom somebody applies."""

    SELF = "self", _("For myself")
    WARD = "ward", _("For a child or another ward")
    ENTERPRISE = "enterprise", _("For an enterprise")


class RegistersChoice(models.TextChoices):
    """Whether registers may be asked for a draft."""

    OPEN = "", _("Not asked yet")
    AGREED = "agreed", _("Agreed")
    DECLINED = "declined", _("Declined")


class Draft(Entity):
    """An application being written: saved at every step, resumable on another device."""

    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, null=True, related_name="drafts")
    window_post = models.ForeignKey(
        "organisations.Post", on_delete=models.PROTECT, null=True, related_name="+", help_text="taken in at a window"
    )
    official = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, null=True, related_name="+")
    handling_version = models.ForeignKey("catalogue.HandlingVersion", on_delete=models.PROTECT, related_name="drafts")
    applicant_kind = models.CharField(max_length=12, choices=ApplicantKind)
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+", help_text="who acts")
    ward = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, null=True, related_name="+")
    enterprise = models.ForeignKey("accounts.Enterprise", on_delete=models.PROTECT, null=True, related_name="+")
    proxy = SealedJSONField(null=True, help_text="at a window: name, identity, proof of the proxy")
    situation = models.JSONField(default=dict)
    values = SealedJSONField(default=dict)
    steps_done = models.JSONField(default=list)
    delivery = SealedJSONField(default=dict)
    predecessor = models.ForeignKey("cases.Result", on_delete=models.PROTECT, null=True, related_name="+")
    registers = models.CharField(max_length=8, choices=RegistersChoice, blank=True, default="", db_default="")
    idempotency_key = models.UUIDField(unique=True)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    expires_on = models.DateField()

    known_materials: "list[DraftMaterial] | None" = None
    """What is there for its materials, where it was fetched together with the draft; likewise `known_consent`."""
    known_consent: bool | None = None
    known_standing: "Standing | None" = None
    """By what its case will be reckoned, likewise."""
    known_post_id: UUID | None = None
    """The post that accepts its case, likewise; None where its office has none of its own."""
    known_answers: "list[DraftAnswer] | None" = None
    """What registers answered, once it was fetched."""

    class Meta:
        """Newest first."""

        indexes = (
            models.Index(fields=["account", "-changed_at"], name="draft_of_account"),
            models.Index(fields=["expires_on"], name="draft_expiring"),
        )


class MaterialWay(models.TextChoices):
    """How a material is there."""

    FILE = "file", _("File")
    PAPER = "paper", _("Paper seen at the window")
    EXEMPT = "exempt", _("Need not be handed in")
    NOT_APPLICABLE = "not_applicable", _("Does not apply")
    FOLLOWS = "follows", _("Follows later")
    ANSWERED = "answered", _("Not needed: an office has answered")


class DraftMaterial(Entity):
    """A file for a material of a draft, or the word why there is none."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="materials")
    material_key = models.CharField(max_length=120)
    way = models.CharField(max_length=16, choices=MaterialWay)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    word = models.CharField(max_length=300, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        """A file, or a word, never both; one word for a material."""

        ordering = ("added_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(way="file", file__isnull=False)
                | (~models.Q(way="file") & models.Q(file__isnull=True)),
                name="draft_material_is_file_or_word",
            ),
            models.UniqueConstraint(
                fields=["draft", "material_key"], condition=~models.Q(way="file"), name="one_word_for_a_material"
            ),
        )


class RegisterAnswer(Entity):
    """What a register answered, or why it did not. Its records are sealed; the gate has the look-up in its log."""

    resource = models.CharField(max_length=60)
    purpose = models.CharField(max_length=60)
    about = models.CharField(max_length=80, help_text="whom it is about, as the guide says it")
    subject_key = models.UUIDField(null=True, help_text="whom an answer of the form named, as the gate knows them")
    items = ArrayField(models.CharField(max_length=60))
    outcome = models.CharField(max_length=40, help_text="answered, nothing_found, or why the gate refused")
    records = SealedJSONField(default=list)
    names = models.JSONField(default=dict, help_text="of resource, office and items, Chinese and English, as they were")
    look_up_id = models.UUIDField(null=True, help_text="in the log of exchange; empty where nothing was asked")
    looked_at = models.DateTimeField()

    class Meta:
        """Of a draft, or of an application."""

        abstract = True


class DraftAnswer(RegisterAnswer):
    """What was answered for a part of a draft.

    The database itself deletes it with the draft, also where the previous release does that, which does not know it.
    """

    draft = models.ForeignKey(Draft, on_delete=models.DO_NOTHING, related_name="answers", db_constraint=False)
    part = models.CharField(max_length=60, help_text="step of the form, or materials")

    class Meta:
        """One for each thing that a part asks."""

        constraints = (
            models.UniqueConstraint(
                fields=["draft", "part", "resource", "purpose", "about"], name="one_answer_for_an_asking"
            ),
        )


class Application(Entity):
    """What was applied for, as it was declared. The case is its legal life."""

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="application")
    handling_version = models.ForeignKey(
        "catalogue.HandlingVersion", on_delete=models.PROTECT, related_name="applications"
    )
    applicant_kind = models.CharField(max_length=12, choices=ApplicantKind)
    situation = models.JSONField(default=dict)
    values = SealedJSONField(default=dict)
    proxy = SealedJSONField(null=True)
    declared_at = models.DateTimeField()
    declaration_version = models.CharField(max_length=20)
    idempotency_key = models.UUIDField(unique=True)
    receipt = models.ForeignKey("papers.Paper", on_delete=models.PROTECT, null=True, related_name="+")
    erased_at = models.DateTimeField(null=True)
    draft_id = models.UUIDField(null=True, help_text="the draft it was, where registers were asked for that")

    known_answers: "list[ApplicationAnswer] | None" = None
    """What registers answered, once it was fetched."""
    valid_materials: "list[ApplicationMaterial] | None" = None
    """What was handed in and not replaced, in the order of the guide, once `queries.application_on` has fetched it."""

    class Meta:
        """Found by the draft that look-ups name."""

        indexes = (
            models.Index(fields=["draft_id"], name="application_of_draft", condition=models.Q(draft_id__isnull=False)),
        )


class ApplicationMaterial(Entity):
    """A material of an application: a file, seen on paper, not needed (and why), or to follow."""

    class Trust(models.TextChoices):
        """Trust grade (facts §4)."""

        ISSUED = "A", _("Issued by the office itself")
        CHECKED = "B", _("Checked at a window")
        UPLOADED = "C", _("Uploaded by the applicant")
        STATED = "D", _("Own statement")

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="materials")
    material_key = models.CharField(max_length=120)
    name = models.CharField(max_length=300)
    way = models.CharField(max_length=16, choices=MaterialWay)
    trust = models.CharField(max_length=1, choices=Trust)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    word = models.CharField(max_length=300, blank=True)
    round = models.PositiveSmallIntegerField(default=0, help_text="0 = at submission, n = with the n-th supplement")
    replaced_at = models.DateTimeField(null=True)
    added_at = models.DateTimeField()
    position = models.PositiveSmallIntegerField(default=0)


class ApplicationAnswer(RegisterAnswer):
    """What a register answered for an application: for a question of the form, or in place of a material.

    Asked again by an official, the newest answer counts; the earlier ones stay until the application is erased.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="answers")
    kind = models.CharField(max_length=8, choices=(("field", _("Question")), ("material", _("Material"))))
    key = models.CharField(max_length=120)
    value = SealedJSONField(null=True, help_text="of a question: the answer that followed from it")
    is_fixed = models.BooleanField(default=False)
    asked_by = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        """In the order of asking."""

        ordering = ("looked_at", "id")
