"""Whether what a guide asks of registers can be asked: question, resource, items and subject are there."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tongban.base import expressions
from tongban.catalogue.guide import Asking, Guide, Prefill

if TYPE_CHECKING:
    from tongban.exchange.queries import Served
    from tongban.forms.rules import FormDocument, FormField

_NAMED = {"resident_id": "person", "identity": "person", "credit_code": "enterprise"}
"""Type of a question whose answer names somebody by number, and whom."""


def asking_faults(
    guide: Guide, document: "FormDocument", served: "Mapping[str, Served]"
) -> dict[str, list[str | Promise]]:
    """Return place → sentences; empty when all that is asked of registers can be asked."""
    found: dict[str, list[str | Promise]] = {}
    fields = {one.key: one for one in document.fields() if one.asks}
    taken: set[tuple[str, str]] = set()
    for place, asking in places(guide):
        sentences = [*_of_resource(asking, fields, served), *_of_conditions(asking)]
        if isinstance(asking, Prefill):
            sentences += _of_field(asking, fields, taken)
        elif guide.materials[int(place.split(".")[1])].exemption != "none":
            sentences.append(_("A material that is not handed in anyway needs no register that answers for it."))
        if sentences:
            found[place] = sentences
    return found


def places(guide: Guide) -> Iterator[tuple[str, Asking]]:
    """Go through all that a guide asks of registers, each with its place in the guide."""
    for number, prefill in enumerate(guide.prefills):
        yield f"prefills.{number}", prefill
    for number, material in enumerate(guide.materials):
        if material.answered_by is not None:
            yield f"materials.{number}.answered_by", material.answered_by


def _of_resource(
    asking: Asking, fields: "Mapping[str, FormField]", served: "Mapping[str, Served]"
) -> Iterator[str | Promise]:
    resource = served.get(asking.resource)
    if resource is None:
        yield format_lazy(_("No resource “{resource}” is in force in the catalogue of data."), resource=asking.resource)
        return
    if unknown := [code for code in asking.codes if code not in resource.items]:
        yield format_lazy(_("The resource has no item “{item}”."), item=", ".join(unknown))
    kind = "enterprise" if asking.about == "enterprise" else "person"
    if asking.about.startswith("form."):
        named = fields.get(asking.about.removeprefix("form."))
        kind = _NAMED.get(named.type, "") if named else ""
        if not kind:
            yield _("Whom it is about must be named by a question for the number of a person or an enterprise.")
            return
    if kind != resource.subject_kind:
        yield _("The resource is about another kind of subject: persons, or enterprises.")


def _of_conditions(asking: Asking) -> Iterator[str | Promise]:
    for condition in (asking.condition, asking.which):
        try:
            if condition.strip():
                expressions.check(condition)
        except expressions.WrongExpression:
            yield _("This condition cannot be read.")


def _of_field(
    prefill: Prefill, fields: "Mapping[str, FormField]", taken: set[tuple[str, str]]
) -> Iterator[str | Promise]:
    asked = fields.get(prefill.field)
    if asked is None:
        yield format_lazy(_("The form has no question “{field}”."), field=prefill.field)
        return
    if (asked.type == "address") != bool(prefill.part):
        yield _("An address is filled part by part, anything else as a whole.")
    if prefill.about == f"form.{prefill.field}":
        yield _("A question cannot be filled from data on whom it names itself.")
    unknown = set(prefill.values.values()) - {option.value for option in asked.options}
    if asked.options and unknown:
        yield format_lazy(_("The question has no answer “{answer}”."), answer=", ".join(sorted(unknown)))
    place = (prefill.field, prefill.part)
    if place in taken and not prefill.condition.strip():
        yield _("The question is filled twice; say when which holds.")
    taken.add(place)
