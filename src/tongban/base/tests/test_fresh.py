"""New objects of our tables: filled by a shorter way, and the same as Django's."""

from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db.models import ForeignKey, Model

from tongban.accounts.models import Account, Person
from tongban.base.fresh import filled
from tongban.base.ids import new_id
from tongban.base.models import Entity


def test_new_objects_are_what_django_makes_of_the_same_values() -> None:
    """In every table: with nothing given, with a value for each column, and with objects for what it points to."""
    tables = [model for model in apps.get_models() if issubclass(model, Entity)]
    assert len(tables) > 80
    for model in tables:
        fields = model._meta.concrete_fields
        columns = {field.attname: object() for field in fields}
        keys = [field for field in fields if isinstance(field, ForeignKey)]
        ways: list[dict[str, Any]] = [{}, columns, _pointed_to(keys), dict.fromkeys(field.name for field in keys)]
        for given in ways:
            made, usual = model.__new__(model), model.__new__(model)
            assert filled(made, given), model
            backs = {name: dict(one._state.fields_cache) for name, one in given.items() if isinstance(one, Model)}
            assert not any(one is not made for back in backs.values() for one in back.values())
            Model.__init__(usual, **given)
            assert _held(made) == _held(usual), model
            for name, back in backs.items():
                assert back.keys() == given[name]._state.fields_cache.keys(), (model, name)


def _pointed_to(keys: list[Any]) -> dict[str, Any]:
    return {field.name: field.remote_field.model._meta.concrete_model() for field in keys}


def _held(made: Model) -> dict[str, object]:
    """Return all that an object holds; of values made anew for each only their type."""
    state = made._state
    values: dict[str, object] = {
        name: type(value) if isinstance(value, UUID) else (type(value), value)
        for name, value in made.__dict__.items()
        if name != "_state"
    }
    return {**values, "·": (state.adding, state.db, {name: id(one) for name, one in state.fields_cache.items()})}


def test_what_is_no_column_is_left_to_django() -> None:
    with pytest.raises(TypeError, match="unexpected keyword"):
        Account(nickname="a")  # type: ignore[misc]  # what is refused
    with pytest.raises(ValueError, match="must be a"):
        Person(account="no account")  # type: ignore[misc]  # what is refused
    account_id = new_id()
    assert Account(pk=account_id).id == account_id
