"""Makes objects of rows as Django's `ModelIterable` does, by the shortest way.

Django sets each field by itself and asks for receivers of signals at each object: 20 to 60 µs for one of our tables,
and a page reads a hundred. Here the values of a row become the object's at once. Models that Django must make itself
(an `__init__` or `from_db` of their own, receivers of `pre_init` or `post_init`) are left to it.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model
from django.db.models.base import ModelState
from django.db.models.query import get_related_populators

from tongban.base.fresh import is_heard
from tongban.base.models import Entity

Row = Sequence[Any]


def object_maker(compiler: Any) -> Callable[[Row], Any]:  # noqa: ANN401 - Django's SQLCompiler
    """Return what makes an object of a row, its relations and annotations filled in."""
    described, annotations = compiler.klass_info, compiler.annotation_col_map or {}
    start, end = described["select_fields"][0], described["select_fields"][-1] + 1
    new = _maker(described["model"], [column[0].target.attname for column in compiler.select[start:end]])
    related = [_populator(one) for one in get_related_populators(described, compiler.select, DEFAULT_DB_ALIAS)]  # type: ignore[call-arg]  # of Django 6

    def make(row: Row) -> Any:  # noqa: ANN401 - an object of the model
        made = new(row[start:end])
        for populate in related:
            populate(row, made)
        for name, place in annotations.items():
            setattr(made, name, row[place])
        return made

    return make


def _maker(model: type[Model], names: Sequence[str]) -> Callable[[Row], Model]:
    """Return what makes one object of the values of its fields; fields that are not named are deferred."""
    if not _is_plain(model):
        return lambda values: model.from_db(DEFAULT_DB_ALIAS, names, values)

    def new(values: Row) -> Model:
        made = model.__new__(model)
        state = ModelState()
        state.adding, state.db = False, DEFAULT_DB_ALIAS
        made.__dict__.update(zip(names, values, strict=True), _state=state)
        return made

    return new


def _is_plain(model: type[Model]) -> bool:
    own = model.__init__ not in {Model.__init__, Entity.__init__}
    read = model.from_db.__func__ is not Model.from_db.__func__  # type: ignore[attr-defined]  # a class method
    return not own and not read and not is_heard(model)


def _populator(known: Any) -> Callable[[Row, Model], None]:  # noqa: ANN401 - Django's RelatedPopulator
    """Return what hangs one related object, and those related to it, on the object that refers to it."""
    new = _maker(known.model_cls, known.init_list)
    deeper = [_populator(one) for one in known.related_populators]

    def populate(row: Row, referring: Model) -> None:
        values = known.reorder_for_init(row) if known.reorder_for_init else row[known.cols_start : known.cols_end]
        if values[known.pk_idx] is None:
            known.local_setter(referring, None)
            return
        made = new(values)
        for one in deeper:
            one(row, made)
        known.local_setter(referring, made)
        known.remote_setter(made, referring)

    return populate
