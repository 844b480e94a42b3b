"""Working days as data: which days the official notices make holidays or working days."""

from django.db import models


class CalendarYear(models.Model):
    """A year's official notice. A year without a row is not published: its days are provisional."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    source = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the days; calendars are kept in memory by it")
    published_at = models.DateTimeField()

    def __str__(self) -> str:
        """Return the year and its version."""
        return f"{self.year} v{self.version}"


class SpecialDay(models.Model):
    """A day that a notice names: a holiday, or a working Saturday or Sunday 调休.

    A notice may name days at the end of the December before: the holiday of 1 January 2019 began on 30 December.
    """

    year = models.ForeignKey(CalendarYear, on_delete=models.CASCADE, related_name="days")
    day = models.DateField(unique=True)
    name = models.CharField(max_length=40)
    is_working = models.BooleanField()

    def __str__(self) -> str:
        """Return the day and its name."""
        return f"{self.day} {self.name}"
