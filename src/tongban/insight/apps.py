"""Registers the room with Django, and what it expects with the hub."""

from django.apps import AppConfig


class InsightConfig(AppConfig):
    """The room `insight`."""

    name = "tongban.insight"
    label = "insight"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register once the tables of all rooms are known."""
        from tongban.cases.kinds import EXPECTATIONS  # noqa: PLC0415
        from tongban.insight import books, tasks  # noqa: F401, PLC0415 - tables must be loaded first
        from tongban.insight.queries import expecting  # noqa: PLC0415

        EXPECTATIONS.register("insight", expecting.told.asking)
