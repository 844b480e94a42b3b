"""Registers the room with Django."""

from pathlib import Path

from django.apps import AppConfig
from django.conf import settings


class CatalogueConfig(AppConfig):
    """The room `catalogue`."""

    name = "tongban.catalogue"
    label = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register words for events and what must agree, and say where the dictionary of words keeps itself ready."""
        from tongban.catalogue import books, handlers  # noqa: F401, PLC0415 - models must be loaded first
        from tongban.catalogue.rules import wording  # noqa: PLC0415 - likewise

        wording.keep_cache_in(Path(settings.TONGBAN_VAR) / "words")
