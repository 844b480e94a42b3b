"""Every refusal as a problem document (RFC 9457): ours, ninja's, and those of wrong addresses and methods."""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from tongban.api.parsing import UnreadableBody
from tongban.base.api import UNKNOWN
from tongban.base.errors import Invalid, NotFound, Refusal, Words
from tongban.base.web.middleware import refusal_response

MEDIA_TYPE = "application/problem+json"
NOT_ALLOWED = 405


class WrongMethod(Refusal):
    """The address exists, but nothing of this kind can be done there."""

    status = NOT_ALLOWED
    code = "method_not_allowed"
    message = _("This cannot be done at this address.")


_SENTENCES: Mapping[str, Words] = {
    "missing": _("Please fill this in."),
    "extra_forbidden": UNKNOWN,
    "string_too_long": _("This is too long."),
    "too_long": _("There are too many entries."),
    "dict_type": _("An object is expected here."),
    "list_type": _("A list is expected here."),
    "string_type": _("Text is expected here."),
    "string_unicode": _("This text holds characters that cannot be kept."),
    "int_type": _("A whole number is expected here."),
    "int_parsing": _("A whole number is expected here."),
    "bool_type": _("Please give true or false."),
    "bool_parsing": _("Please give true or false."),
    "uuid_parsing": _("This is no id."),
    "greater_than_equal": _("This number is too small."),
    "less_than_equal": _("This number is too large."),
    "literal_error": _("Please choose one of the values that are offered."),
}
_OTHERWISE = _("This does not fit here.")


def hand_problems(api: NinjaAPI) -> None:
    """Let the API answer every refusal as a problem; anything else is a fault and goes on to Django's handler."""
    api.add_exception_handler(Refusal, _refused)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(HttpError, _unreadable)
    api.add_exception_handler(Http404, _not_found)
    api.add_exception_handler(Exception, _fault)


def _refused(request: HttpRequest, refusal: Refusal | type[Refusal]) -> HttpResponse:
    return refusal_response(request, refusal if isinstance(refusal, Refusal) else refusal())


def _fault(_request: HttpRequest, fault: Exception | type[Exception]) -> HttpResponse:
    raise fault


def _not_found(request: HttpRequest, _missing: Http404 | type[Http404]) -> HttpResponse:
    return refusal_response(request, NotFound())


def _unreadable(request: HttpRequest, error: HttpError | type[HttpError]) -> HttpResponse:
    cause = error.__cause__ if isinstance(error, HttpError) else None
    return refusal_response(request, cause if isinstance(cause, Refusal) else UnreadableBody())


def _invalid(request: HttpRequest, error: ValidationError | type[ValidationError]) -> HttpResponse:
    fields: dict[str, list[Words]] = {}
    for one in error.errors if isinstance(error, ValidationError) else ():
        sentences = fields.setdefault(_field(one["loc"]), [])
        sentence = _SENTENCES.get(one["type"], _OTHERWISE)
        if sentence not in sentences:
            sentences.append(sentence)
    return refusal_response(request, Invalid(fields))


def _field(place: Sequence[Any]) -> str:
    """Return the name of a field as its sender wrote it: without the source and, in a body, our parameter's name."""
    inner = place[2:] if place[0] == "body" else place[1:]
    return ".".join(str(part) for part in inner).encode("utf-8", "replace").decode()


def answered(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let a view of ninja answer a wrong method as a problem too; each of its operations says who may."""

    @wraps(view)
    def answering(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if response.status_code != NOT_ALLOWED:
            return response
        problem = refusal_response(request, WrongMethod())
        problem["Allow"] = ", ".join(sorted(response["Allow"].split(", ")))
        return problem

    answering.access = "each operation"  # type: ignore[attr-defined]  # read by the house test
    return answering
