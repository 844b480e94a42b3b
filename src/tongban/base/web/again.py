"""What was posted, so that a page can offer to send it once more: nothing typed is lost to a refusal."""

from dataclasses import dataclass
from typing import Literal

from django.http import HttpRequest

TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - a field's name
PRESENT_PASSWORD = "present"  # noqa: S105 - a field's name


def is_secret(name: str) -> bool:
    """Whether a field is typed again: neither a page nor a table carries a password."""
    return "password" in name or name == PRESENT_PASSWORD


@dataclass(frozen=True, slots=True)
class Posted:
    """One field as it was posted; `value` is empty for what has to be given again."""

    name: str
    kind: Literal["kept", "secret", "file"]
    value: str = ""


def posted(request: HttpRequest) -> list[Posted]:
    """Return the fields that were posted, in their order: text kept, passwords and files to be given again."""
    fields = [
        Posted(name, "secret") if is_secret(name) else Posted(name, "kept", value)
        for name, values in request.POST.lists()
        if name != TOKEN
        for value in map(str, values)
    ]
    return fields + [Posted(name, "file") for name in request.FILES]
