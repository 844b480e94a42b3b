"""Registers the room with Django."""

from django.apps import AppConfig


class PapersConfig(AppConfig):
    """The room `papers`."""

    name = "tongban.papers"
    label = "papers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say who may see the PDFs of papers, how events read, and what must agree."""
        from tongban.papers import books, descriptions, guarding  # noqa: F401, PLC0415 - models must be loaded first
