"""The parts of a message that a signature covers: their names, and what each of them says (RFC 9421, chapter 2)."""

import base64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tongban.exchange.rules.signatures.messages import Fields, Request, Response, combined
from tongban.exchange.rules.signatures.refusals import NotBelieved, Why
from tongban.exchange.rules.signatures.structured import dictionary, serialised

Parameters = tuple[tuple[str, str | bool], ...]

_OF_REQUEST: Mapping[str, Callable[[Request], str]] = {
    "@method": lambda request: request.method,
    "@target-uri": lambda request: request.target,
    "@authority": lambda request: request.authority,
    "@scheme": lambda request: request.scheme,
    "@request-target": lambda request: request.path + (f"?{request.query}" if request.query else ""),
    "@path": lambda request: request.path,
    "@query": lambda request: f"?{request.query}",
}
_KNOWN = frozenset({"req", "key", "bs"})
"""Parameters that we reckon. A signature with another one (`sf`, `tr`, `name`) is refused, never half understood."""


@dataclass(frozen=True, slots=True)
class Component:
    """The name of a part, with its parameters in their order."""

    name: str
    parameters: Parameters = ()

    @property
    def identity(self) -> tuple[str, frozenset[tuple[str, str | bool]]]:
        """What tells it from others: the order of parameters does not."""
        return self.name, frozenset(self.parameters)

    def __str__(self) -> str:
        """Write it as it stands in a signature."""
        return serialised((self.name, dict(self.parameters)))


def field(name: str, *, key: str = "", of_request: bool = False) -> Component:
    """Return the name of a field or, with `key`, of one member of it; of the request that is answered."""
    parameters: list[tuple[str, str | bool]] = []
    if of_request:
        parameters.append(("req", True))
    if key:
        parameters.append(("key", key))
    return Component(name, tuple(parameters))


def component_of(name: object, parameters: Mapping[str, Any]) -> Component:
    """Read a name of a part. Raises NotBelieved for what we do not reckon."""
    if not isinstance(name, str) or name != name.lower() or name == "@signature-params":
        raise NotBelieved(Why.SIGNATURE_COMPONENT, str(name)[:60])
    for parameter, value in parameters.items():
        fits = isinstance(value, str) if parameter == "key" else value is True
        if parameter not in _KNOWN or not fits:
            raise NotBelieved(Why.SIGNATURE_COMPONENT, name)
    return Component(name, tuple(parameters.items()))


def value_of(component: Component, message: Request | Response) -> str:
    """Return what a part of a message says. Raises NotBelieved when the message has no such part."""
    parameters = dict(component.parameters)
    if parameters.pop("req", False):
        if isinstance(message, Request):
            raise NotBelieved(Why.SIGNATURE_COMPONENT, component.name)
        message = message.request
    value = _derived(component.name, message) if component.name.startswith("@") else None
    if value is None:
        value = _field(component.name, message.fields, parameters)
    elif parameters:
        raise NotBelieved(Why.SIGNATURE_COMPONENT, component.name)
    if not can_be_signed(value):
        raise NotBelieved(Why.SIGNATURE_COMPONENT, component.name)
    return value


def can_be_signed(value: str) -> bool:
    """Whether a value is one that both sides write in the same bytes."""
    return value.isascii() and value.replace("\t", " ").isprintable()


def _derived(name: str, message: Request | Response) -> str:
    if isinstance(message, Response):
        if name == "@status":
            return str(message.status)
    elif name in _OF_REQUEST:
        return _OF_REQUEST[name](message)
    raise NotBelieved(Why.SIGNATURE_COMPONENT, name)


def _field(name: str, fields: Fields, parameters: Mapping[str, str | bool]) -> str:
    whole = combined(fields, name)
    if whole is None or len(parameters) > 1:
        raise NotBelieved(Why.SIGNATURE_COMPONENT, name)
    if "bs" in parameters:
        lines = [value.strip(" \t").encode("latin-1", "replace") for known, value in fields if known == name]
        return ", ".join(f":{base64.b64encode(line).decode()}:" for line in lines)
    if "key" in parameters:
        members = dictionary(whole, refused_as=Why.SIGNATURE_COMPONENT)
        member = members.get(str(parameters["key"]))
        if member is None:
            raise NotBelieved(Why.SIGNATURE_COMPONENT, name)
        return serialised(member)
    return whole


def base_of(components: Iterable[Component], message: Request | Response, parameters: str) -> bytes:
    """Return the bytes that are signed (RFC 9421, 2.5). Raises NotBelieved when a part is there twice or not at all."""
    seen = set()
    lines = []
    for component in components:
        if component.identity in seen:
            raise NotBelieved(Why.SIGNATURE_COMPONENT, component.name)
        seen.add(component.identity)
        lines.append(f"{component}: {value_of(component, message)}")
    lines.append(f'"@signature-params": {parameters}')
    return "\n".join(lines).encode()
