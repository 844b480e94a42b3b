"""What this room does on others' news: when tables have been made, the processes that ship are published."""

from typing import Any

from django.apps import apps
from django.db import connections
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from tongban.base import clock
from tongban.processes import actions
from tongban.processes.models import ProcessVersion


@receiver(post_migrate, sender=apps.get_app_config("processes"), dispatch_uid="processes.publish_shipped")
def publish_shipped(*, using: str, **_given: Any) -> None:  # noqa: ANN401 - Django's signature
    """Publish what came with this release; a release with a better default brings a new version of it."""
    with connections[using].cursor() as cursor:
        tables = connections[using].introspection.table_names(cursor)
    if ProcessVersion._meta.db_table in tables:  # noqa: SLF001 - Django's public name for it
        actions.publish_shipped(clock.now())
