"""Registers the room with Django, and its registers with the gate."""

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    """The room `registers`."""

    name = "tongban.registers"
    label = "registers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register once the tables of all rooms are known."""
        from tongban.accounts.kinds import NUMBERED  # noqa: PLC0415
        from tongban.base.sealing import PLACES  # noqa: PLC0415
        from tongban.exchange.providers import CHANGES, SOURCES  # noqa: PLC0415 - tables must be loaded first
        from tongban.registers import events, tasks  # noqa: F401, PLC0415
        from tongban.registers.queries import feeding, finding  # noqa: PLC0415
        from tongban.registers.queries.reading import SEALED, RegisterSource  # noqa: PLC0415
        from tongban.registers.rules import words  # noqa: F401, PLC0415

        SOURCES.register("register", RegisterSource())
        CHANGES.register(events.RecordChanged.kind, feeding.record_changed)
        CHANGES.register(events.RegisterLoaded.kind, feeding.register_loaded)
        PLACES.register(SEALED.name, SEALED)
        NUMBERED.register("registers", finding.numbers)
