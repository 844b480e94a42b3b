"""Registers the room with Django."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """The room `files`."""

    name = "tongban.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the scanners known, what is measured, and what must agree."""
        from tongban.base.sealing import PLACES  # noqa: PLC0415 - tables must be loaded first
        from tongban.files import books, measures  # noqa: F401, PLC0415 - likewise
        from tongban.files.contrib import clamd  # noqa: F401, PLC0415 - settings must be loaded first
        from tongban.files.sealing import Contents  # noqa: PLC0415 - likewise

        PLACES.register(Contents.name, Contents())
