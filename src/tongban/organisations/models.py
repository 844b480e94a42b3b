"""Bodies: regions, organisations, posts and who holds them, mandates."""

from django.db import models

from tongban.base.models import Entity


class Region(models.Model):
    """An administrative division 行政区划 by its 12-digit code; levels 1 province … 4 street, 5 village."""

    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=60)
    level = models.PositiveSmallIntegerField()
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")

    class Meta:
        """Codes are twelve digits."""

        constraints = (models.CheckConstraint(condition=models.Q(code__regex=r"^\d{12}$"), name="region_code_digits"),)


class Organisation(Entity):
    """A government body 机构. Its codes stand in OrganisationCode: the credit code is only one scheme."""

    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    short_name = models.CharField(max_length=60, blank=True)
    slug = models.SlugField(max_length=60, unique=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    paper_prefix = models.CharField(
        max_length=12, blank=True, help_text="the office's mark in paper numbers, e.g. 云市监"
    )
    address = models.CharField(max_length=300, blank=True)
    opening_hours = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    supervision_phone = models.CharField(max_length=30, blank=True)
    reconsideration_body = models.CharField(max_length=200, blank=True, help_text="行政复议机关")
    court = models.CharField(max_length=200, blank=True, help_text="行政诉讼管辖法院")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """Names are unique within a region."""

        constraints = (
            models.UniqueConstraint(
                fields=["region", "name"], nulls_distinct=False, name="organisation_name_once_in_region"
            ),
        )


class OrganisationCode(Entity):
    """A code of an organisation: (scheme, value); one organisation may have several."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="codes")
    scheme = models.CharField(max_length=40, help_text="credit_code, or the source that uses the code")
    value = models.CharField(max_length=60)

    class Meta:
        """A code names one organisation."""

        constraints = (models.UniqueConstraint(fields=["scheme", "value"], name="organisation_code_once"),)


class Post(Entity):
    """A post 岗位 of an organisation. Roles: see `rules.ROLES`."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="posts")
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=100, blank=True)
    roles = models.JSONField(default=list)
    is_head = models.BooleanField(default=False)
    is_intake = models.BooleanField(default=False, help_text="takes what no other office is known to handle")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """One open post of a name in an organisation; one intake post in the jurisdiction."""

        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "name"], condition=models.Q(ended_at__isnull=True), name="post_name_once"
            ),
            models.UniqueConstraint(
                fields=["is_intake"],
                condition=models.Q(is_intake=True, ended_at__isnull=True),
                name="one_intake_post",
            ),
        )


class PostHolding(Entity):
    """An official holds a post."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holdings")
    official = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, related_name="holdings")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        """Held once by the same official at a time."""

        constraints = (
            models.UniqueConstraint(
                fields=["post", "official"], condition=models.Q(until__isnull=True), name="post_held_once"
            ),
        )


class Leave(Entity):
    """An official is away; a deputy acts by the same posts meanwhile."""

    official = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, related_name="leaves")
    deputy = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, related_name="deputises")
    first_day = models.DateField()
    last_day = models.DateField()
    cancelled_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        """In order, and never one's own deputy."""

        constraints = (
            models.CheckConstraint(condition=models.Q(last_day__gte=models.F("first_day")), name="leave_in_order"),
            models.CheckConstraint(condition=~models.Q(official=models.F("deputy")), name="deputy_is_another"),
        )


class Mandate(Entity):
    """A person may act for an enterprise: its legal representative by office, others by being named."""

    enterprise = models.ForeignKey("accounts.Enterprise", on_delete=models.PROTECT, related_name="mandates")
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="mandates")
    granted_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="mandates_granted")
    granted_at = models.DateTimeField()
    valid_until = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        """One open mandate for a pair."""

        constraints = (
            models.UniqueConstraint(
                fields=["enterprise", "person"], condition=models.Q(revoked_at__isnull=True), name="mandate_once"
            ),
        )
