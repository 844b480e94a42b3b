"""Migrations that draw anew, in their picture of all tables, only the one that a step adds something to.

For each step Django makes anew the classes of all models that are related to the changed one, over any number of steps,
so that each points to the newest class of the other. Nearly all of our tables are related: from nothing that made
13,000 classes, and took five sixths of the time. Where it can do without, Django itself calls the picture `delayed`,
makes fewer classes anew, and all of them before Python is run on it (`RunPython`).

This goes further on the same way for new models, fields, indexes and constraints: nobody refers to them yet, and
relations stay as they are. All else is left to Django. It reads relations off the classes that it has just replaced:
of a key that changes its type, those of the columns that have to change theirs.
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

    def add_index(self, *index: Any, **named: Any) -> None:  # noqa: ANN401 - Django's signature
        """Add an index: nobody else need ever know."""
        with self._adding():
            super().add_index(*index, **named)

    def add_constraint(self, *constraint: Any, **named: Any) -> None:  # noqa: ANN401 - Django's signature
        """Add a constraint: nobody else need ever know."""
        with self._adding():
            super().add_constraint(*constraint, **named)

    def reload_model(self, app_label: str, model_name: str, delay: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's signature
        """Draw a model anew; unless it only gets something more, with all that have to know of it."""
        if not self._only_adds:
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
    """Let the migrations that are run within draw anew only what they add to. For one thread at a time.

    Forward only: for the way back Django does not make the picture whole before it runs Python.
    """
    theirs = state.ProjectState
    state.ProjectState = executor.ProjectState = StepwiseState  # type: ignore[misc, attr-defined]
    try:
        yield
    finally:
        state.ProjectState = executor.ProjectState = theirs  # type: ignore[misc, attr-defined]
