"""Registers the room with Django."""

from django.apps import AppConfig


class PapersConfig(AppConfig):
    """The room `papers`."""

    name = "tongban.papers"
    label = "papers"
    default_auto_field = "django.db.models.BigAutoField"
