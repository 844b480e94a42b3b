"""What narrows a search, as it stands beside the results: made in Python, for each search has its own."""

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tongban.base.templatetags.words import either
from tongban.base.web.markup import given, joined, markup
from tongban.catalogue import queries
from tongban.catalogue.queries import Filters, Found
from tongban.catalogue.web.vocabulary import told

_CHOICE = (
    '<div class="govuk-radios__item"><input class="govuk-radios__input" type="radio" id="for-{}" name="for"'
    ' value="{}"{}><label class="govuk-label govuk-radios__label" for="for-{}">{}</label></div>'
)


def audience_choices(found: Found, filters: Filters) -> SafeString:
    """Return whom matters are for, one of which can be chosen: those that occur in what was found."""
    names = (("", _("Everybody")), ("person", _("Persons")), ("enterprise", _("Enterprises")))
    offered = [one for one in names if not one[0] or one[0] in found.audiences or one[0] == filters.audience]
    return joined(
        markup(_CHOICE, number, value, given(value == filters.audience, " checked"), number, name)
        for number, (value, name) in enumerate(offered, start=1)
    )


def department_options(found: Found, filters: Filters) -> SafeString:
    """Return the offices of what was found, and the one that was chosen; nothing where there is none."""
    options = [
        _option(one.key, f"{either(one.name, one.name_en)} ({one.count})", chosen=one.key == filters.department)
        for one in found.departments
    ]
    if filters.department and all(one.key != filters.department for one in found.departments):
        label = next((told(one, "name") for one in queries.departments() if one.slug == filters.department), "")
        options.append(_option(filters.department, label or filters.department, chosen=True))
    return joined(options)


def _option(value: str, label: str, *, chosen: bool) -> SafeString:
    return markup('<option value="{}"{}>{}</option>', value, given(chosen, " selected"), label)
