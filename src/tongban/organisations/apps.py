"""Registers the room with Django."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """The room `organisations`."""

    name = "tongban.organisations"
    label = "organisations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the room accounts how officials' posts are said in words, and to fetch them with a session."""
        from tongban.accounts.kinds import office_words  # noqa: PLC0415 - models must be loaded first
        from tongban.accounts.providers import ASKED_WITH_SESSIONS  # noqa: PLC0415 - likewise
        from tongban.organisations import queries  # noqa: PLC0415 - models must be loaded first

        office_words.register("posts", queries.office_words)
        ASKED_WITH_SESSIONS.register(queries.POSTS_OF_OWNER, queries.posts_of_owner)
