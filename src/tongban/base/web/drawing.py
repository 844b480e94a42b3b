"""`{% drawn_once city large=large_type %}…{% enddrawn_once %}`: what is the same for everybody, drawn once.

Most of the frame of a page depends on the reader's language and a setting or two. What stands between the tags is drawn
once for each language and each of the values named, and kept. It sees these values and nothing else: not the request,
not who reads it. So nothing about a person can be kept by mistake, as long as no person is named (a test reads all
templates for that).
"""

from typing import Any

from django.template import Context, Library, TemplateSyntaxError
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.template.defaulttags import CsrfTokenNode
from django.template.loader_tags import BlockNode
from django.urls import get_script_prefix, get_urlconf
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = Library()

MOST = 256
"""Drawings kept of one place in a template; with more it begins anew."""


class DrawnOnceNode(Node):
    """A part of a template that depends on the language and on the values named, on nothing else."""

    child_nodelists = ()
    """No block stands in it, so Django need not look for blocks there at each request."""

    def __init__(self, named: dict[str, FilterExpression], nodelist: NodeList) -> None:
        """Nothing is drawn yet."""
        self.nodelist = nodelist
        self.names = tuple(named)
        self.expressions = tuple(named.values())
        self._kept: dict[tuple[object, ...], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        """Return the part as it was drawn for the same values."""
        values = [one.resolve(context) for one in self.expressions]
        # A text that is safe equals one that is not, and 1 equals True: so their types are part of the key.
        key = (get_language(), get_urlconf(), get_script_prefix(), context.autoescape, *values, *map(type, values))
        drawn = self._kept.get(key)
        if drawn is None:
            drawn = self._draw(context, dict(zip(self.names, values, strict=True)))
            if len(self._kept) >= MOST:
                self._kept.clear()
            self._kept[key] = drawn
        return drawn

    def _draw(self, context: Any, values: dict[str, object]) -> SafeString:  # noqa: ANN401 - Django's Context, whose template the stubs leave open
        alone = Context(values, autoescape=context.autoescape)
        with alone.bind_template(context.template), alone.render_context.push_state(context.template):
            return self.nodelist.render(alone)


@register.tag
def drawn_once(parser: Parser, token: Token) -> DrawnOnceNode:
    """Read the part; a value is a name, or `name=expression`."""
    named: dict[str, FilterExpression] = {}
    for bit in token.split_contents()[1:]:
        name, _equals, expression = bit.partition("=")
        named[name] = parser.compile_filter(expression or name)
    nodelist = parser.parse(("enddrawn_once",))
    parser.delete_first_token()
    if any(nodelist.get_nodes_by_type(kind) for kind in (BlockNode, CsrfTokenNode)):
        message = "what is drawn once holds no block and no token: they differ from page to page"
        raise TemplateSyntaxError(message)
    return DrawnOnceNode(named, nodelist)
