"""Registers the room with Django, its guards with files and papers, its words with the ledger, itself with the gate."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The room `cases`."""

    name = "tongban.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register once the tables of all rooms are known."""
        from tongban.calendar.kinds import FOLLOWERS  # noqa: PLC0415
        from tongban.cases import books, handlers, measures, queries  # noqa: F401, PLC0415 - tables must be loaded first
        from tongban.cases.queries.recounts import CASES  # noqa: PLC0415
        from tongban.cases.queries.verifying import CaseVerifier  # noqa: PLC0415
        from tongban.cases.rules import wordings, words  # noqa: F401, PLC0415
        from tongban.exchange.providers import VERIFIERS  # noqa: PLC0415
        from tongban.files.kinds import guards as file_guards  # noqa: PLC0415
        from tongban.papers.kinds import examples  # noqa: PLC0415
        from tongban.papers.kinds import guards as paper_guards  # noqa: PLC0415
        from tongban.papers.kinds import wordings as paper_wordings  # noqa: PLC0415

        FOLLOWERS.register("cases", CASES)
        VERIFIERS.register("case", CaseVerifier())
        for wording in wordings.WORDINGS:
            paper_wordings.register(wording.kind, wording)
        examples.register("cases", queries.paper_example)
        paper_guards.register("cases.paper", queries.paper_is_visible)
        file_guards.register("cases.archive", queries.archive_is_visible)
