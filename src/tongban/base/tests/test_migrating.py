"""Migrations come to the same, however few models they draw anew; and Python that runs in them sees all relations."""

from contextlib import AbstractContextManager, nullcontext
from itertools import compress
from typing import Any

import pytest
from django.apps.registry import Apps
from django.db import connection, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import executor, operations, state
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import StateApps

from tongban.base.postgres.migrating import StepwiseState, drawing_step_by_step

pytestmark = pytest.mark.django_db
ADDING = (operations.CreateModel, operations.AddField, operations.AddIndex, operations.AddConstraint)
READERS = [f"Reader{number}" for number in range(6)]


def to(model: str) -> "models.Field[Any, Any]":
    return models.ForeignKey(f"shelf.{model}", models.CASCADE, related_name="+", null=True)


def steps() -> list[Operation]:
    """Return one of each kind of step, between tables that refer to one another."""
    key = ("id", models.IntegerField(primary_key=True))
    return [
        operations.CreateModel("Author", [key, ("name", models.CharField(max_length=20))]),
        operations.CreateModel("Book", [key, ("author", models.ForeignKey("shelf.Author", models.CASCADE))]),
        *(operations.CreateModel(name, [key, ("book", to("Book"))]) for name in READERS),
        operations.AddField("Author", "best", to("Book")),
        operations.AddIndex("Book", models.Index(fields=["author"], name="by_author")),
        operations.AddField("Book", "pages", models.IntegerField(default=0)),
        operations.AddConstraint("Book", models.CheckConstraint(condition=models.Q(pages__gte=0), name="pages")),
        operations.CreateModel("Shelf", [key, ("books", models.ManyToManyField("shelf.Book"))]),
        operations.AlterField("Shelf", "id", models.BigIntegerField(primary_key=True)),
        operations.AlterModelTable("Book", "shelf_volume"),
        operations.AlterField("Author", "id", models.BigIntegerField(primary_key=True)),
        operations.AlterField("Book", "id", models.UUIDField(primary_key=True)),
        operations.RenameField("Author", "name", "called"),
        operations.RenameModel("Book", "Work"),
        operations.AddField("Shelf", "first", to("Work")),
        operations.AlterField("Shelf", "first", to("Author")),
        operations.RemoveConstraint("Work", "pages"),
        operations.RemoveField("Work", "author"),
        operations.DeleteModel("Shelf"),
    ]


class Walk:
    """All steps one after the other: the statements of each, how many classes were made, what Python sees after each.

    The statements of a step are sorted: which of several tables is changed first is by chance.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, way: AbstractContextManager[None], *, looks: bool) -> None:
        self.statements, self.seen, self.drawn = list[list[str]](), list[dict[str, set[str]]](), list[int]()
        register = StateApps.register_model

        def counted(apps: StateApps, app_label: str, model: type[models.Model]) -> None:
            self.drawn[-1] += 1
            register(apps, app_label, model)

        with way, monkeypatch.context() as patch:
            patch.setattr(StateApps, "register_model", counted)
            self._go(looks=looks)

    def _go(self, *, looks: bool) -> None:
        picture = vars(executor)["ProjectState"](real_apps=set())
        assert picture.apps is not None
        for step in steps():
            before = picture.clone()
            self.drawn.append(0)
            step.state_forwards("shelf", picture)
            with connection.schema_editor(collect_sql=True, atomic=False) as editor:
                step.database_forwards("shelf", editor, before, picture)
                if looks:
                    operations.RunPython(self._look).database_forwards("shelf", editor, picture.clone(), picture)
            self.statements.append(sorted(map(str, editor.collected_sql)))

    def _look(self, apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
        relations = dict[str, set[str]]()
        for model in apps.get_models(include_auto_created=True):
            relations[model._meta.label] = told = set()
            for field in model._meta.get_fields(include_hidden=True):
                if field.related_model is not None:
                    label = field.related_model._meta.label
                    assert field.related_model is apps.get_model(label)
                    told.add(f"{field.name} of {label}")
        self.seen.append(relations)


def test_the_way_makes_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = Walk(monkeypatch, nullcontext(), looks=True)
    ours = Walk(monkeypatch, drawing_step_by_step(), looks=True)
    assert theirs.statements == ours.statements
    assert theirs.seen == ours.seen
    assert all(ours.statements)
    assert [ours.seen[place]["shelf.Author"] for place in (0, 1, -1)] == [
        set(),
        {"book of shelf.Book"},
        {"best of shelf.Work"},
    ]


def test_what_only_adds_draws_little_anew_and_django_is_left_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = vars(executor)["ProjectState"]
    theirs = Walk(monkeypatch, nullcontext(), looks=False)
    ours = Walk(monkeypatch, drawing_step_by_step(), looks=False)
    assert theirs.statements == ours.statements
    adding = [isinstance(step, ADDING) for step in steps()]
    assert sum(compress(ours.drawn, adding)) == adding.count(True) + 2, "with the links of shelves, twice"
    assert sum(compress(theirs.drawn, adding)) > 3 * adding.count(True)
    with drawing_step_by_step():
        assert vars(executor)["ProjectState"] is StepwiseState
    assert vars(executor)["ProjectState"] is vars(state)["ProjectState"] is plain
