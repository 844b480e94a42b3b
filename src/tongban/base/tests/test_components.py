from datetime import UTC, date, datetime
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from tongban.base.templatetags import words
from tongban.base.templatetags.ui_icons import PATHS, icon
from tongban.base.web.widgets import DatePartsInput

HOSTILE = "<script>alert(1)</script>\"'>"


def shown(source: str, language: str = "en", **context: Any) -> str:
    with translation.override(language):
        return Template("{% load ui words %}" + source).render(Context(context))


class Person(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the card")
    birthday = forms.DateField(label="Born", widget=DatePartsInput)
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect, required=False)
    why = forms.CharField(required=False, widget=forms.Textarea(attrs={"data-max-length": 50}))


def test_field_ties_label_hint_and_error_to_its_control() -> None:
    html = shown("{% ui_field form.name %}", form=Person({"name": ""}))
    assert 'for="id_name"' in html
    assert 'id="id_name-hint"' in html
    assert 'id="id_name-error"' in html
    assert 'aria-describedby="id_name-hint id_name-error"' in html
    assert " required>" not in html
    assert "required " not in html.split("<input")[1]  # the server says it, in the reader's language


def test_what_was_typed_comes_back_and_is_escaped() -> None:
    form = Person({"name": HOSTILE, "birthday_year": "1986", "birthday_month": "13", "birthday_day": HOSTILE})
    html = shown("{% ui_form form %}", form=form)
    assert "<script>" not in html
    assert html.count("&lt;script&gt;") == 2
    assert 'value="13"' in html


def test_date_parts_make_a_date_and_keep_what_is_none() -> None:
    good = Person({"name": "x", "birthday_year": "1986", "birthday_month": "4", "birthday_day": "2"})
    assert good.is_valid()
    assert good.cleaned_data["birthday"] == date(1986, 4, 2)
    assert not Person({"name": "x", "birthday_year": "1986"}).is_valid()
    assert Person({"name": "x"}).errors["birthday"] == Person({}).errors["birthday"]


def test_error_summary_leads_to_the_fields_and_is_silent_without_errors() -> None:
    html = shown("{% ui_error_summary form %}", form=Person({"name": ""}))
    assert 'href="#id_name"' in html
    assert 'href="#id_birthday_year"' in html
    assert "Name: This field is required." in html
    assert shown("{% ui_error_summary form %}", form=Person()) == ""


def test_conditional_question_says_when_it_is_asked() -> None:
    form = Person()
    form.fields["why"].shown_when = ("kind", ("a", "b"))  # type: ignore[attr-defined]
    html = shown("{% ui_field form.why %}", form=form)
    assert 'data-shown-when="kind"' in html
    assert 'data-shown-values="a|b"' in html
    assert 'data-maxlength="50"' in html


@pytest.mark.parametrize(
    "kind", ["input", "textarea", "select", "radios", "checkboxes", "checkbox", "date_parts", "password"]
)
def test_control_from_plain_data_escapes_and_names_its_error(kind: str) -> None:
    html = shown(
        "{% ui_control kind 'q' label value hint=label errors=errors choices=choices %}",
        kind=kind, label=HOSTILE, value=HOSTILE, errors=[HOSTILE], choices=[{"value": "1", "label": HOSTILE}],
    )  # fmt: skip
    assert "<script>" not in html
    assert "id_q-error" in html


def test_control_keeps_several_answers() -> None:
    choices = [{"value": "1", "label": "one"}, {"value": "2", "label": "two"}, {"value": "3", "label": "three"}]
    html = shown("{% ui_control 'checkboxes' 'q' 'Q' value choices=choices %}", value=["1", "3"], choices=choices)
    assert html.count(" checked") == 2


@pytest.mark.parametrize(
    ("days_left", "state", "colour"),
    [
        (5, "running", "green"),
        (1, "running", "amber"),
        (0, "running", "amber"),
        (-1, "running", "red"),
        (5, "stopped", "grey"),
        (-3, "met", "green"),
    ],
)
def test_clock_has_colour_and_words(days_left: int, state: str, colour: str) -> None:
    html = shown("{% ui_clock due days state=state %}", due=date(2026, 12, 1), days=days_left, state=state)
    assert f"tb-clock--{colour}" in html


def test_clock_says_provisional_and_no_date() -> None:
    assert "provisional" in shown("{% ui_clock due 3 provisional=True %}", due=date(2027, 2, 1))
    assert "no date yet" in shown("{% ui_clock None %}")


def test_tabs_gather_their_panels_and_may_be_used_twice() -> None:
    one = "{% ui_tabs %}{% ui_tab 'a' 'A' %}<p>1</p>{% endui_tab %}{% ui_tab 'b' 'B' count=2 %}2{% endui_tab %}{% endui_tabs %}"
    html = shown(one + one.replace("'a'", "'c'").replace("'b'", "'d'"))
    assert html.count('class="govuk-tabs"') == 2
    assert [html.count(f'id="{name}"') for name in "abcd"] == [1, 1, 1, 1]


def test_pagination_keeps_the_question() -> None:
    request = RequestFactory().get("/office/", {"state": "open", "page": "2"})
    html = shown("{% ui_pagination page %}", page=Paginator(range(100), 10).get_page(2), request=request)
    assert "?state=open&amp;page=3" in html
    assert 'aria-current="page"' in html
    assert shown("{% ui_pagination page %}", page=Paginator(range(3), 10).get_page(1)) == ""


def test_rating_runs_from_best_to_worst() -> None:
    html = shown("{% ui_rating 'level' 5 %}")
    assert html.index("Very satisfied") < html.index("Very dissatisfied")
    assert html.count(" checked") == 1
    assert "Very dissatisfied" in shown("{% ui_rating_shown 5 %}")


def test_unknown_icon_is_a_document() -> None:
    assert PATHS["document"] in icon("no such icon")
    assert 'aria-label="Police"' in icon("shield", label="Police")


def test_upload_works_without_script() -> None:
    html = shown("{% ui_file_upload 'm' 'Card' upload_url='/u' key='card' error=words %}", words=HOSTILE)
    assert 'formaction="/u"' in html
    assert 'formenctype="multipart/form-data"' in html
    assert 'name="upload" value="card"' in html
    assert "<script>" not in html


def test_dates_are_said_in_the_readers_language_and_the_offices_zone() -> None:
    late = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)  # half past one on the 24th in the office's zone
    with translation.override("zh-hans"):
        assert words.date_words(date(2026, 11, 3)) == "2026年11月3日"
        assert words.datetime_words(late) == "2026年11月24日 01:30"
        assert words.money(123456) == "1,234.56 元"
        assert words.limit_words(5, "working_day") == "5 个工作日"
    with translation.override("en"):
        assert words.date_words(late) == "24 November 2026"
        assert words.money(1200) == "¥12.00"
        assert words.limit_words(1, "working_day") == "1 working day"


def test_a_limit_without_unit_is_never_guessed() -> None:
    with translation.override("en"):
        assert words.limit_words(20, "") == "20 (unit not stated)"
        assert words.limit_words(None, "working_day") == "Not stated"
        assert words.limit_words(1, "on_the_spot") == "On the spot"


@given(st.text(max_size=40))
def test_a_masked_number_never_shows_its_middle(number: str) -> None:
    hidden = words.masked_id(number)
    assert len(hidden) == len(number)
    assert hidden.count("*") >= min(len(number), 1)


@given(st.integers(0, 10**9))
def test_sizes_have_a_unit(size: int) -> None:
    assert words.size_words(size)[-2:] in {"kB", "MB"}
