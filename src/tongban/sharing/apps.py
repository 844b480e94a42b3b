"""Registers the room with Django, its kinds of case with the hub, itself with the gate, its clocks and its chains."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    """The room `sharing`."""

    name = "tongban.sharing"
    label = "sharing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register once the tables of all rooms are known."""
        from tongban.cases.kinds import KINDS  # noqa: PLC0415 - tables must be loaded first
        from tongban.exchange.providers import VERIFIERS  # noqa: PLC0415
        from tongban.sharing import chains, kinds  # noqa: F401, PLC0415
        from tongban.sharing.handlers import mine  # noqa: F401, PLC0415
        from tongban.sharing.queries.whose import OwnVerifier  # noqa: PLC0415
        from tongban.sharing.rules import own, words  # noqa: F401, PLC0415
        from tongban.sharing.rules.clocks import ship_tables  # noqa: PLC0415

        ship_tables()
        for kind in kinds.all_kinds():
            KINDS.register(kind.name, kind)
        VERIFIERS.register(own.REFERENCE, OwnVerifier(at_window=False))
        VERIFIERS.register(own.PRESENT, OwnVerifier(at_window=True))
