"""Registers the room with Django."""

from django.apps import AppConfig

from tongban.base.catalogs import look_up_once
from tongban.base.threads import keep_by_thread


class BaseConfig(AppConfig):
    """The room `base`, the first that is loaded."""

    name = "tongban.base"
    label = "base"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Settle how Django keeps what belongs to a thread, and how words and what templates name are found."""
        from tongban.base.web.lookups import look_up_quickly  # noqa: PLC0415 - tables must be loaded first

        keep_by_thread()
        look_up_once()
        look_up_quickly()
