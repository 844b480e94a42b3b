"""Signed notes: what is written is read, and what is not whole is refused."""

import pytest

from tongban.ledger.rules import notes

CITY = notes.Signer("city.example/ledger", notes.LOG, bytes(range(32)))
ARCHIVE = notes.Signer("archive.example", notes.WITNESS, bytes(range(1, 33)))
POINT = notes.Checkpoint(CITY.name, 20852163, bytes(range(32)), ("day 2026-03-02",))


def test_a_checkpoint_is_written_and_read() -> None:
    note = notes.Note.parse(POINT.signed(CITY) + ARCHIVE.signature(POINT.text, time=1679315147))
    assert note.text == "city.example/ledger\n20852163\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\nday 2026-03-02\n"
    assert notes.Checkpoint.parse(note.text) == POINT
    log, witness = note.signed_by(CITY.key), note.signed_by(ARCHIVE.key)
    assert log is not None
    assert witness is not None
    assert (log.time, witness.time) == (None, 1679315147)


def test_a_signature_is_of_one_key_one_name_and_one_text() -> None:
    note = notes.Note.parse(POINT.signed(CITY) + ARCHIVE.signature(POINT.text, time=1))
    for key in (
        notes.Signer(CITY.name, notes.LOG, bytes(32)).key,
        notes.Signer("other.example", notes.LOG, CITY.secret).key,
        notes.Signer(CITY.name, notes.WITNESS, CITY.secret).key,
        notes.Signer(ARCHIVE.name, notes.LOG, ARCHIVE.secret).key,
    ):
        assert note.signed_by(key) is None
    assert notes.Note(note.text.replace("3", "4"), note.signatures).signed_by(CITY.key) is None
    later = ARCHIVE.signature(POINT.text, time=2)
    assert notes.Note.parse(POINT.signed(CITY) + later).signed_by(ARCHIVE.key) is not None


def test_a_key_is_written_and_read() -> None:
    for key in (CITY.key, ARCHIVE.key):
        assert notes.Key.parse(f" {key}\n") == key
    name, key_id, material = str(CITY.key).split("+", 2)
    for told in (
        "", "a+b", f"{name}+00000000+{material}", f"{name}+{key_id}+", f"{name}+{key_id}+AAAA", f"+{key_id}+{material}",
        f"other+{key_id}+{material}", f"{name}+{key_id}+{material}?",
    ):  # fmt: skip
        with pytest.raises(notes.UnfitNote):
            notes.Key.parse(told)


@pytest.mark.parametrize(
    "whole",
    [
        "", "\n\n", POINT.text, POINT.signed(CITY).rstrip("\n"), POINT.signed(CITY).replace("\N{EM DASH} ", "- "),
        POINT.signed(CITY) + "\n", POINT.signed(CITY) + "x\n", POINT.text + "\n\N{EM DASH} a AAAA\n",
        POINT.text + "\n\N{EM DASH} a b+c\n", POINT.signed(CITY).replace("2026", "20\x0026"), "x" * 70_000 + POINT.signed(CITY),
    ],
)  # fmt: skip
def test_what_is_no_note_is_refused(whole: str) -> None:
    with pytest.raises(notes.UnfitNote):
        notes.Note.parse(whole)


@pytest.mark.parametrize(
    "text",
    ["", "a\n", "a\n1\n", "a\n01\nAAAA\n", "a\n-1\nAAAA\n", "a\n1\nAAAA\n", "a\n１\n" + "A" * 43 + "=\n", "a\n1\n?\n", "\n1\n\n", "a\n1\n" + "A" * 43 + "=\n\nx\n"],
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(notes.UnfitNote):
        notes.Checkpoint.parse(text)
