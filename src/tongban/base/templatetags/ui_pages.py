"""Links to the pages of a list."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Page
from django.http import QueryDict
from django.template import Library
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tongban.base.templatetags.ui_icons import icon as drawn
from tongban.base.web.markup import joined, markup

register = Library()


@register.simple_tag(takes_context=True)
def ui_pagination(context: Context, page: Page[Any], parameter: str = "page") -> SafeString:
    """Show links to the pages of a list (Django's `Page`), keeping the rest of the address."""
    if page.paginator.num_pages < 2:  # noqa: PLR2004 - one page needs no links
        return SafeString("")
    address = _addresses(context, parameter)
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return markup(
        '<nav class="govuk-pagination" aria-label="{}">\n{}\n<ul class="govuk-pagination__list">{}</ul>\n{}\n</nav>\n',
        _("Pages"),
        _before(address(page.previous_page_number())) if page.has_previous() else "",
        joined(_number(number, address, is_current=number == page.number) for number in numbers),
        _after(address(page.next_page_number())) if page.has_next() else "",
    )


def _addresses(context: Context, parameter: str) -> Callable[[int], str]:
    """Return what gives the address of a page by its number."""
    request = context.get("request")
    query = QueryDict(mutable=True) if request is None else request.GET.copy()
    query.pop(parameter, None)
    begin = f"?{query.urlencode()}&{parameter}=" if query else f"?{parameter}="
    return lambda number: f"{begin}{number}"


def _number(number: int | str, address: Callable[[int], str], *, is_current: bool) -> SafeString:
    if not isinstance(number, int):
        return SafeString('<li class="govuk-pagination__item govuk-pagination__item--ellipsis">⋯</li>')
    return markup(
        '<li class="govuk-pagination__item{}"><a class="govuk-link govuk-pagination__link" href="{}" aria-label="{}"{}>'
        "{}</a></li>",
        " govuk-pagination__item--current" if is_current else "",
        address(number),
        _("Page %(number)s") % {"number": number},
        SafeString(' aria-current="page"' if is_current else ""),
        number,
    )


def _before(address: str) -> SafeString:
    return markup(
        '<div class="govuk-pagination__prev"><a class="govuk-link govuk-pagination__link" href="{}" rel="prev">{}'
        '<span class="govuk-pagination__link-title">{}</span></a></div>',
        address,
        drawn("chevron-left", 20),
        _("Previous page"),
    )


def _after(address: str) -> SafeString:
    return markup(
        '<div class="govuk-pagination__next"><a class="govuk-link govuk-pagination__link" href="{}" rel="next">'
        '<span class="govuk-pagination__link-title">{}</span>{}</a></div>',
        address,
        _("Next page"),
        drawn("chevron-right", 20),
    )
