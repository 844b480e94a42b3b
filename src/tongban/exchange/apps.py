"""Registers the room with Django."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """The room `exchange`."""

    name = "tongban.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register once the tables of all rooms are known."""
        from tongban.accounts.kinds import NUMBERED, UNNAMED  # noqa: PLC0415 - tables must be loaded first
        from tongban.base.sealing import PLACES  # noqa: PLC0415 - tables must be loaded first
        from tongban.exchange import books, chains, events, handlers, tasks  # noqa: F401, PLC0415 - likewise
        from tongban.exchange.contrib.drop.source import SEALED, DropSource  # noqa: PLC0415
        from tongban.exchange.contrib.neighbours.source import NeighbourSource  # noqa: PLC0415
        from tongban.exchange.contrib.rest.source import RestSource  # noqa: PLC0415
        from tongban.exchange.contrib.sql.source import SqlSource  # noqa: PLC0415
        from tongban.exchange.providers import CHANGES, DECLARED, SOURCES, Changed, DeclaredKind  # noqa: PLC0415
        from tongban.exchange.queries import naming  # noqa: PLC0415
        from tongban.exchange.rules import words  # noqa: F401, PLC0415

        PLACES.register(SEALED.name, SEALED)
        NUMBERED.register("enterprises", naming.enterprise_numbers)
        UNNAMED.register("exchange", naming.unnamed)
        SOURCES.register("neighbour", NeighbourSource())
        CHANGES.register(events.SourceTakenIn.kind, lambda happened: Changed(happened.subject_id))
        declared: dict[str, DeclaredKind] = {"sql": SqlSource(), "rest": RestSource(), "csv": DropSource()}
        for name, kind in declared.items():
            DECLARED.register(name, kind)
            SOURCES.register(name, kind)
