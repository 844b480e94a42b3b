import hashlib
import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.base import crypto
from tongban.base.books import Look
from tongban.base.sealing import PLAIN
from tongban.files import actions, books, envelope, queries
from tongban.files.errors import DoesNotOpen, StorageSilent
from tongban.files.models import StoredFile
from tongban.files.patience import GIVEN_UP_AFTER
from tongban.files.sealing import Contents
from tongban.files.tests import samples

Receive = Callable[..., StoredFile]
DIGEST, OTHER = "ab" * 32, "cd" * 32
PIECE, HEAD = envelope.PIECE, len(envelope.MARK) + 2
SEALED_PIECE = PIECE + crypto.PIECE_OVERHEAD
SIZES = (0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 17)


def content_of(size: int) -> bytes:
    """Return bytes that differ from place to place."""
    return b"".join(number.to_bytes(4) for number in range(size // 4 + 1))[:size]


def sealed(content: bytes, sha256: str = DIGEST) -> bytes:
    return envelope.sealed(content, sha256=sha256, number=crypto.newest_key()).getvalue()


def read(lying: bytes, sha256: str = DIGEST) -> bytes:
    return envelope.opened(io.BytesIO(lying), sha256=sha256).read()


@pytest.mark.parametrize("size", SIZES)
def test_what_is_sealed_opens_and_tells_its_size(size: int) -> None:
    content = content_of(size)
    lying = sealed(content)
    assert len(lying) == envelope.size_of(size)
    assert read(lying) == content
    assert content[:40] not in lying or size < 8
    assert envelope.key_number(lying[:HEAD]) == crypto.newest_key()
    assert sealed(content) != lying, "the same bytes lie otherwise each time"


@given(st.lists(st.tuples(st.integers(0, 3 * PIECE + 100), st.integers(0, PIECE + 100)), max_size=6))
def test_any_part_of_it_can_be_read(parts: list[tuple[int, int]]) -> None:
    content = content_of(3 * PIECE + 17)
    opened = envelope.opened(io.BytesIO(_SEALED_ONCE), sha256=DIGEST)
    for begins, length in parts:
        assert opened.seek(begins) == begins
        assert opened.read(length) == content[begins : begins + length]
    assert opened.seek(0, io.SEEK_END) == len(content)
    with pytest.raises(ValueError, match="-1"):
        opened.seek(-1)


_SEALED_ONCE = envelope.sealed(content_of(3 * PIECE + 17), sha256=DIGEST, number=1).getvalue()

CHANGES: dict[str, Callable[..., bytes]] = {
    "a byte of the first piece": lambda lying: lying[: HEAD + 40] + bytes([lying[HEAD + 40] ^ 1]) + lying[HEAD + 41 :],
    "a byte of a later piece": lambda lying: lying[:-40] + bytes([lying[-40] ^ 1]) + lying[-39:],
    "the last piece left out": lambda lying: lying[: HEAD + 3 * SEALED_PIECE],
    "all but the first left out": lambda lying: lying[: HEAD + SEALED_PIECE],
    "all pieces left out": lambda lying: lying[:HEAD],
    **{
        f"{kept} bytes left of piece {place}": lambda lying, end=HEAD + place * SEALED_PIECE + kept: lying[:end]
        for place in range(4)
        for kept in (1, 27, 28, 29, 1000)
        if (place, kept) != (3, 1000)
    },
    "all but five bytes left out": lambda lying: lying[:5],
    "all left out": lambda _lying: b"",
    "a bit of the mark": lambda lying: bytes([lying[0] ^ 1]) + lying[1:],
    "no key": lambda lying: lying[: HEAD - 1] + b"\x00" + lying[HEAD:],
    "something plain instead": lambda _lying: b"%PDF-1.7 another",
    "two pieces changed about": lambda lying: (
        lying[:HEAD]
        + lying[HEAD + SEALED_PIECE : HEAD + 2 * SEALED_PIECE]
        + lying[HEAD : HEAD + SEALED_PIECE]
        + lying[HEAD + 2 * SEALED_PIECE :]
    ),
    "a piece twice": lambda lying: lying[: HEAD + SEALED_PIECE] + lying[HEAD:],
    "something behind it": lambda lying: lying + b"x",
    "another format": lambda lying: lying[: HEAD - 2] + b"\x02" + lying[HEAD - 1 :],
    "a key that is not given": lambda lying: lying[: HEAD - 1] + b"\x09" + lying[HEAD:],
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_changed_does_not_open(change: str) -> None:
    with pytest.raises(DoesNotOpen):
        read(CHANGES[change](_SEALED_ONCE))


def test_what_belongs_to_another_file_does_not_open() -> None:
    with pytest.raises(DoesNotOpen):
        read(_SEALED_ONCE, OTHER)


def test_nothing_that_is_taken_or_made_looks_sealed() -> None:
    """What lies plain is told from what is sealed by its first bytes alone."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("a", "b")
    for content in (samples.pdf(), samples.jpeg(), samples.png(), samples.ofd(), archive.getvalue(), b""):
        assert envelope.key_number(content[:HEAD]) == PLAIN
        assert read(content, hashlib.sha256(content).hexdigest()) == content


def test_what_a_release_before_kept_plain_still_opens(receive: Receive, place: Path) -> None:
    stored = receive(samples.pdf(2))
    (place / stored.path).write_bytes(samples.pdf(2))
    assert queries.content_of(stored) == samples.pdf(2)
    receive(samples.pdf(2))
    assert samples.pdf(2)[:200] not in (place / stored.path).read_bytes(), "sealed as soon as it comes again"


def test_a_file_that_was_changed_where_it_lies_is_refused_and_told(
    receive: Receive, place: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stored = receive(samples.pdf())
    lying = place / stored.path
    whole = lying.read_bytes()
    changed = whole[:-1] + bytes([whole[-1] ^ 1])
    lying.write_bytes(changed)
    with pytest.raises(DoesNotOpen) as refused:
        queries.open_file(stored)
    assert (refused.value.status, refused.value.code) == (503, "file_does_not_open")
    assert f"does not open: sha256={stored.sha256} data_key=1" in caplog.text
    with pytest.raises(DoesNotOpen):
        actions.seal_anew(stored.sha256)
    assert lying.read_bytes() == changed, "what does not open is left as it is"


def test_a_file_that_is_changed_behind_its_first_piece_is_found_out_while_it_is_read(
    receive: Receive, place: Path
) -> None:
    stored = receive(samples.jpeg() + bytes(2 * PIECE))
    lying = place / stored.path
    lying.write_bytes(lying.read_bytes()[:-20] + bytes(20))
    with queries.open_file(stored) as opened:
        assert len(opened.read(PIECE)) == PIECE
        with pytest.raises(DoesNotOpen):
            opened.read()


def test_the_key_under_which_bytes_lie_is_looked_for_and_written_down(receive: Receive, place: Path) -> None:
    """As after bytes of a backup were laid beside the others, or a process died that knew the old key alone."""
    first, second, newer, gone = (receive(samples.pdf(pages)) for pages in (1, 2, 3, 4))
    (place / first.path).write_bytes(samples.pdf(1))
    (place / gone.path).unlink()
    StoredFile.objects.filter(id=second.id).update(data_key=2)
    StoredFile.objects.filter(id=newer.id).update(data_key=PLAIN)
    look = Look(now=datetime.now(UTC), files=True)
    said = "\n".join(books.bytes_are_there(look).named)
    assert f"file {first.id}: lies under data key 0, recorded under 1" in said
    assert f"file {second.id}: lies under data key 1, recorded under 2" in said
    assert f"file {gone.id}: no bytes" in said
    assert str(newer.id) not in said, "a newer one than the recorded one does no harm"
    assert sum(actions.look_at_keys()) == 2
    assert {one.id: one.data_key for one in StoredFile.objects.all()} == {
        first.id: 0, second.id: 1, newer.id: 0, gone.id: 1,
    }  # fmt: skip
    assert [(done.sealed, done.broken) for done in Contents().seal_anew()] == [(2, 0)]
    assert books.bytes_are_there(look).named == (f"file {gone.id}: no bytes",)


@pytest.mark.parametrize(
    ("place_in_head", "said"),
    [(-1, "lies under data key 9, which is not given"), (-2, "in a format that is not known")],
)
def test_what_can_never_be_opened_is_named(place_in_head: int, said: str, receive: Receive, place: Path) -> None:
    stored = receive(samples.pdf())
    lying = bytearray((place / stored.path).read_bytes())
    lying[HEAD + place_in_head] = 9
    (place / stored.path).write_bytes(lying)
    (named,) = books.bytes_are_there(Look(now=datetime.now(UTC), files=True)).named
    assert said in named
    with pytest.raises(DoesNotOpen):
        queries.open_file(stored)


def test_one_that_cannot_be_written_does_not_keep_the_others_either(
    receive: Receive, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = sorted((receive(samples.pdf(pages)) for pages in range(1, 4)), key=lambda one: one.sha256)
    StoredFile.objects.update(data_key=PLAIN)
    replace = Path.replace

    def refused(self: Path, target: Path) -> Path:
        if target.name == stored[0].sha256:
            raise PermissionError
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refused)
    assert [(done.sealed, done.broken) for done in Contents().seal_anew()] == [(2, 1)]


def test_one_file_that_cannot_be_read_does_not_keep_the_others_from_being_sealed(
    receive: Receive, place: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A folder in a file's place stands for a disk that does not give it."""
    stored = sorted((receive(samples.pdf(pages)) for pages in range(1, 8)), key=lambda one: one.sha256)
    StoredFile.objects.update(data_key=PLAIN)
    (place / stored[0].path).unlink()
    (place / stored[0].path).mkdir()
    assert [(done.sealed, done.broken) for done in Contents().seal_anew()] == [(6, 1)]
    assert f"not sealed anew: sha256={stored[0].sha256} StorageSilent" in caplog.text
    look = Look(now=datetime.now(UTC), files=True)
    assert books.bytes_are_there(look).named == (f"file {stored[0].id}: the storage does not give its bytes",)
    assert list(actions.look_at_keys()) == [False] * 6
    StoredFile.objects.update(data_key=PLAIN)
    for one in stored[1:GIVEN_UP_AFTER]:
        (place / one.path).unlink()
        (place / one.path).mkdir()
    for ask in (Contents().seal_anew, actions.look_at_keys, lambda: [books.bytes_are_there(look)]):
        with pytest.raises(StorageSilent):
            list(ask())
