"""The tree in tiles of 256 hashes, as in C2SP tlog-tiles: level 0 holds leaf hashes, the next roots of full tiles.

A tile is named by its level and its number; its hashes are those of perfect subtrees of the height 8 * level.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tongban.ledger.rules.canonical import DIGEST_BYTES
from tongban.ledger.rules.tree import Perfect, joined, pieces, reduced

WIDTH, HEIGHT = 256, 8
Place = tuple[int, int]
"""Level and number of a tile."""
_PATH = re.compile(r"(?P<number>(?:x[0-9]{3}/)*[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?")


class NoSuchTile(ValueError):  # noqa: N818 - a statement
    """The tree has no such tile, or the path is not one of a tile."""


def place_of(perfect: Perfect) -> Place:
    """Return the tile from which a perfect subtree is reckoned."""
    height, number = perfect
    return height // HEIGHT, (number << height % HEIGHT) // WIDTH


def perfect_in(perfect: Perfect, tile: Sequence[bytes]) -> bytes:
    """Return the hash of a perfect subtree from the hashes of its tile."""
    height, number = perfect
    begin = (number << height % HEIGHT) % WIDTH
    return reduced(tile[begin : begin + (1 << height % HEIGHT)])


def places_of(steps: Iterable[Iterable[Perfect]]) -> set[Place]:
    """Return the tiles that a proof needs."""
    return {place_of(one) for step in steps for one in step}


def width_at(place: Place, size: int) -> int:
    """Return how many hashes a tile has in a tree of a size: 256, fewer at the right edge, none beyond it."""
    level, number = place
    return max(0, min((size >> HEIGHT * level) - number * WIDTH, WIDTH))


def edge_of(size: int) -> list[Place]:
    """Return the places of the tiles that are not full, one for each level, from the leaves up."""
    places, level = [], 0
    while size >> HEIGHT * level or level == 0:
        places.append((level, (size >> HEIGHT * level) // WIDTH))
        level += 1
    return places


def split(hashes: bytes) -> list[bytes]:
    """Return the hashes of a tile one by one."""
    return [hashes[begin : begin + DIGEST_BYTES] for begin in range(0, len(hashes), DIGEST_BYTES)]


def read_path(path: str) -> tuple[int, int]:
    """Return number and width of a tile from its path, such as `x001/x234/067.p/12`. Raises NoSuchTile."""
    found = _PATH.fullmatch(path)
    width = int(found["width"] or WIDTH) if found else 0
    if found is None or (found["width"] and width >= WIDTH):
        raise NoSuchTile(path)
    number = int(found["number"].replace("x", "").replace("/", ""))
    if path.partition(".p/")[0] != path_of(number):
        raise NoSuchTile(path)
    return number, width


def path_of(number: int, width: int = WIDTH) -> str:
    """Return the path of a tile."""
    digits = f"{number:d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[begin : begin + 3] for begin in range(0, len(digits), 3)]
    path = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
    return path if width == WIDTH else f"{path}.p/{width}"


@dataclass(slots=True)
class Edge:
    """The right edge of a growing tree: for each level the hashes of the tile that is not full yet."""

    size: int = 0
    levels: list[list[bytes]] = field(default_factory=lambda: [[]])

    @classmethod
    def of(cls, size: int, tiles: Mapping[Place, Sequence[bytes]]) -> "Edge":
        """Return the edge of a tree from its tiles that are not full."""
        return cls(size, [list(tiles.get(place, ()))[: width_at(place, size)] for place in edge_of(size)])

    def grow(self, leaves: Iterable[bytes]) -> Iterator[tuple[Place, bytes, bytes]]:
        """Add leaf hashes; go through the tiles that have become full: place, hashes, root."""
        leaf_level = self.levels[0]
        for leaf in leaves:
            leaf_level.append(leaf)
            self.size += 1
            if len(leaf_level) == WIDTH:
                yield from self._fold(0)
                leaf_level = self.levels[0]

    def _fold(self, level: int) -> Iterator[tuple[Place, bytes, bytes]]:
        full = self.levels[level]
        root = reduced(full)
        yield (level, (self.size >> HEIGHT * (level + 1)) - 1), b"".join(full), root
        self.levels[level] = []
        if level + 1 == len(self.levels):
            self.levels.append([])
        self.levels[level + 1].append(root)
        if len(self.levels[level + 1]) == WIDTH:
            yield from self._fold(level + 1)

    def root(self) -> bytes:
        """Return the root of the tree."""
        return joined([perfect_in(one, self.levels[place_of(one)[0]]) for one in pieces(0, self.size)])
