"""Registers the room with Django, and what its books must agree on."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The room `ledger`."""

    name = "tongban.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say what is measured, and what must agree."""
        from tongban.ledger import books, measures  # noqa: F401, PLC0415 - tables must be loaded first
