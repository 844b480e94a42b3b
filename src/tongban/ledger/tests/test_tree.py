import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.ledger.rules import tiles, tree


def leaves(size: int) -> list[bytes]:
    return [number.to_bytes(8, "big") for number in range(size)]


def by_definition(entries: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1, word by word."""
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    cut = 1
    while cut * 2 < len(entries):
        cut *= 2
    return hashlib.sha256(b"\x01" + by_definition(entries[:cut]) + by_definition(entries[cut:])).digest()


class Kept:
    """A tree of leaves in memory, its tiles as the ledger would keep them."""

    def __init__(self, size: int) -> None:
        self.full: dict[tiles.Place, list[bytes]] = {}
        self.edge = tiles.Edge()
        for place, hashes, root in self.edge.grow(map(tree.leaf_hash, leaves(size))):
            self.full[place] = tiles.split(hashes)
            assert root == tree.reduced(self.full[place])

    def find(self, perfect: tree.Perfect) -> bytes:
        place = tiles.place_of(perfect)
        return tiles.perfect_in(perfect, self.full.get(place) or self.edge.levels[place[0]])


SIZES = st.integers(1, 1200)


@given(SIZES)
def test_the_root_is_that_of_the_definition(size: int) -> None:
    assert Kept(size).edge.root() == by_definition(leaves(size))


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 70_000])
def test_the_root_at_the_borders_of_tiles(size: int) -> None:
    kept = Kept(size)
    assert kept.edge.root() == by_definition(leaves(size))
    assert kept.edge == tiles.Edge.of(size, {place: kept.edge.levels[place[0]] for place in tiles.edge_of(size)})


def test_tiles_are_those_of_the_specification() -> None:
    """The example of C2SP tlog-tiles: a tree of 70,000."""
    kept = Kept(70_000)
    assert sum(level == 0 for level, _number in kept.full) == 273
    assert sum(level == 1 for level, _number in kept.full) == 1
    assert [len(level) for level in kept.edge.levels] == [112, 17, 1]
    assert [tiles.width_at(place, 70_000) for place in tiles.edge_of(70_000)] == [112, 17, 1]
    assert tiles.width_at((0, 272), 70_000) == 256
    assert tiles.width_at((0, 274), 70_000) == 0


@given(st.data(), SIZES)
def test_inclusion_is_proven_of_every_leaf_and_of_no_other(data: st.DataObject, size: int) -> None:
    index = data.draw(st.integers(0, size - 1))
    kept = Kept(size)
    root = kept.edge.root()
    proof = tree.proof_of(tree.inclusion_parts(index, size), kept.find)
    leaf = tree.leaf_hash(leaves(size)[index])
    assert tree.root_from_inclusion(leaf, index, size, proof) == root
    assert tree.root_from_inclusion(tree.leaf_hash(b"another"), index, size, proof) != root
    other = data.draw(st.integers(0, size - 1))
    if other != index:
        assert tree.root_from_inclusion(leaf, other, size, proof) != root
    assert tree.root_from_inclusion(leaf, index, size, [*proof, root]) is None
    if proof:
        assert tree.root_from_inclusion(leaf, index, size, proof[:-1]) != root


@given(st.data(), SIZES)
def test_consistency_is_proven_of_what_grew_and_of_nothing_else(data: st.DataObject, new: int) -> None:
    old = data.draw(st.integers(0, new))
    before, after = Kept(old), Kept(new)
    proof = tree.proof_of(tree.consistency_parts(old, new), after.find)
    old_root, new_root = before.edge.root(), after.edge.root()
    assert tree.is_consistent(old, new, old_root, new_root, proof)
    if old > 0:
        assert not tree.is_consistent(old, new, tree.leaf_hash(b"x"), new_root, proof)
        assert not tree.is_consistent(old, new, old_root, tree.leaf_hash(b"x"), proof)
    assert not tree.is_consistent(old, new, old_root, new_root, [*proof, old_root])
    if old < new:
        assert not tree.is_consistent(new, old, new_root, old_root, proof)


def test_a_proof_of_a_leaf_that_is_not_there_is_refused() -> None:
    for index, size in ((5, 5), (-1, 5), (0, 0)):
        with pytest.raises(ValueError, match="is not in a tree"):
            tree.inclusion_parts(index, size)
    with pytest.raises(ValueError, match="does not follow"):
        tree.consistency_parts(6, 5)


@pytest.mark.parametrize(
    ("number", "width", "path"),
    [
        (0, 256, "000"),
        (67, 256, "067"),
        (1_234_067, 256, "x001/x234/067"),
        (1000, 3, "x001/000.p/3"),
        (999, 255, "999.p/255"),
    ],
)
def test_paths_of_tiles(number: int, width: int, path: str) -> None:
    assert tiles.path_of(number, width) == path
    assert tiles.read_path(path) == (number, width)


@pytest.mark.parametrize(
    "path", ["1", "0000", "x000/001", "000.p/0", "000.p/256", "000.p/01", "x1/000", "", "000/", "../000", "００１"]
)
def test_other_paths_are_refused(path: str) -> None:
    with pytest.raises(tiles.NoSuchTile):
        tiles.read_path(path)
