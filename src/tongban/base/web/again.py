"""What was posted, so that a page can offer to send it once more: nothing typed is lost to a refusal."""

from dataclasses import dataclass
from typing import Literal

from django.http import HttpRequest

TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - a field's name
SECRET = ("password", "present")
"""Fields whose names hold one of these are typed again: a page never carries a password."""


@dataclass(frozen=True, slots=True)
class Posted:
    """One field as it was posted; `value` is empty for what has to be given again."""

    name: str
    kind: Literal["kept", "secret", "file"]
    value: str = ""


def posted(request: HttpRequest) -> list[Posted]:
    """Return the fields that were posted, in their order: text kept, passwords and files to be given again."""
    fields = [
        Posted(name, "secret") if any(word in name for word in SECRET) else Posted(name, "kept", value)
        for name, values in request.POST.lists()
        if name != TOKEN
        for value in map(str, values)
    ]
    return fields + [Posted(name, "file") for name in request.FILES]
