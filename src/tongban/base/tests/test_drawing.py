"""What is drawn once: the same for everybody who reads in one language, and never what one reader alone may see."""

from html import escape
from pathlib import Path

import pytest
from django.template import Context, Template, TemplateSyntaxError, engines
from django.test import RequestFactory
from django.utils import translation
from django.utils.safestring import SafeString

import tongban
from tongban.base.web.drawing import MOST, DrawnOnceNode
from tongban.base.web.markup import escaped, markup

KEPT = {"city", "large_type", "is_resident", "is_official", "view", "kind", "urgency"}
"""What drawings may be kept by. A name, a number, an address, words somebody typed: never."""
SHARP = "<b>&\"'{}{0}%s</b>"


class Seldom:
    """Counts how often it is shown."""

    times = 0

    def __str__(self) -> str:
        self.times += 1
        return f"seen {self.times} times"


def test_each_language_and_each_value_has_its_own_drawing() -> None:
    part = Template(
        '{% load i18n %}{% drawn_once large=large_type %}{% translate "Sign out" %}·{{ large }}{% enddrawn_once %}'
    )
    found: dict[tuple[str, str], str] = {}
    for _again in range(2):
        for language in ("zh-hans", "en"):
            for large in (True, False, 1, 0):
                with translation.override(language):
                    shown = part.render(Context({"large_type": large}))
                assert found.setdefault((language, repr(large)), shown) == shown
    assert len(set(found.values())) == len(found) == 8
    assert found["en", "1"] == "Sign out·1"


def test_it_is_drawn_once_and_kept_within_bounds() -> None:
    part = Template("{% drawn_once n %}{{ n }}{% enddrawn_once %}")
    node = part.nodelist.get_nodes_by_type(DrawnOnceNode)[0]
    assert isinstance(node, DrawnOnceNode)
    seldom = Seldom()
    assert [part.render(Context({"n": seldom})) for _again in range(3)] == ["seen 1 times"] * 3
    for n in range(3 * MOST):
        assert part.render(Context({"n": n})) == str(n)
        assert len(node._kept) <= MOST


def test_what_is_not_named_cannot_be_seen_there() -> None:
    request = RequestFactory().get("/")
    engine = engines["django"].from_string(
        "{{ mine }}{% drawn_once %}[{{ mine }}{{ request.path }}{{ actor.name }}{{ csrf_token }}]{% enddrawn_once %}"
    )
    assert engine.render({"mine": "林知夏"}, request) == "林知夏[]"


def test_a_text_that_is_safe_is_not_taken_for_one_that_is_not() -> None:
    part = Template("{% drawn_once text %}{{ text }}{% enddrawn_once %}")
    assert part.render(Context({"text": SafeString(SHARP)})) == SHARP
    assert part.render(Context({"text": SHARP})) == escape(SHARP)
    assert part.render(Context({"text": SafeString(SHARP)})) == SHARP
    assert part.render(Context({"text": SHARP}, autoescape=False)) == SHARP


@pytest.mark.parametrize("inside", ["{% block title %}{% endblock %}", "{% if True %}{% csrf_token %}{% endif %}"])
def test_blocks_and_tokens_are_refused(inside: str) -> None:
    with pytest.raises(TemplateSyntaxError, match="no block and no token"):
        Template(f"{{% drawn_once %}}{inside}{{% enddrawn_once %}}")


def test_no_template_keeps_a_drawing_by_what_is_somebodys_own() -> None:
    names: set[str] = set()
    for path in Path(tongban.__file__).parent.glob("*/templates/**/*.html"):
        if "drawn_once" not in (source := path.read_text()):
            continue
        nodes = Template(source.partition("%}")[2] if source.startswith("{% extends") else source).nodelist
        kept = [node for node in nodes.get_nodes_by_type(DrawnOnceNode) if isinstance(node, DrawnOnceNode)]
        assert kept, path
        names |= {name for node in kept for name in node.names}
        for node in kept:
            for name, expression in zip(node.names, node.expressions, strict=True):
                assert expression.token.rpartition(".")[2] == name, f"{path}: {name} stands for {expression.token}"
    assert names
    assert names <= KEPT


@pytest.mark.parametrize("text", ["<", ">", "&", '"', "'", "a'b", SHARP, "林知夏", "a b", "", "x\n<", "&amp;"])
def test_markup_escapes_what_html_does(text: str) -> None:
    class Told(str):
        """A kind of text of somebody's own."""

        __slots__ = ()

    assert (
        escaped(text)
        == escaped(Told(text))
        == escaped(translation.gettext_lazy(text) if text else text)
        == escape(text)
    )
    assert markup("<p>{}</p>", text) == f"<p>{escape(text)}</p>"
    assert escaped(SafeString(text)) == text
