"""Reads bodies: JSON only, of a bounded depth, as RFC 8259 has it (no NaN, no name twice)."""

import json
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja.parser import Parser

from tongban.base.errors import Refusal

JSON = frozenset({"application/json"})
DEEPEST = 20


class UnsupportedMedia(Refusal):
    """The body is of a kind that this operation does not read."""

    status = 415
    code = "unsupported_media_type"
    message = _("This was sent in a form that we cannot read here. Please send JSON as application/json.")


class UnreadableBody(Refusal):
    """The body is no sound JSON."""

    code = "unreadable_body"
    message = _("What was sent cannot be read. Please check that it is complete and sound.")


class StrictParser(Parser):
    """Parses bodies. What it raises reaches `problems` as the cause of ninja's own error."""

    def parse_body(self, request: HttpRequest) -> Any:  # noqa: ANN401 - any JSON
        """Return the document; raises UnsupportedMedia, UnreadableBody."""
        if request.content_type not in JSON:
            raise UnsupportedMedia
        try:
            document = json.loads(request.body.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
        except (ValueError, RecursionError) as wrong:
            raise UnreadableBody from wrong
        if _is_too_deep(document, DEEPEST):
            raise UnreadableBody
        return document


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        message = "a name is there twice"
        raise ValueError(message)
    return document


def _no_constant(name: str) -> Any:  # noqa: ANN401 - never returns
    message = f"{name} is no JSON"
    raise ValueError(message)


def _is_too_deep(document: object, left: int) -> bool:
    if not isinstance(document, dict | list):
        return False
    inner = document.values() if isinstance(document, dict) else document
    return left == 0 or any(_is_too_deep(one, left - 1) for one in inner)
