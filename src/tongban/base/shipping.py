"""What comes with a release is put into its tables after each migration: a release may bring more, or better.

A data migration would not run again then.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connections, models
from django.db.models.signals import post_migrate

from tongban.base import clock


def load_after_migrations(room: str, table: type[models.Model], load: Callable[[datetime], object]) -> None:
    """Let a room load what ships with it, as soon as its table is there; `load` is given the time."""

    def loaded(*, using: str, **_given: Any) -> None:  # noqa: ANN401 - Django's signature
        with connections[using].cursor() as cursor:
            there = connections[using].introspection.table_names(cursor)
        if table._meta.db_table in there:  # noqa: SLF001 - Django's public name for it
            load(clock.now())

    post_migrate.connect(loaded, sender=apps.get_app_config(room), weak=False, dispatch_uid=f"{room}.shipped")
