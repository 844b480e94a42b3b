"""Registers the room with Django."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """The room `notifications`."""

    name = "tongban.notifications"
    label = "notifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the carriers known, and offer the post office to the room below that sends codes."""
        from tongban.accounts.kinds import carriers  # noqa: PLC0415 - settings must be loaded first
        from tongban.notifications import actions, books, measures  # noqa: F401, PLC0415 - see above
        from tongban.notifications.contrib import demo_outbox, smtp  # noqa: F401, PLC0415 - see above

        carriers.register("post_office", actions.send_to_address)
