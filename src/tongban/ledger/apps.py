"""Registers the room with Django, and what its books must agree on."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class LedgerConfig(AppConfig):
    """The room `ledger`."""

    name = "tongban.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say what is measured, and what must agree; know every room's events.

        A process that handles none of a room's news would else take its events for those of a newer release.
        """
        from tongban.ledger import books, measures  # noqa: F401, PLC0415 - tables must be loaded first

        autodiscover_modules("events")
