"""Registers the room with Django."""

from django.apps import AppConfig


class CalendarConfig(AppConfig):
    """The room `calendar`."""

    name = "tongban.calendar"
    label = "calendar"
    default_auto_field = "django.db.models.BigAutoField"
