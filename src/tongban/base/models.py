"""What all tables share: an id made in Python, and columns that are sealed."""

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from tongban.base import crypto
from tongban.base.fresh import filled
from tongban.base.ids import new_id

if TYPE_CHECKING:
    BinaryField = models.BinaryField[str, str]
else:  # Django's fields take no type arguments while running
    BinaryField = models.BinaryField


class Entity(models.Model):
    """A table whose rows have a UUIDv7 made in Python."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta:
        """No table of its own."""

        abstract = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        """Take values of fields by name, as Django does."""
        if args or not filled(self, kwargs):
            super().__init__(*args, **kwargs)

    def _get_FIELD_display(self, field: "models.Field[Any, Any]") -> str:  # noqa: N802 - Django's name
        """Return the words of a choice. Django makes its mapping anew at each call: 60 µs for one word."""
        value = getattr(self, field.attname)
        words = _words_of(field).get(value, value)
        return words if words is None else str(words)  # type: ignore[return-value]  # as Django's own


@lru_cache(maxsize=256)
def _words_of(field: "models.Field[Any, Any]") -> dict[Any, Any]:
    return dict(field.flatchoices)


class SealedTextField(BinaryField):
    """Text that is stored sealed (AES-256-GCM). Cannot be searched: keep a keyed index beside it."""

    def _context(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"  # noqa: SLF001 - Django's public name for it

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002 - Django's signature
        """Seal on the way in."""
        if value is None:
            return None
        return super().get_db_prep_value(crypto.seal(value, context=self._context()), connection, prepared)

    def from_db_value(self, value: Any, _expression: Any, _connection: BaseDatabaseWrapper) -> str | None:  # noqa: ANN401 - Django's signature
        """Open on the way out."""
        return None if value is None else crypto.open_sealed(bytes(value), context=self._context())

    def get_default(self) -> Any:  # noqa: ANN401 - Django's signature
        """Return the default as text: Django turns an empty one of a binary column into bytes."""
        default = super().get_default()
        return "" if default == b"" else default

    def to_python(self, value: Any) -> Any:  # noqa: ANN401 - Django's signature
        """Text stays text."""
        return value

    def value_to_string(self, obj: models.Model) -> str:
        """Return the text for serialisation."""
        return str(self.value_from_object(obj))


if TYPE_CHECKING:
    _Document = models.JSONField[Any, Any]
else:
    _Document = SealedTextField  # the type checker is told what is read and written: a document, not a text


class SealedJSONField(_Document):
    """A JSON document that is stored sealed."""

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002 - Django's signature
        """Write as JSON, then seal."""
        if value is None:
            return None
        return super().get_db_prep_value(json.dumps(value, ensure_ascii=False), connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Any:  # noqa: ANN401 - Django's signature
        """Open, then read the JSON."""
        text = super().from_db_value(value, expression, connection)
        return None if text is None else json.loads(text)
