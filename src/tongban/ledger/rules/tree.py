"""The Merkle tree of RFC 9162, section 2.1: hashes, inclusion proofs, consistency proofs, and how each is checked.

Leaves are numbered from 0. A tree over n leaves is cut at the largest power of two below n; hence all but its right
edge are perfect subtrees that never change, and a subtree is named by its height and its number at that height.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence

EMPTY_ROOT = hashlib.sha256(b"").digest()
Perfect = tuple[int, int]
"""Height and number of a perfect subtree: it spans the leaves from number * 2**height on, 2**height of them."""
Find = Callable[[Perfect], bytes]


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of a leaf."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def reduced(hashes: Sequence[bytes]) -> bytes:
    """Return the root over a power of two of hashes."""
    sha256 = hashlib.sha256
    level = list(hashes)
    while len(level) > 1:
        pairs = iter(level)
        level = [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=True)]
    return level[0]


def _cut(size: int) -> int:
    """Return the largest power of two below a size."""
    return 1 << ((size - 1).bit_length() - 1)


def pieces(begin: int, end: int) -> list[Perfect]:
    """Return the perfect subtrees that a subtree of the tree is made of, from left to right."""
    found = []
    while begin < end:
        height = (end - begin).bit_length() - 1
        found.append((height, begin >> height))
        begin += 1 << height
    return found


def joined(hashes: Sequence[bytes]) -> bytes:
    """Return the hash over neighbouring perfect subtrees that become smaller to the right."""
    if not hashes:
        return EMPTY_ROOT
    whole = hashes[-1]
    for left in reversed(hashes[:-1]):
        whole = node_hash(left, whole)
    return whole


def inclusion_parts(index: int, size: int) -> list[list[Perfect]]:
    """Return the steps of an inclusion proof, each as the perfect subtrees it is made of (RFC 9162, 2.1.3.1)."""
    if not 0 <= index < size:
        message = f"leaf {index} is not in a tree of {size}"
        raise ValueError(message)
    steps: list[list[Perfect]] = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + _cut(end - begin)
        if index < middle:
            steps.append(pieces(middle, end))
            end = middle
        else:
            steps.append(pieces(begin, middle))
            begin = middle
    return steps[::-1]


def consistency_parts(old: int, new: int) -> list[list[Perfect]]:
    """Return the steps of a consistency proof from one size to a larger one (RFC 9162, 2.1.4.1)."""
    if not 0 <= old <= new:
        message = f"a tree of {new} does not follow one of {old}"
        raise ValueError(message)
    if old in {0, new}:
        return []
    steps: list[list[Perfect]] = []
    begin, end, whole = 0, new, True
    while old - begin != end - begin:
        middle = begin + _cut(end - begin)
        if old <= middle:
            steps.append(pieces(middle, end))
            end = middle
        else:
            steps.append(pieces(begin, middle))
            begin, whole = middle, False
    if not whole:
        steps.append(pieces(begin, end))
    return steps[::-1]


def proof_of(steps: Sequence[Sequence[Perfect]], find: Find) -> list[bytes]:
    """Return the hashes of a proof, with the perfect subtrees looked up."""
    return [joined([find(one) for one in step]) for step in steps]


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """Return the root that an inclusion proof leads to (RFC 9162, 2.1.3.2); None when it is of the wrong length."""
    if not 0 <= index < size:
        return None
    number, last, whole = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return None
        if number & 1 or number == last:
            whole = node_hash(step, whole)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            whole = node_hash(whole, step)
        number, last = number >> 1, last >> 1
    return whole if last == 0 else None


def is_consistent(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether a tree holds an older one unchanged as its beginning (RFC 9162, 2.1.4.2)."""
    if old > new or old < 0:
        return False
    if old in {0, new}:
        return not proof and (old == 0 or old_root == new_root) and (old != 0 or old_root == EMPTY_ROOT)
    steps: Iterator[bytes] = iter(proof if old & (old - 1) else [old_root, *proof])
    number, last = old - 1, new - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    first = next(steps, None)
    if first is None:
        return False
    one = two = first
    for step in steps:
        if last == 0:
            return False
        if number & 1 or number == last:
            one, two = node_hash(step, one), node_hash(step, two)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            two = node_hash(two, step)
        number, last = number >> 1, last >> 1
    return last == 0 and one == old_root and two == new_root
