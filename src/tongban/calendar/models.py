"""Working days as data: which days the official notices make holidays or working days."""

from django.db import models


class CalendarYear(models.Model):
    """A year's official notice. A year without a row is not published: its days are provisional."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    source = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)
    published_at = models.DateTimeField()


class SpecialDay(models.Model):
    """A day that differs from its weekday: a holiday on a weekday, or a working Saturday or Sunday 调休."""

    year = models.ForeignKey(CalendarYear, on_delete=models.CASCADE, related_name="days")
    day = models.DateField(unique=True)
    name = models.CharField(max_length=40)
    is_working = models.BooleanField()
