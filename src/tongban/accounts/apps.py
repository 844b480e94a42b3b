"""Registers the room with Django, and its table with the pages that keep what was typed."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The room `accounts`."""

    name = "tongban.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register once the tables of all rooms are known."""
        from tongban.accounts import actions, queries  # noqa: PLC0415 - tables must be loaded first
        from tongban.accounts.mfa import AppSecrets  # noqa: PLC0415 - likewise
        from tongban.base.sealing import PLACES  # noqa: PLC0415 - likewise
        from tongban.base.web.keeping import HELD, KEEPERS, Keeper  # noqa: PLC0415 - likewise

        KEEPERS.register(HELD, Keeper(actions.hold_input, queries.held_input, actions.release_input))
        PLACES.register(AppSecrets.name, AppSecrets())
