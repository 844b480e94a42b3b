"""Registers the room with Django, its words with the ledger, its warnings with the inbox."""

from django.apps import AppConfig


class CoordinationConfig(AppConfig):
    """The room `coordination`."""

    name = "tongban.coordination"
    label = "coordination"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register once the tables of all rooms are known."""
        from tongban.cases.providers import SUPERVISION  # noqa: PLC0415 - tables must be loaded first
        from tongban.coordination import handlers, queries  # noqa: F401, PLC0415
        from tongban.coordination.rules import words  # noqa: F401, PLC0415
        from tongban.papers.kinds import guards  # noqa: PLC0415

        SUPERVISION.register("coordination", queries.Warner())
        guards.register("coordination.order", queries.order_paper_is_visible)
