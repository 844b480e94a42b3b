"""What rooms above register here: who may see a file, and where files are referred to."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.apps import apps
from django.db import models

from tongban.base.actor import Actor
from tongban.base.registry import Registry
from tongban.files.models import StoredFile

Guard = Callable[[Actor, UUID], bool]
"""Whether the actor may see the file because of something this room knows."""

guards: Registry[Guard] = Registry("guard of files")


@dataclass(frozen=True, slots=True)
class Reference:
    """A column that holds ids of files."""

    model: str
    field: str


REFERENCES: Registry[Reference] = Registry("reference to files")


def register_reference(model: str, field: str) -> None:
    """Say that a column ("cases.Note", "file_id") holds ids of files. Foreign keys are known without it."""
    REFERENCES.register(f"{model}.{field}", Reference(model, field))


def referring_columns() -> list[tuple[type[models.Model], str]]:
    """Return every column that holds ids of files: all foreign keys, and what was registered."""
    found = [
        (relation.related_model, relation.field.attname)
        for relation in StoredFile._meta.get_fields(include_hidden=True)  # noqa: SLF001 - Django's public name
        if isinstance(relation, models.ManyToOneRel) and isinstance(relation.related_model, type)
    ]
    return found + [(apps.get_model(reference.model), reference.field) for reference in REFERENCES.values()]
