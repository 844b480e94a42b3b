"""The largest form anybody should make: 300 questions, 65 rules between them, checked as one step."""

import time
from typing import Any

from tongban.forms.rules import FormDocument, check_step

QUESTIONS, RULES = 300, 65
TYPES = ("text", "integer", "date", "money", "decimal")
TYPED = {"text": "甲", "integer": "12", "date": "2024-01-02", "money": "1.50", "decimal": "2.5", "choice": "a"}
PERSON: dict[str, object] = {"applicant": {"kind": "person"}, "situation": {}, "today": "2026-11-23"}


def _document() -> FormDocument:
    fields: list[dict[str, Any]] = [
        {"key": "first", "type": "choice", "label": "选", "options": [{"value": "a", "label": "甲"}]}
    ]
    rules = 0
    for place in range(QUESTIONS - 1):
        kind = TYPES[place % len(TYPES)]
        field: dict[str, Any] = {"key": f"f{place}", "type": kind, "label": f"问题{place}"}
        if place % 3 == 0:
            field["condition"] = 'form.first == "a"'
        if kind in {"integer", "money"} and rules < RULES:
            field["checks"] = [{"expression": f"form.f{place} >= 0 and form.f1 < 99", "message": "错"}]
            rules += 1
        fields.append(field)
    return FormDocument.model_validate({"title": "长表", "steps": [{"key": "all", "title": "全部", "fields": fields}]})


def seconds(rounds: int) -> list[float]:
    """Check the step so many times; returns how long each took."""
    document = _document()
    typed = {field.key: TYPED[field.type] for field in document.fields()}
    took = []
    for _round in range(rounds):
        began = time.perf_counter()
        checked = check_step(document, "all", typed, PERSON)
        took.append(time.perf_counter() - began)
        if not checked.ok:
            raise ValueError(checked.errors)
    return took
