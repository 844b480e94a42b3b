"""Registers the room with Django."""

from django.apps import AppConfig


class BaseConfig(AppConfig):
    """The room `base`."""

    name = "tongban.base"
    label = "base"
    default_auto_field = "django.db.models.BigAutoField"
