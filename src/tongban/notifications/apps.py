"""Registers the room with Django."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """The room `notifications`."""

    name = "tongban.notifications"
    label = "notifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the carriers known."""
        from tongban.notifications.contrib import demo_outbox, smtp  # noqa: F401, PLC0415 - settings must be loaded first
