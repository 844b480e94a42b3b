"""Keys of which each thread knows its own, and the index keys of the tests."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.conf import settings

NEW, NEXT = b"n" * 32, b"x" * 32


class Ring(Mapping[int, bytes]):
    """The keys that a process knows, where each thread stands for a process of its own."""

    def __init__(self, **keys: bytes) -> None:
        """Say what a thread knows that has been told nothing else."""
        self.known, self.of_thread = {int(name[1:]): key for name, key in keys.items()}, threading.local()

    def know(self, *numbers: int) -> None:
        """Let this thread know these keys alone."""
        self.of_thread.numbers = numbers

    def __getitem__(self, number: int) -> bytes:
        if number not in self.of_thread.__dict__.get("numbers", self.known):
            raise KeyError(number)
        return self.known[number]

    def __iter__(self) -> Iterator[int]:
        return iter(self.of_thread.__dict__.get("numbers", self.known))

    def __len__(self) -> int:
        return len(list(iter(self)))


@contextmanager
def index_keys() -> Iterator[Ring]:
    """Give the key of the tests as the first, until a test says more."""
    kept = settings.TONGBAN_INDEX_KEYS
    settings.TONGBAN_INDEX_KEYS = Ring(_1=kept[1], _2=NEW, _3=NEXT)
    settings.TONGBAN_INDEX_KEYS.know(1)
    try:
        yield settings.TONGBAN_INDEX_KEYS
    finally:
        settings.TONGBAN_INDEX_KEYS = kept
