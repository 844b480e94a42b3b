"""Registers the room with Django, its kinds of case and their clocks, and what it tells the gate and the catalogue."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    """The room `sharing`."""

    name = "tongban.sharing"
    label = "sharing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register once the tables of all rooms are known."""
        from tongban.cases.kinds import KINDS  # noqa: PLC0415 - tables must be loaded first
        from tongban.cases.rules import clock_table  # noqa: PLC0415
        from tongban.exchange.providers import OFFERS, VERIFIERS  # noqa: PLC0415
        from tongban.sharing import books, chains, kinds, tasks  # noqa: F401, PLC0415
        from tongban.sharing.handlers import mine, supply  # noqa: F401, PLC0415
        from tongban.sharing.queries.offering import ask_for_it  # noqa: PLC0415
        from tongban.sharing.queries.whose import OwnVerifier  # noqa: PLC0415
        from tongban.sharing.rules import own, terms, words  # noqa: F401, PLC0415
        from tongban.sharing.rules.clocks import ship_tables  # noqa: PLC0415

        ship_tables()
        for item_type, (named, rules, source) in terms.TABLES.items():
            clock_table.ship(item_type, named, rules, source)
        for kind in kinds.all_kinds():
            KINDS.register(kind.name, kind)
        VERIFIERS.register(own.REFERENCE, OwnVerifier(at_window=False))
        VERIFIERS.register(own.PRESENT, OwnVerifier(at_window=True))
        OFFERS.register("sharing.ask", ask_for_it)
