"""The catalogue of information resources 政务信息资源目录, and how each is read."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongban.base.models import Entity, SealedJSONField


class SharingClass(models.TextChoices):
    """Whether other offices may have it (政务数据共享条例, Order 809, art. 13)."""

    UNCONDITIONAL = "unconditional", _("Shared without conditions")
    CONDITIONAL = "conditional", _("Shared on conditions")
    NONE = "none", _("Not shared")


class OpeningClass(models.TextChoices):
    """Whether everybody may have it."""

    UNCONDITIONAL = "unconditional", _("Open without conditions")
    CONDITIONAL = "conditional", _("Open on conditions")
    NONE = "none", _("Not open")


class SubjectKind(models.TextChoices):
    """Whom a resource is about."""

    PERSON = "person", _("Person")
    ENTERPRISE = "enterprise", _("Enterprise")


class Resource(Entity):
    """An information resource 信息资源 of one office. What is said about it stands in its versions.

    `name`, `name_en` and `field_codes`, its information items, are those of the version in force: the gate reads them
    at each look-up. Without a version in force there are no fields.
    """

    slug = models.SlugField(max_length=60, unique=True, help_text="its name in addresses and calls")
    code = models.CharField(max_length=40, unique=True, help_text="class, item, sub-item, detail / serial number")
    provider = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=10, choices=SubjectKind)
    in_force = models.OneToOneField("exchange.ResourceVersion", on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    name_en = models.CharField(max_length=200, blank=True)
    field_codes = ArrayField(models.CharField(max_length=60), default=list)
    withdrawn_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(null=True, help_text="when its data last changed")
    created_at = models.DateTimeField()

    class Meta:
        """The code has the parts that the national guide gives it."""

        constraints = (
            models.CheckConstraint(condition=models.Q(code__regex=r"^\d{6,30}/\d{1,9}$"), name="resource_code_parts"),
        )


class ResourceVersion(Entity):
    """What a version of the catalogue's entry says. Published, it never changes."""

    class State(models.TextChoices):
        """Its life: drafted, reviewed by another office, published, replaced or withdrawn."""

        DRAFT = "draft", pgettext_lazy("resource", "Draft")
        IN_REVIEW = "in_review", pgettext_lazy("resource", "In review")
        PUBLISHED = "published", pgettext_lazy("resource", "Published")
        REPLACED = "replaced", pgettext_lazy("resource", "Replaced")
        WITHDRAWN = "withdrawn", pgettext_lazy("resource", "Withdrawn")

    class Classification(models.TextChoices):
        """The three kinds of classes of the national guide."""

        BASIC = "basic", _("Basic information")
        THEME = "theme", pgettext_lazy("resource", "By theme")
        DEPARTMENT = "department", pgettext_lazy("resource", "By department")

    class Format(models.TextChoices):
        """How it is kept."""

        FILE = "file", _("Electronic file")
        SPREADSHEET = "spreadsheet", _("Spreadsheet")
        DATABASE = "database", _("Database")
        GRAPHICS = "graphics", _("Graphics or image")
        STREAM = "stream", _("Streaming media")
        SELF_DESCRIBING = "self_describing", _("Self-describing format")
        INTERFACE = "interface", _("Service interface")

    class Cycle(models.TextChoices):
        """How often its data are brought up to date."""

        REAL_TIME = "real_time", _("At once")
        DAILY = "daily", _("Daily")
        WEEKLY = "weekly", _("Weekly")
        TEN_DAYS = "ten_days", _("Every ten days")
        MONTHLY = "monthly", _("Monthly")
        QUARTERLY = "quarterly", _("Quarterly")
        HALF_YEARLY = "half_yearly", _("Half-yearly")
        YEARLY = "yearly", _("Yearly")
        AS_NEEDED = "as_needed", _("As needed")

    class Way(models.TextChoices):
        """How it is handed over; the platform comes before mail and media."""

        INTERFACE = "interface", pgettext_lazy("sharing", "Platform: interface")
        DATABASE = "database", pgettext_lazy("sharing", "Platform: database")
        FILE = "file", pgettext_lazy("sharing", "Platform: file")
        MAIL = "mail", pgettext_lazy("sharing", "Mail")
        MEDIA = "media", pgettext_lazy("sharing", "Data carrier")

    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    summary = models.TextField()
    classification = models.CharField(max_length=10, choices=Classification)
    category = models.CharField(max_length=200, help_text="class, item, sub-item, detail, in words")
    division = models.CharField(max_length=100, blank=True, help_text="of the provider")
    format = models.CharField(max_length=20, choices=Format)
    sharing_way = models.CharField(max_length=10, choices=Way, default=Way.INTERFACE)
    update_cycle = models.CharField(max_length=12, choices=Cycle)
    related_codes = ArrayField(models.CharField(max_length=40), default=list)
    drafted_by = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, null=True, related_name="+")
    drafted_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    word = models.CharField(max_length=1000, blank=True, help_text="the reviewer's, when it was sent back")
    published_on = models.DateField(null=True)

    class Meta:
        """One version in force, one in the making; whoever drafted it does not review it."""

        constraints = (
            models.UniqueConstraint(fields=["resource", "number"], name="resource_version_once"),
            models.UniqueConstraint(
                fields=["resource"], condition=models.Q(state="published"), name="one_version_in_force"
            ),
            models.UniqueConstraint(
                fields=["resource"], condition=models.Q(state__in=("draft", "in_review")), name="one_version_in_making"
            ),
            models.CheckConstraint(
                condition=models.Q(reviewed_by__isnull=True)
                | models.Q(drafted_by__isnull=True)
                | ~models.Q(reviewed_by=models.F("drafted_by")),
                name="resource_reviewed_by_another",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="published") | models.Q(published_on__isnull=False),
                name="resource_published_on_a_day",
            ),
        )


class ResourceItem(Entity):
    """An information item 信息项: one field of a resource, with its class of sharing and of opening.

    `datum` names what it tells across all resources ("person.name"). One office leads for each datum 一数一源.
    """

    class Type(models.TextChoices):
        """The types of the national guide."""

        CHARACTERS = "C", pgettext_lazy("type", "Characters")
        NUMBER = "N", pgettext_lazy("type", "Number")
        MONEY = "Y", pgettext_lazy("type", "Money")
        DATE = "D", pgettext_lazy("type", "Date")
        INSTANT = "T", pgettext_lazy("type", "Date and time")
        LOGICAL = "L", pgettext_lazy("type", "Yes or no")
        TEXT = "M", pgettext_lazy("type", "Long text")
        GENERAL = "G", pgettext_lazy("type", "General")
        DOUBLE = "B", pgettext_lazy("type", "Double precision")
        INTEGER = "I", pgettext_lazy("type", "Whole number")
        FLOAT = "F", pgettext_lazy("type", "Floating point")

    version = models.ForeignKey(ResourceVersion, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True)
    type = models.CharField(max_length=1, choices=Type)
    length = models.PositiveIntegerField(null=True)
    is_key = models.BooleanField(default=False)
    is_required = models.BooleanField(default=False)
    is_sensitive = models.BooleanField(default=False)
    sharing_class = models.CharField(max_length=13, choices=SharingClass)
    sharing_condition = models.CharField(max_length=500, blank=True, help_text="or the law a refusal relies on")
    opening_class = models.CharField(max_length=13, choices=OpeningClass, default=OpeningClass.NONE)
    opening_condition = models.CharField(max_length=500, blank=True)
    code_list = models.JSONField(default=list, help_text="[{value, label}], empty: free")
    datum = models.CharField(max_length=60, blank=True)
    is_lead = models.BooleanField(default=False, help_text="this office answers for the datum")
    in_force = models.BooleanField(default=False)

    class Meta:
        """A class that is not free says its condition or its law; one office leads for a datum."""

        constraints = (
            models.UniqueConstraint(fields=["version", "code"], name="resource_item_once"),
            models.CheckConstraint(condition=models.Q(code__regex=r"^[a-z][a-z0-9_]{0,59}$"), name="item_code_shape"),
            models.CheckConstraint(
                condition=models.Q(sharing_class="unconditional") | ~models.Q(sharing_condition=""),
                name="sharing_says_its_condition_or_law",
            ),
            models.CheckConstraint(
                condition=~models.Q(opening_class="conditional") | ~models.Q(opening_condition=""),
                name="opening_says_its_condition",
            ),
            models.CheckConstraint(
                condition=models.Q(is_lead=False) | ~models.Q(datum=""), name="lead_names_its_datum"
            ),
            models.UniqueConstraint(
                fields=["datum"], condition=models.Q(is_lead=True, in_force=True), name="one_lead_for_a_datum"
            ),
        )
        indexes = (models.Index(fields=["datum"], name="item_of_datum", condition=models.Q(in_force=True)),)


class Source(Entity):
    """How a resource is read: by a kind that is registered in `providers.SOURCES`, with its settings."""

    resource = models.OneToOneField(Resource, on_delete=models.PROTECT, related_name="source")
    kind = models.CharField(max_length=20)
    settings = models.JSONField(default=dict)
    secrets = SealedJSONField(default=dict)
    changed_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, help_text="when it last answered a test")
    failing_since = models.DateTimeField(null=True)
