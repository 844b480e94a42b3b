"""Registers the room with Django."""

from django.apps import AppConfig


class ProcessesConfig(AppConfig):
    """The room `processes`."""

    name = "tongban.processes"
    label = "processes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what concerns this room."""
        from tongban.processes import handlers  # noqa: F401, PLC0415 - tables must be loaded first
