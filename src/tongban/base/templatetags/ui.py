"""`{% load ui %}`: all components of the pages. What each is for: `base/README.md` and the page /style-guide."""

from django.template import Library

from tongban.base.templatetags import ui_content, ui_fields, ui_icons, ui_matters, ui_navigation, ui_pages

register = Library()
for part in (ui_icons, ui_content, ui_fields, ui_matters, ui_navigation, ui_pages):
    register.tags.update(part.register.tags)
    register.filters.update(part.register.filters)
