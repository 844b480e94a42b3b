"""`{% translate %}` and `{% url %}` write what Django's own write, in each language, for any argument."""

from uuid import UUID

import pytest
from django.http import HttpRequest
from django.template import Context, Engine, Template, engines
from django.template.defaulttags import URLNode
from django.templatetags import i18n
from django.test import RequestFactory
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from tongban.base.actor import NOBODY, Actor
from tongban.base.web.access import may_open
from tongban.base.web.addresses import address
from tongban.base.web.tags import AddressNode, WordsNode

SOME_ID = UUID("0197a8c4-6d0e-7c3a-9b61-2f4f0c3c9a11")


@pytest.mark.parametrize(
    "words",
    [
        '{% translate "Inbox" %}',
        '{% translate "Inbox" as found %}{{ found }}',
        '{% trans "<b>100%% & more</b>" %}',
        '{% translate "deputy" context "mark" %}',
        '{% translate "Inbox"|upper %}',
        "{% translate name %}",
        '{% translate "Inbox" noop %}',
    ],
)
def test_words_are_those_of_django(words: str) -> None:
    ours, theirs = Template("{% load i18n %}" + words), _as_django(words)
    for language in ("zh-hans", "en", "zh-hans"):
        with translation.override(language):
            shown = [one.render(Context({"name": "<i>Inbox</i>"})) for one in (ours, theirs)]
        assert shown[0] == shown[1]
        assert shown[0]


def test_words_that_never_change_are_looked_up_once() -> None:
    assert Template('{% load i18n %}{% translate "Inbox" %}').nodelist.get_nodes_by_type(WordsNode)
    assert not Template("{% load i18n %}{% translate name %}").nodelist.get_nodes_by_type(WordsNode)


def _as_django(words: str) -> Template:
    """Return the template with Django's own tag."""
    engine: Engine = engines["django"].engine  # type: ignore[attr-defined]  # of DjangoTemplates
    kept = engine.template_libraries["i18n"]
    engine.template_libraries["i18n"] = i18n.register
    try:
        own = Template("{% load i18n %}" + words, engine=engine)
    finally:
        engine.template_libraries["i18n"] = kept
    assert not own.nodelist.get_nodes_by_type(WordsNode)
    return own


@pytest.mark.parametrize(
    ("view", "arguments"),
    [
        ("cases:inbox", ()),
        ("cases:case", ("20261123-7KQ4M2XA",)),
        ("cases:case", ("办件 7八%s{}",)),
        ("cases:act", ("20261123-7KQ4M2XA", SOME_ID, "hand-over")),
        ("cases:act", ("stand-in-1", SOME_ID, "stand-in-0")),
        ("papers:show", (SOME_ID,)),
        ("papers:show", (str(SOME_ID),)),
    ],
)
def test_addresses_are_those_of_django(view: str, arguments: tuple[object, ...]) -> None:
    for _time in range(2):
        assert address(view, *arguments) == reverse(view, args=arguments)


@pytest.mark.parametrize(
    ("view", "arguments"), [("cases:nowhere", ()), ("papers:show", ("not-an-id",)), ("cases:case", ())]
)
def test_what_has_no_address_has_none_here(view: str, arguments: tuple[object, ...]) -> None:
    for _time in range(2):
        with pytest.raises(NoReverseMatch):
            address(view, *arguments)


def test_the_tag_shows_the_address() -> None:
    request: HttpRequest = RequestFactory().get("/")
    context = {"number": "A&B", "request": request}
    for words in (
        '{% url "cases:case" number %}',
        '{% url "cases:case" number=number %}',
        '{% url "nowhere" as gone %}-{{ gone }}-',
    ):
        ours = Template(words)
        theirs = Template(words)
        old = theirs.nodelist[0]
        assert isinstance(old, AddressNode)
        theirs.nodelist[0] = URLNode(old.view_name, old.args, old.kwargs, old.asvar)
        assert ours.render(Context(context)) == theirs.render(Context(context))


def test_who_may_open_an_address_is_asked_of_its_view_each_time() -> None:
    official = Actor(kind="official", name="钱", posts=())
    for _time in range(2):
        assert not may_open(NOBODY, reverse("cases:mine"))
        assert may_open(Actor(kind="resident", name="林"), reverse("cases:mine"))
        assert not may_open(official, "/nowhere/at/all")
