"""The description of the API as its page shows it: operations by subject, what they take and what they answer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tongban.api.mounting import api
from tongban.api.words import SUBJECTS, SUMMARIES

_SCHEMAS = "#/components/schemas/"


@dataclass(frozen=True, slots=True)
class Taken:
    """Something that an operation takes."""

    name: str
    place: str
    kind: str
    required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Described:
    """An operation as the page shows it."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    needs_session: bool
    taken: list[Taken]
    answers: str


def subjects() -> list[tuple[str, list[Described]]]:
    """Return the operations by subject, in the order in which they are mounted."""
    document = api.get_openapi_schema()
    found: dict[str, list[Described]] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            found.setdefault(operation["tags"][0], []).append(_described(document, path, method, operation))
    return [(str(SUBJECTS[subject]), described) for subject, described in found.items()]


def _described(document: Mapping[str, Any], path: str, method: str, operation: Mapping[str, Any]) -> Described:
    return Described(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=str(SUMMARIES[operation["operationId"]]),
        description=operation.get("description", ""),
        needs_session=bool(operation.get("security")),
        taken=[*_parameters(operation), *_body(document, operation)],
        answers=", ".join(str(status) for status in sorted(operation["responses"])),
    )


def _parameters(operation: Mapping[str, Any]) -> Iterator[Taken]:
    places = {"path": _("in the address"), "query": _("in the query"), "header": _("in a header")}
    for one in operation["parameters"]:
        yield Taken(
            name=one["name"],
            place=places[one["in"]],
            kind=_kind(one["schema"]),
            required=one["required"],
            description=one.get("description", ""),
        )


def _body(document: Mapping[str, Any], operation: Mapping[str, Any]) -> Iterator[Taken]:
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        schema = content["schema"]
        if "$ref" in schema:
            schema = document["components"]["schemas"][schema["$ref"].removeprefix(_SCHEMAS)]
        for name, one in schema["properties"].items():
            yield Taken(
                name=name,
                place=_("in the body (%(media_type)s)") % {"media_type": media_type},
                kind=_kind(one),
                required=name in schema.get("required", ()),
                description=one.get("description", ""),
            )


def _kind(schema: Mapping[str, Any]) -> str:
    """Return what is expected, as developers say it."""
    if "enum" in schema:
        return " | ".join(str(one) or '""' for one in schema["enum"])
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_kind(one) for one in schema["anyOf"]))
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(_SCHEMAS)
    return str(schema.get("format") or schema.get("const") or schema.get("type", ""))
