"""What this room does on others' news: when tables have been made, the published years are put into them."""

from typing import Any

from django.apps import apps
from django.db import connections
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from tongban.base import clock
from tongban.calendar import actions
from tongban.calendar.models import CalendarVersion


@receiver(post_migrate, sender=apps.get_app_config("calendar"), dispatch_uid="calendar.load_published")
def load_published(*, using: str, **_given: Any) -> None:  # noqa: ANN401 - Django's signature
    """Load what came with this release. A data migration would not run again when a release brings a new year."""
    with connections[using].cursor() as cursor:
        tables = connections[using].introspection.table_names(cursor)
    if CalendarVersion._meta.db_table in tables:  # noqa: SLF001 - Django's public name for it
        actions.load_published(clock.now())
