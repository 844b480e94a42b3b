"""The words of guides on pages: codes into words, names in the reader's language, marks on materials."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.base.templatetags.words import in_chinese, listed
from tongban.catalogue.guide import Material

CHANNELS = {
    "window": gettext_lazy("at a window"),
    "web": gettext_lazy("on the web"),
    "mobile": gettext_lazy("by phone"),
    "post": gettext_lazy("by post"),
    "terminal": gettext_lazy("at a self-service terminal"),
    "other": gettext_lazy("in another way"),
}
RESULT_KINDS = {
    "licence": gettext_lazy("a licence"),
    "paper": gettext_lazy("a document"),
    "none": gettext_lazy("no paper"),
}
_AUDIENCES = {"person": gettext_lazy("Persons"), "enterprise": gettext_lazy("Enterprises and organisations")}
_ITEM_TYPES = {
    "01": gettext_lazy("Administrative permit"),
    "02": gettext_lazy("Administrative penalty"),
    "03": gettext_lazy("Administrative compulsion"),
    "04": gettext_lazy("Administrative levy"),
    "05": gettext_lazy("Administrative payment"),
    "06": gettext_lazy("Administrative inspection"),
    "07": gettext_lazy("Administrative confirmation"),
    "08": gettext_lazy("Administrative reward"),
    "09": gettext_lazy("Administrative adjudication"),
    "10": gettext_lazy("Other administrative power"),
    "20": gettext_lazy("Public service"),
}
_NEEDS = {
    "required": (gettext_lazy("Required"), "teal"),
    "optional": (gettext_lazy("If you have it"), "grey"),
    "may_follow": (gettext_lazy("May follow later"), "amber"),
    "credit_exempt": (gettext_lazy("Spared with good credit"), "green"),
}
_PROVIDERS = {
    "applicant": gettext_lazy("you have it yourself"),
    "government": gettext_lazy("issued by a government office"),
    "office": gettext_lazy("made by the office"),
    "other": gettext_lazy("from elsewhere"),
}
_FORMS = {
    "original": gettext_lazy("original"),
    "copy": gettext_lazy("copy"),
    "electronic": gettext_lazy("electronic"),
}
_EXEMPTIONS = {
    "form_generated": gettext_lazy("made from your answers in the form"),
    "electronic_licence": gettext_lazy("an electronic licence takes its place"),
    "data": gettext_lazy("checked with data that an office already holds"),
    "promise": gettext_lazy("your written promise takes its place"),
}
_STAGES = {
    "on_site": gettext_lazy("handed in when somebody comes to check"),
    "by_office": gettext_lazy("made by the office"),
}


def audience(code: str) -> str:
    """Return who may apply, in words."""
    return str(_AUDIENCES.get(code, code))


def audience_link(code: str) -> tuple[str, str]:
    """Return words and address of the page of an audience."""
    if code == "enterprise":
        return _("For enterprises"), reverse("catalogue:enterprises")
    return _("For persons"), reverse("catalogue:persons")


def item_type(code: str) -> str:
    """Return the kind of matter 事项类型 in words, empty where it is not stated."""
    return str(_ITEM_TYPES.get(code, ""))


def told(part: object, attribute: str) -> str:
    """Return an attribute in the reader's language, in Chinese where there is no English."""
    english = "" if in_chinese() else str(getattr(part, f"{attribute}_en", "") or "")
    return english or str(getattr(part, attribute, "") or "")


def _spared_by_a_register(one: Material) -> str:
    """Return what the reader is told of a material that a register may answer for."""
    if not one.may_be_spared:
        return ""
    said = _("With your agreement we ask %(office)s when you apply. Only if nothing is found there do you add it.")
    return str(said) % {"office": one.issuer or _("another office")}


def material(one: Material, *, sure: bool) -> dict[str, Any]:
    """Return a material with its marks. `sure`: it is known that it applies to the reader."""
    need, colour = _NEEDS[one.need]
    spared = _STAGES.get(one.stage) or _EXEMPTIONS.get(one.exemption) or _spared_by_a_register(one)
    forms = listed(_FORMS.get(form, form) for form in one.forms)
    copies = _("%(number)d copies") % {"number": one.copies} if one.copies > 1 else ""
    return {
        "material": one,
        "name": told(one, "name"),
        "note": told(one, "note"),
        "brought": one.brought_by_applicant and not one.may_be_spared,
        "need": one.need_stated or need,
        "need_colour": colour,
        "sure": sure,
        "spared": spared or "",
        "forms": listed((forms, copies)),
        "provider": one.issuer or _PROVIDERS.get(one.provider, ""),
    }
