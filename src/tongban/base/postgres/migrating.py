"""Migrations that draw anew, in their picture of all tables, only the one that a step changes.

For each step Django makes anew the classes of all models that are related to the changed one, over any number of steps,
so that each points to the newest class of the other. Nearly all of our tables are related: from nothing that made
13,000 classes, and took five sixths of the time. Where it can do without, Django itself calls the picture `delayed`,
makes fewer classes anew, and all of them before Python is run on it (`RunPython`).

This goes further on the same way for what only adds: nobody refers yet to a new model or to a new field. And what
Django delays (an index, a constraint, a column that nobody refers to) leaves relations as they are. What alters,
renames or takes away a part of a relation is left to Django.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations import executor, state


class StepwiseState(state.ProjectState):
    """The picture of all tables, as far as the migrations have come."""

    _only_adds = False

    def add_model(self, model_state: state.ModelState) -> None:
        """Add a model: the others need not know of it before Python runs."""
        with self._adding():
            super().add_model(model_state)

    def add_field(self, *field: Any, **named: Any) -> None:  # noqa: ANN401 - Django's signature
        """Add a field: the others need not know of it before Python runs."""
        with self._adding():
            super().add_field(*field, **named)

    def reload_model(self, app_label: str, model_name: str, delay: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's signature
        """Draw a model anew, and with it those that have to know of the change at once."""
        if not (delay or self._only_adds):
            super().reload_model(app_label, model_name, delay)
        elif "apps" in vars(self):
            self.is_delayed = True
            self._reload({(app_label, model_name)})  # type: ignore[attr-defined]  # not in the stubs

    @contextmanager
    def _adding(self) -> Iterator[None]:
        self._only_adds = True
        try:
            yield
        finally:
            self._only_adds = False


@contextmanager
def drawing_step_by_step() -> Iterator[None]:
    """Let the migrations that are run within draw anew only what they change. For one thread at a time."""
    theirs = state.ProjectState
    state.ProjectState = executor.ProjectState = StepwiseState  # type: ignore[misc, attr-defined]
    try:
        yield
    finally:
        state.ProjectState = executor.ProjectState = theirs  # type: ignore[misc, attr-defined]
