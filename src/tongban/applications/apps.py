"""Registers the room with Django, its kind with the hub, and its guards with files."""

from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    """The room `applications`."""

    name = "tongban.applications"
    label = "applications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register once the tables of all rooms are known."""
        from tongban.applications import books, handlers, kinds, queries  # noqa: F401, PLC0415 - tables must be loaded first
        from tongban.applications.queries.verifying import DraftVerifier  # noqa: PLC0415
        from tongban.applications.rules import words  # noqa: F401, PLC0415
        from tongban.applications.rules.papers import WORDINGS  # noqa: PLC0415
        from tongban.cases.kinds import KINDS  # noqa: PLC0415
        from tongban.exchange.providers import CASES_OF, VERIFIERS  # noqa: PLC0415
        from tongban.files.kinds import guards, register_reference  # noqa: PLC0415
        from tongban.papers.kinds import examples, wordings  # noqa: PLC0415

        examples.register("applications", queries.paper_example)
        for wording in WORDINGS:
            wordings.register(wording.kind, wording)
        KINDS.register(kinds.ApplicationKind.name, kinds.ApplicationKind())
        VERIFIERS.register("draft", DraftVerifier())
        CASES_OF.register("draft", queries.cases_of_drafts)
        guards.register("applications.draft", queries.draft_sees_file)
        guards.register("applications.application", queries.application_sees_file)
        register_reference("applications.DraftMaterial", "file")
        register_reference("applications.ApplicationMaterial", "file")
