"""Fills new objects as Django's `Model.__init__` does, by the shortest way.

Django goes through all fields of a table at each object and asks each for its default: 60 to 100 µs, and a submission
makes a dozen objects only to write them. Here what a table's fields are without a value is worked out once. What is not
plain (values by position, names that are no columns, receivers of `pre_init` or `post_init`) is left to Django.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from inspect import getattr_static
from typing import Any

from django.db import DEFAULT_DB_ALIAS, router
from django.db.models import Field, ForeignKey, Model
from django.db.models.base import ModelState
from django.db.models.fields.related_descriptors import ForeignKeyDeferredAttribute
from django.db.models.query_utils import DeferredAttribute
from django.db.models.signals import post_init, pre_init

_CONSTANT = (str, int, Decimal, date, timedelta, type(None))
"""Values that nobody can change: all objects may share them."""


@dataclass(frozen=True, slots=True)
class _Relation:
    """A foreign key that is given as the object it points to."""

    attname: str
    target: str
    """The column of the other table that it holds."""
    model: type[Model]
    back: str
    """Under which name the other object remembers this one: of a pair each knows the other. Else ""."""


@dataclass(frozen=True, slots=True)
class _Table:
    """How the fields of a new object of one table are filled."""

    constants: Mapping[str, Any]
    """What each column is without a value."""
    made: Mapping[str, Callable[[], Any]]
    """Columns whose default is made anew for each object."""
    relations: Mapping[str, _Relation]


def filled(made: Model, given: Mapping[str, Any]) -> bool:
    """Fill a new object with named values and defaults; False, and nothing done, when Django must do it itself."""
    table = _table_of(type(made))
    if table is None:
        return False
    values, related, state = dict(table.constants), dict[str, Any](), ModelState()
    for name, value in given.items():
        if name in values:
            values[name] = value
        elif relation := table.relations.get(name):
            if relation.attname in given or not (value is None or isinstance(value, relation.model)):
                return False
            values[relation.attname] = None if value is None else getattr(value, relation.target)
            related[name] = value
        else:
            return False
    for name, default in table.made.items():
        if name not in given:
            values[name] = default()
    state.fields_cache = related
    made.__dict__.update(values, _state=state)
    for name, other in related.items():
        if other is not None:
            _acquaint(made, other, table.relations[name].back)
    return True


def _acquaint(made: Model, other: Model, back: str) -> None:
    made._state.db = DEFAULT_DB_ALIAS  # noqa: SLF001 - as Django does when an object is given for a relation
    other._state.db = other._state.db or DEFAULT_DB_ALIAS  # noqa: SLF001 - see above
    if back:
        other._state.fields_cache[back] = made  # noqa: SLF001 - see above


@lru_cache(maxsize=500)
def _table_of(model: type[Model]) -> _Table | None:
    """Return how a table is filled; None where something is not plain."""
    described = model._meta  # noqa: SLF001 - Django's public name for it
    fields = described.fields
    if described.abstract or router.routers or is_heard(model):
        return None
    if not all(_is_plain(model, field) for field in fields):
        return None
    made = {field.attname: field.get_default for field in fields if _is_made(field)}
    return _Table(
        constants={field.attname: None if field.attname in made else field.get_default() for field in fields},
        made=made,
        relations={
            field.name: _relation(field)
            for field in fields
            if isinstance(field, ForeignKey) and field.attname not in made
        },
    )


def is_heard(model: type[Model]) -> bool:
    """Whether a library wants to be told of each new object of a table."""
    return any(signal.has_listeners(model) for signal in (pre_init, post_init))


def _is_plain(model: type[Model], field: "Field[Any, Any]") -> bool:
    """Whether a column is an attribute of the object and nothing else."""
    attribute = type(getattr_static(model, field.attname))
    return bool(field.column) and not field.generated and attribute in {DeferredAttribute, ForeignKeyDeferredAttribute}


def _is_made(field: "Field[Any, Any]") -> bool:
    """Whether each object has a default of its own: made by a function, or one that could be changed."""
    return (callable(field.default) and field.has_default()) or not isinstance(field.get_default(), _CONSTANT)


def _relation(field: "ForeignKey[Any, Any]") -> _Relation:
    other = field.remote_field
    pointed_to = other.model._meta.concrete_model or other.model  # noqa: SLF001 - Django's public name for it
    back = "" if other.multiple else str(other.cache_name)
    return _Relation(field.attname, field.target_field.attname, pointed_to, back)
