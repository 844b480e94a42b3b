"""A small typed registry: what rooms above put in, rooms below use. Refuses duplicates."""

from collections.abc import Iterator
from typing import Generic, TypeVar

Entry = TypeVar("Entry")


class Registry(Generic[Entry]):
    """Named entries of one type, filled once while the process starts (in `apps.ready`)."""

    def __init__(self, what: str) -> None:
        """Name what is registered, for the message when something is missing or doubled."""
        self._what = what
        self._entries: dict[str, Entry] = {}

    def register(self, name: str, entry: Entry) -> Entry:
        """Add an entry; raises ValueError if the name is taken by another."""
        if self._entries.get(name, entry) is not entry:
            message = f"{self._what} {name!r} is registered already"
            raise ValueError(message)
        self._entries[name] = entry
        return entry

    def __getitem__(self, name: str) -> Entry:
        """Return the entry; raises KeyError naming what is known."""
        try:
            return self._entries[name]
        except KeyError:
            message = f"no {self._what} {name!r}; known: {', '.join(sorted(self._entries)) or 'none'}"
            raise KeyError(message) from None

    def __contains__(self, name: str) -> bool:
        """Whether the name is registered."""
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        """Go through the names in the order of registration."""
        return iter(self._entries)

    def values(self) -> list[Entry]:
        """Return all entries in the order of registration."""
        return list(self._entries.values())
