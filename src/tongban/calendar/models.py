"""Working days as data: which days the official notices make holidays or working days, and what is decided here."""

from django.db import models

from tongban.base.models import Entity


class CalendarVersion(Entity):
    """A version of a part of the calendar, whole: a year's notice, the local days, or the policy values.

    A version never changes. The newest of each part is in force; what was known on a day is found by `published_at`.
    Local days and policy values have parts of their own below the years, so that all are asked for at once.
    """

    LOCAL_DAYS = 0
    POLICIES = 1

    part = models.PositiveSmallIntegerField(help_text="a year; 0 = local days, 1 = policy values")
    version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the content; calendars are kept in memory by it")
    content = models.JSONField(help_text="a list: named days, or policy values each with its first day")
    source = models.CharField(max_length=500, help_text="number or address of the notice, or the basis of a local rule")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey("accounts.Official", on_delete=models.PROTECT, null=True, related_name="+")
    in_force = models.BooleanField(default=True, help_text="the newest of its part")

    class Meta:
        """Versions of a part are counted from 1; one of them is in force."""

        constraints = (
            models.UniqueConstraint(fields=["part", "version"], name="calendar_version_once"),
            models.UniqueConstraint(
                fields=["part"], condition=models.Q(in_force=True), name="calendar_part_in_force_once"
            ),
        )

    def __str__(self) -> str:
        """Return the part and its version."""
        return f"{self.part} v{self.version}"


class CalendarYear(models.Model):
    """A year's notice as releases before this one kept it. Read once, when it becomes the first version; not written.

    It goes with the next release: the one before this still reads it while it is being replaced.
    """

    year = models.PositiveSmallIntegerField(primary_key=True)
    source = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the days; calendars are kept in memory by it")
    published_at = models.DateTimeField()

    def __str__(self) -> str:
        """Return the year and its version."""
        return f"{self.year} v{self.version}"


class SpecialDay(models.Model):
    """A day of such a notice: a holiday, or a working Saturday or Sunday 调休."""

    year = models.ForeignKey(CalendarYear, on_delete=models.CASCADE, related_name="days")
    day = models.DateField(unique=True)
    name = models.CharField(max_length=40)
    is_working = models.BooleanField()

    def __str__(self) -> str:
        """Return the day and its name."""
        return f"{self.day} {self.name}"
