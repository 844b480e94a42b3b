"""The page of the inbox: what people are called can never become markup, and its words are those of the reader."""

from html import escape

import pytest
from django.conf import settings

from tongban.accounts.models import Official
from tongban.cases.models import Case, Task
from tongban.cases.tests.people import NOW, City, client_of, open_task
from tongban.organisations.models import Organisation, Post

SHARP = "<b>{}&\"'{{0}}%s%(number)s</b>"


@pytest.fixture(autouse=True)
def _office_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tongban.cases.web.office.now", lambda: NOW)


def seen(username: str, language: str = "zh-hans", question: str = "") -> str:
    """Return the inbox of an official who reads in a language."""
    client = client_of(username)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client.get(f"/office/{question}").content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_name_becomes_markup(city: City, language: str) -> None:
    case = city.case()
    task = open_task(case, "acceptance")
    sharp = {
        part: SHARP.format(part)
        for part in ("title", "title-en", "applicant", "step", "step-en", "holder", "post", "office")
    }
    Case.objects.filter(id=case.id).update(
        title=sharp["title"], title_en=sharp["title-en"], applicant_name=sharp["applicant"]
    )
    Task.objects.filter(id=task.id).update(
        name=sharp["step"], name_en=sharp["step-en"], holder_id=city.reviewer.official_id
    )
    Official.objects.filter(id=city.reviewer.official_id).update(name=sharp["holder"])
    Post.objects.filter(id=task.post_id).update(name=sharp["post"])
    Organisation.objects.filter(posts__id=task.post_id).update(name=sharp["office"])
    page = seen(city.desk.username, language)
    english = language == "en"
    for part, text in sharp.items():
        there = part not in ({"title", "step"} if english else {"title-en", "step-en"})
        assert (escape(text) in page) is there, part
        assert text not in page, part


def test_each_reader_has_their_own_words(city: City) -> None:
    case = city.case()
    for _again in range(2):
        chinese, english = seen(city.desk.username), seen(city.desk.username, "en")
        assert f"Choose {case.number}" in english
        assert f"Choose {case.number}" not in chinese
        assert "nobody yet" in english
        assert "nobody yet" not in chinese
        assert "working day" in english
        assert "个工作日" in chinese


def test_what_is_drawn_once_knows_what_was_chosen(city: City) -> None:
    city.case()
    for view in ("mine", "open", "mine"):
        page = seen(city.desk.username, question=f"?view={view}&kind=review&words=<{view}>")
        assert f'<option value="{view}" selected>' in page
        assert '<option value="review" selected>' in page
        assert page.count(" selected>") == 2
        assert f'value="&lt;{view}&gt;"' in page
