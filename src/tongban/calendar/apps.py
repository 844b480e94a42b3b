"""Registers the room with Django."""

from django.apps import AppConfig


class CalendarConfig(AppConfig):
    """The room `calendar`."""

    name = "tongban.calendar"
    label = "calendar"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what concerns this room."""
        from tongban.calendar import handlers  # noqa: F401, PLC0415 - tables must be loaded first
