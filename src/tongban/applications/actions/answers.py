"""From what registers answered for a draft to what is kept with the application."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from tongban.applications.models import ApplicationAnswer, RegisterAnswer

if TYPE_CHECKING:
    from tongban.applications.rules import MaterialState
    from tongban.applications.rules.registers import Fill, Record

_SAME = ("resource", "purpose", "about", "subject_key", "outcome", "names", "look_up_id", "looked_at")


def kept_answers(
    fills: "Mapping[str, Fill]", states: "list[MaterialState]", values: Mapping[str, object]
) -> Iterator[ApplicationAnswer]:
    """Give what is kept: for questions that were asked, and in place of materials. Not written yet."""
    for key, fill in fills.items():
        if key in values:
            row = _copied(fill.row, fill.record, "field", key)
            row.value, row.is_fixed = fill.value, fill.is_fixed
            yield row
    for state in states:
        if state.told is not None:
            yield _copied(state.told.row, state.told.record, "material", state.material.key)


def _copied(row: RegisterAnswer, record: "Record", kind: str, key: str) -> ApplicationAnswer:
    """Of what was answered only what counts."""
    same = {name: getattr(row, name) for name in _SAME}
    return ApplicationAnswer(kind=kind, key=key, items=list(record), records=[dict(record)], **same)
