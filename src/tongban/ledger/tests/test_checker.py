"""The stand-alone checker believes what is proven and nothing else."""

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from tongban.base.actor import SYSTEM
from tongban.base.ids import new_id
from tongban.ledger import actions, kinds, log_of_ours, queries
from tongban.ledger.models import Cosignature
from tongban.ledger.rules import notes
from tongban.ledger.static.ledger import check_proof
from tongban.ledger.tests.happenings import LampLit, RoomBright
from tongban.ledger.tests.test_growing import seal

pytestmark = pytest.mark.django_db(transaction=True)
Bundle = dict[str, Any]
WITNESS = notes.Signer("archive.example", notes.WITNESS, bytes(range(32)))
PERSON = new_id()


def happen(now: datetime, number: int) -> None:
    with transaction.atomic():
        for place in range(number):
            event = RoomBright(PERSON) if place % 3 == 1 else RoomBright(new_id()) if place % 3 else LampLit(new_id())
            actions.record(event, actor=SYSTEM, now=now)
    seal(now)


@pytest.fixture
def chain(monkeypatch: pytest.MonkeyPatch, now: datetime) -> Bundle:
    """All about one person: six events up to the statement, two after it."""
    monkeypatch.setattr(kinds, "CHAINED", {})
    kinds.chained(RoomBright)(lambda event: event.subject_id)
    happen(now, 18)
    assert actions.state_chains(now.date(), now=now)
    seal(now)
    happen(now + timedelta(minutes=1), 6)
    bundle = queries.chain_of(PERSON).bundle()
    return dict(json.loads(json.dumps(bundle)))


@pytest.fixture
def event(chain: Bundle) -> Bundle:
    """One event, in a tree that a witness has signed."""
    newest = queries.latest_checkpoint()
    assert newest is not None
    line = WITNESS.signature(notes.Note.parse(newest.note).text, time=1_800_000_000)
    Cosignature.objects.create(
        checkpoint_id=newest.size, name=WITNESS.name, line=line, seen_at=datetime.fromtimestamp(0).astimezone()
    )
    return dict(json.loads(json.dumps(queries.proof_of(5).bundle())))


def check(bundle: Bundle, *keys: notes.Key) -> list[str]:
    said: list[str] = []
    check_proof.check(bundle, [check_proof.Key.parse(str(key)) for key in keys], lambda _zh, en: said.append(en))
    return said


def test_an_event_is_proven(event: Bundle) -> None:
    said = check(event, log_of_ours.key(), WITNESS.key)
    assert said[0] == "Proven: event 5 of the ledger."
    assert '"kind":"tests.room_bright"' in said[1]
    assert said[2] == "Signed by the witness archive.example at 2027-01-15T08:00:00+00:00."
    assert not any("came with the file" in words for words in said)
    assert any("came with the file" in words for words in check(event))


def test_a_chain_is_proven_to_be_whole(chain: Bundle) -> None:
    said = check(chain)
    assert said[0] == "Proven: 8 events, each in its order."
    assert said[1] == "Up to 2026-03-02 there were 6, and none is missing."


def _without(bundle: Bundle, number: int) -> None:
    """Leave a link out and number the others anew."""
    del bundle["links"][number - 1]
    for place, link in enumerate(bundle["links"], start=1):
        link["number"] = place


def _swap(bundle: Bundle) -> None:
    links = bundle["links"]
    links[1], links[2] = links[2] | {"number": 2}, links[1] | {"number": 3}


def _other_day(bundle: Bundle) -> None:
    bundle["statement"]["note"] = bundle["statement"]["note"].replace("day 2026-03-02", "day 2026-03-03")


CHAIN_BREAKS: list[Callable[[Bundle], Any]] = [
    lambda bundle: _without(bundle, 1),
    lambda bundle: _without(bundle, 3),
    lambda bundle: _without(bundle, 6),
    _swap,
    _other_day,
    lambda bundle: bundle["links"][0].update(event=bundle["links"][0]["event"].replace("system", "person")),
    lambda bundle: bundle["links"][0].update(number=2),
    lambda bundle: bundle["statement"].update(count=5),
    lambda bundle: bundle["statement"].update(count=0),
    lambda bundle: bundle["statement"].update(count=9),
    lambda bundle: bundle["statement"].update(head="00" * 32),
    lambda bundle: bundle["statement"].update(index=bundle["statement"]["index"] ^ 1),
    lambda bundle: bundle["statement"].update(inclusion=[]),
    lambda bundle: bundle.update(chain=str(new_id())),
    lambda bundle: bundle.update(salt="00" * 16),
    lambda bundle: bundle["statement"]["record"].update(position=1),
    lambda bundle: bundle["statement"].update(record=bundle["links"][0] | {"checkpoint": bundle["checkpoint"]}),
    lambda bundle: bundle["statement"].update(note=bundle["checkpoint"]),
    lambda bundle: bundle["links"].clear(),
]
EVENT_BREAKS: list[Callable[[Bundle], Any]] = [
    lambda bundle: bundle.update(event=bundle["event"].replace("system", "person")),
    lambda bundle: bundle.update(position=6),
    lambda bundle: bundle.update(position=0),
    lambda bundle: bundle.update(salt="00" * 16),
    lambda bundle: bundle.update(commitment="00" * 32),
    lambda bundle: bundle.update(inclusion=bundle["inclusion"][1:]),
    lambda bundle: bundle.update(inclusion=bundle["inclusion"][::-1]),
    lambda bundle: bundle.update(inclusion=bundle["inclusion"] * 2),
    lambda bundle: bundle.update(checkpoint=bundle["checkpoint"].replace("\n25\n", "\n26\n")),
    lambda bundle: bundle.update(checkpoint=bundle["checkpoint"].replace("localhost/ledger\n", "elsewhere\n", 1)),
    lambda bundle: bundle.update(log=str(notes.Signer(log_of_ours.origin(), notes.LOG, bytes(32)).key)),
    lambda bundle: bundle.update(format="tongban-proof-2"),
    lambda bundle: bundle.pop("position"),
]
REFUSALS = (check_proof.NotProven, ValueError, KeyError, IndexError, TypeError)


def _believed(bundle: Bundle, breaks: list[Callable[[Bundle], Any]]) -> list[int]:
    believed = []
    for place, one in enumerate(breaks):
        broken = copy.deepcopy(bundle)
        one(broken)
        assert broken != bundle, place
        try:
            check(broken)
        except REFUSALS:
            continue
        believed.append(place)
    return believed


def test_a_chain_with_anything_left_out_or_changed_is_not_believed(chain: Bundle) -> None:
    check(chain)
    assert _believed(chain, CHAIN_BREAKS) == []


def test_an_event_with_anything_changed_is_not_believed(event: Bundle) -> None:
    check(event)
    assert _believed(event, EVENT_BREAKS) == []


def test_a_key_that_is_known_is_asked_for(event: Bundle) -> None:
    with pytest.raises(check_proof.NotProven, match="signature of the ledger"):
        check(event, notes.Signer(log_of_ours.origin(), notes.LOG, bytes(32)).key)
    with pytest.raises(check_proof.NotProven, match="has not signed"):
        check(event, notes.Signer(WITNESS.name, notes.WITNESS, bytes(32)).key)


def test_what_was_erased_is_still_proven_to_have_been_there(event: Bundle, now: datetime) -> None:
    with transaction.atomic():
        actions.erase_salts(subject_kind="lamp", subject_id=PERSON, actor=SYSTEM, now=now)
    erased = queries.proof_of(5).bundle()
    assert (erased["event"], erased["salt"]) == (None, None)
    assert "erased by law" in check(erased)[1]
    assert check(event)[0] == "Proven: event 5 of the ledger.", "a proof that was given before stands"
    assert check(queries.chain_of(PERSON).bundle())[0] == "Proven: 8 events, each in its order."


def test_it_runs_by_itself(event: Bundle, tmp_path: Path) -> None:
    """Beside nothing of ours, and without any of our packages."""
    program = tmp_path / "check_proof.py"
    program.write_bytes(Path(check_proof.__file__).read_bytes())
    (tmp_path / "proof.json").write_text(json.dumps(event), encoding="utf-8")
    (tmp_path / "wrong.json").write_text(json.dumps(event | {"position": 6}), encoding="utf-8")
    (tmp_path / "none.json").write_text("[]", encoding="utf-8")

    def run(name: str, *more: str) -> tuple[int, str]:
        ended = subprocess.run(
            [sys.executable, "-I", "-S", str(program), str(tmp_path / name), *more],
            capture_output=True, text=True, check=False, env={"PYTHONUTF8": "1"},
        )  # fmt: skip
        return ended.returncode, ended.stdout

    status, said = run("proof.json", "--key", str(log_of_ours.key()), "--key", str(WITNESS.key))
    assert (status, said.splitlines()[-1]) == (0, "✓ 证明成立。")
    assert run("wrong.json") == (1, "✗ 第 6 条记录不在台账的这一处。\n")
    assert run("none.json", "--english") == (2, "✗ This is no proof, or not a whole one.\n")
    assert run("absent.json")[0] == 2
