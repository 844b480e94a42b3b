"""A storage of each test's own, and somebody who sends files."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tongban.base.actor import Actor
from tongban.base.ids import new_id

if TYPE_CHECKING:
    from tongban.files.models import StoredFile

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
Receive = Callable[..., "StoredFile"]


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(autouse=True)
def place(settings: Any, tmp_path: Path) -> Path:
    """The folder of the storage."""
    storage = {"BACKEND": "tongban.files.storage.DurableFileSystemStorage", "OPTIONS": {"location": tmp_path / "kept"}}
    settings.STORAGES = {**settings.STORAGES, "files": storage}
    return tmp_path / "kept"


@pytest.fixture
def sender() -> Actor:
    return Actor(kind="resident", account_id=new_id(), person_id=new_id())


@pytest.fixture
def receive(db: None, sender: Actor) -> Receive:
    from tongban.files import actions

    def take(content: bytes, name: str = "file", actor: Actor = sender, now: datetime = NOW) -> "StoredFile":
        return actions.receive(actor=actor, name=name, content=io.BytesIO(content), now=now)

    return take
