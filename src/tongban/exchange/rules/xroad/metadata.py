"""What the gate tells about members and services, in the shapes that X-Road's clients read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tongban.exchange.rules.xroad.identifiers import ClientId, ServiceId
from tongban.exchange.rules.xroad.paths import Endpoint

REST, OPENAPI = "REST", "OPENAPI"
LIST_METHODS, ALLOWED_METHODS, GET_OPENAPI = "listMethods", "allowedMethods", "getOpenAPI"
RESERVED = frozenset({LIST_METHODS, ALLOWED_METHODS, GET_OPENAPI})
"""Codes of services that every subsystem has by itself: nobody may give them to another one."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A service as it is listed."""

    id: ServiceId
    type: str = REST
    endpoints: tuple[Endpoint, ...] = field(default=())


def clients(known: Iterable[tuple[ClientId, str, str]]) -> Mapping[str, Any]:
    """Return members and subsystems with the names of member and subsystem."""
    return {"member": [_client(client, name, subsystem_name) for client, name, subsystem_name in known]}


def _client(client: ClientId, name: str, subsystem_name: str) -> Mapping[str, Any]:
    told: dict[str, Any] = {"member_class": client.member_class, "member_code": client.member_code}
    if client.subsystem:
        told["subsystem_code"] = client.subsystem
    told |= {"object_type": "SUBSYSTEM" if client.subsystem else "MEMBER", "xroad_instance": client.instance}
    said: dict[str, Any] = {"id": told, "name": name}
    return said | ({"subsystem_name": subsystem_name} if client.subsystem else {})


def methods(services: Iterable[Listed]) -> Mapping[str, Any]:
    """Return services of a subsystem."""
    return {"service": [_service(one) for one in services]}


def _service(listed: Listed) -> Mapping[str, Any]:
    provider = listed.id.provider
    return {
        "member_class": provider.member_class,
        "member_code": provider.member_code,
        "subsystem_code": provider.subsystem,
        "service_code": listed.id.code,
        "object_type": "SERVICE",
        "xroad_instance": provider.instance,
        "service_type": listed.type,
        "endpoint_list": [{"method": one.method, "path": one.path} for one in listed.endpoints],
    }
