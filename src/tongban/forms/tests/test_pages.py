from typing import Any

import pytest
from django.template import Context, Template
from django.utils import translation

from tongban.forms.rules import check_step
from tongban.forms.tests.documents import PERSON, SHOP, STREET_SHOP

STEP = Template(
    "{% load form_steps %}{% form_error_summary document step errors %}{% form_step document step values errors context typed=typed %}"
)
FIELDS = Template("{% load form_steps %}{% form_fields document keys values errors context typed=typed %}")


@pytest.fixture(autouse=True)
def in_english() -> Any:
    with translation.override("en"):
        yield


def page(step: str, values: dict[str, Any], errors: Any = None, typed: Any = None) -> str:
    given = {
        "document": STREET_SHOP,
        "step": step,
        "values": values,
        "errors": errors,
        "context": PERSON,
        "typed": typed,
    }
    return STEP.render(Context(given))


def test_each_question_stands_with_label_and_input() -> None:
    shown = page("who", {"name": "王𬭎", "born": "1949-12-31"})
    for name in ("name", "identity_kind", "identity_number", "mobile", "email", "born_year", "born_month", "born_day"):
        assert f'name="{name}"' in shown
    assert 'value="王𬭎"' in shown
    assert 'value="1949"' in shown
    assert 'inputmode="tel"' in shown
    assert 'name="company"' not in shown


def test_a_question_that_follows_from_a_choice_stands_there_with_its_if() -> None:
    shown = page("shop", {})
    assert 'data-shown-when="rented" data-shown-values="yes"' in shown
    assert "Only if “Rented” is answered with: Yes" in shown
    assert 'name="kitchen"' not in shown
    assert 'name="kitchen"' in page("shop", {"goods": ["hot"], "area": "80"})


def test_what_was_typed_comes_back_with_its_sentence() -> None:
    typed = SHOP | {"area": "very large", "words": "<script>alert(1)</script>\x00", "capital": "1200"}
    checked = check_step(STREET_SHOP, "shop", typed, PERSON)
    shown = page("shop", checked.values, checked.errors, typed)
    assert 'value="very large"' in shown
    assert 'href="#id_area"' in shown
    assert "<script>" not in shown
    assert 'value="1200"' in shown
    assert shown.count("Please give a number, such as 86.5.") == 2
    assert "Area: Please give a number, such as 86.5.</a>" in shown


def test_stored_answers_stand_in_the_inputs() -> None:
    values = check_step(STREET_SHOP, "shop", SHOP, PERSON).values
    shown = page("shop", values)
    assert 'value="120000.50"' in shown
    assert 'value="书院路18号"' in shown
    assert 'value="no" checked' in shown
    assert 'value="hot" checked' in shown


def test_a_supplement_shows_just_its_questions() -> None:
    values = check_step(STREET_SHOP, "shop", SHOP, PERSON).values
    given = {
        "document": STREET_SHOP,
        "keys": ["area", "born"],
        "values": values,
        "errors": {},
        "context": PERSON,
        "typed": None,
    }
    shown = FIELDS.render(Context(given))
    assert 'name="area"' in shown
    assert 'name="born_year"' in shown
    assert 'name="staff"' not in shown
