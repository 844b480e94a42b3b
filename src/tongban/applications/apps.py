"""Registers the room with Django."""

from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    """The room `applications`."""

    name = "tongban.applications"
    label = "applications"
    default_auto_field = "django.db.models.BigAutoField"
