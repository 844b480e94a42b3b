"""Two of Django's tags as pages use them most, made quick: `{% translate "…" %}` of a literal, and `{% url %}`.

They write what Django's own write; a page has a hundred of them. The settings put them in the place of Django's.
"""

from typing import Any

from django.template import Context, Library
from django.template.base import FilterExpression, Node, Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as django_url
from django.templatetags import i18n
from django.urls import NoReverseMatch
from django.utils.translation import get_language

from tongban.base.web.addresses import address
from tongban.base.web.markup import escaped

register = Library()
register.tags.update(i18n.register.tags)
register.filters.update(i18n.register.filters)


class WordsNode(i18n.TranslateNode):
    """A literal, looked up once for each language."""

    def __init__(self, node: i18n.TranslateNode) -> None:
        """`node` is Django's, which looks it up."""
        self.__dict__.update(node.__dict__)
        self._look_up = i18n.TranslateNode(node.filter_expression, node.noop, None, node.message_context)
        self._words: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        """Return the words, or put them into the context."""
        language = get_language()
        words = self._words.get(language)
        if words is None:
            words = self._words[language] = self._look_up.render(context)
        if self.asvar:
            context[self.asvar] = words
            return ""
        return words


def _is_literal(expression: FilterExpression | None) -> bool:
    """Whether an expression is a text in quotes, whatever the context holds."""
    if expression is None:
        return True
    literal = getattr(expression.var, "literal", expression.var)
    return isinstance(literal, str) and not expression.filters


@register.tag("translate")
@register.tag("trans")
def translate(parser: Parser, token: Token) -> Node:
    """Show words in the reader's language."""
    node: i18n.TranslateNode = i18n.do_translate(parser, token)
    literal = _is_literal(node.filter_expression) and _is_literal(node.message_context)
    return WordsNode(node) if literal else node


class AddressNode(URLNode):
    """The address of a view."""

    def render(self, context: Context) -> str:
        """Return it, or put it into the context ("" for a view that is not there)."""
        if self.kwargs:
            return super().render(context)
        arguments = [one.resolve(context) for one in self.args]
        try:
            found = address(self.view_name.resolve(context), *arguments, current_app=_current_app(context))
        except NoReverseMatch:
            if self.asvar is None:
                raise
            found = ""
        if self.asvar:
            context[self.asvar] = found
            return ""
        return escaped(found) if context.autoescape else found


def _current_app(context: Any) -> str | None:  # noqa: ANN401 - a RequestContext, or a Context without a request
    request = getattr(context, "request", None)
    match = getattr(request, "resolver_match", None)
    found: str | None = getattr(request, "current_app", match.namespace if match else None)
    return found


@register.tag
def url(parser: Parser, token: Token) -> AddressNode:
    """Show the address of a view."""
    node: URLNode = django_url(parser, token)
    return AddressNode(node.view_name, node.args, node.kwargs, node.asvar)
