"""For tests of outside sources: a resource of a keeper that is read elsewhere, and servers that really listen."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tongban.base.actor import SYSTEM
from tongban.exchange import actions
from tongban.exchange.actions import watching
from tongban.exchange.contrib.outside import guard
from tongban.exchange.contrib.rest import source as rest
from tongban.exchange.models import Resource
from tongban.exchange.rules.entries import ItemDraft
from tongban.registers.tests.town import NOW, Town, entry

TRIAL = "110101199003071911"
"""Nobody's number, but a right one."""
ITEMS = (
    ItemDraft(code="plate", name="号牌", length=10, sharing_class="unconditional"),
    ItemDraft(code="first_day", name="登记日期", type="D", sharing_class="unconditional"),
    ItemDraft(code="price", name="价格", type="Y", sharing_class="unconditional"),
    ItemDraft(code="seats", name="座位", type="I", sharing_class="unconditional"),
    ItemDraft(code="is_private", name="是否自用", type="L", sharing_class="unconditional"),
)
CODES = tuple(item.code for item in ITEMS)


@dataclass
class Outside:
    """A town with a resource that is read elsewhere."""

    town: Town
    resource: Resource
    case: str

    def declare(self, kind: str, settings: dict[str, Any], **secrets: Any) -> None:
        """Declare how it is read."""
        actions.set_source(
            actor=self.town.steward.actor,
            resource_id=self.resource.id,
            kind=kind,
            settings=settings,
            secrets={"trial_number": self.town.about().number, **secrets},
            now=NOW,
        )

    def ask(self, *fields: str, **changes: Any) -> Any:
        """Ask the gate for the case of Lin."""
        call = self.town.call(self.case, *(fields or CODES), resource=self.resource.slug, **changes)
        return self.town.ask(call)

    def tried(self) -> actions.Trial:
        """Try the source."""
        return actions.try_source(actor=self.town.steward.actor, resource_id=self.resource.id, now=NOW)


def make_outside(town: Town) -> Outside:
    """Publish a resource that no register holds, and grant it."""
    draft = entry("vehicles", ITEMS, name="机动车信息", name_en="Vehicles")
    version = actions.draft_resource(actor=SYSTEM, provider_id=town.keeper.organisation.id, draft=draft, now=NOW)
    actions.submit_resource(actor=SYSTEM, version_id=version.id, now=NOW)
    actions.publish_resource(actor=SYSTEM, version_id=version.id, now=NOW)
    town.grant(*CODES, resource_id=version.resource_id, rate_per_minute=1000)
    return Outside(town, Resource.objects.get(id=version.resource_id), town.case())


def begin_anew() -> None:
    """Forget what this process knows of sources: circuits, lines, what was noted."""
    guard.GUARD.__init__()  # type: ignore[misc]  # as new
    rest.lines.cache_clear()
    watching._noted.clear()


@contextmanager
def listening(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """Serve each line in a thread, as a test says; gives the port."""
    door = socket.create_server(("127.0.0.1", 0))

    def guarded(line: socket.socket) -> None:
        with line:
            try:
                talk(line)
            except OSError:
                return

    def serve() -> None:
        while True:
            try:
                line, _address = door.accept()
            except OSError:
                return
            threading.Thread(target=guarded, args=(line,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield door.getsockname()[1]
    finally:
        door.close()
