"""Registers the room with Django."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    """The room `sharing`."""

    name = "tongban.sharing"
    label = "sharing"
    default_auto_field = "django.db.models.BigAutoField"
