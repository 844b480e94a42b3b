"""Registers the room with Django."""

from django.apps import AppConfig


class ProcessesConfig(AppConfig):
    """The room `processes`."""

    name = "tongban.processes"
    label = "processes"
    default_auto_field = "django.db.models.BigAutoField"
