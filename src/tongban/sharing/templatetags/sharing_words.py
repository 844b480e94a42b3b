"""`{% load sharing_words %}`: what look-ups are for in words, and addresses of corrections."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.template import Library
from django.urls import reverse
from django.utils.translation import gettext as _

from tongban.base.templatetags.words import either
from tongban.exchange import queries as exchange
from tongban.sharing.rules import own

if TYPE_CHECKING:
    from tongban.exchange.models import LookUp, Resource
    from tongban.sharing.queries import Whose

register = Library()


@register.filter
def name_or_title(case: Any) -> str:  # noqa: ANN401 - a case
    """Return what a case is called, in the reader's language."""
    return either(case.title, case.title_en)


@register.simple_tag
def reference_words(look_up: "LookUp") -> str:
    """Return what a look-up was for where that is no case of the reader's."""
    words = {
        own.REFERENCE: _("Reading of one's own data"),
        own.PRESENT: _("At a window, for the person who was present"),
        "draft": _("For an application that was being written"),
    }
    return words.get(look_up.reference_kind) or exchange.standing_words(look_up.reference_kind)


@register.simple_tag
def correct_address(resource: "Resource", field: str, whose: "Whose", record: int) -> str:
    """Return where a value is said not to be right."""
    asked: dict[str, object] = {} if whose.relation == "self" else {"for": whose.id}
    if record:
        asked["record"] = record
    address = reverse("sharing:correct", args=[resource.slug, field])
    return f"{address}?{urlencode(asked)}" if asked else address
