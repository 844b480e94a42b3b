"""`python -m bench.torture`: faults of every kind under load; ends with status 1 when anything was lost or doubled."""

import argparse
import json
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

from bench.installation import Installation, Size
from bench.processes import NotStarted
from bench.torture.asking import Asker, Witness
from bench.torture.comparing import Verdict, compare, wait_until_quiet
from bench.torture.faults import WITNESS_AWAY, Faults, SmallDisk
from bench.torture.line import Line
from bench.torture.mail import MailServer
from bench.torture.people import Town

ROUNDS = 60
RESIDENTS, CLERKS, ASKERS = 5, 3, 2
ASKED_ABOUT = 24
WITNESSED_SECONDS = 60
DRAFTS_EACH = 8
STILL_SECONDS = 120
DEMO = Size(items=0, cases=20, open_cases=10)
LAST_LETTERS_SECONDS = 240
IN_DOUBT = {"kill worker": 2, "kill PostgreSQL": 2, "kill everything": 2}
"""Letters that a fault may let come twice: of the two beats that carry them, each writes down one after the other."""
DAYS_UNTIL_SWEPT = 3


def options_of(arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="make torture", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"how many faults (default: {ROUNDS})")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="the same faults in the same order")
    parser.add_argument("--only", action="append", metavar="FAULT", help="only faults whose name holds these words")
    parser.add_argument("--json", type=Path, default=Path("var/torture.json"), help="where the report goes")
    parser.add_argument("--keep", action="store_true", help="leave the installation's folder behind")
    return parser.parse_args(arguments)


@contextmanager
def tortured(options: argparse.Namespace) -> Iterator[tuple[Installation, MailServer, SmallDisk, Witness]]:
    """Give a small demo city with a small disk, a moody mail server and a witness; all of it ends with this."""
    folder = Path(tempfile.mkdtemp(prefix="tongban-torture-"))
    mail = MailServer()
    address = mail.start()
    place = Installation(folder, TONGBAN_EMAIL_URL=address, TONGBAN_WORKER_HEARTBEAT="1", TONGBAN_LIMITS="off")
    disk = SmallDisk(place, options.rounds)
    witness: Witness | None = None
    try:
        place.fill(DEMO)
        witness = Witness(place)
        place.environment["TONGBAN_LEDGER_WITNESSES"] = witness.start()
        with place:
            yield place, mail, disk, witness
    finally:
        if witness is not None:
            witness.close()
        disk.close()
        mail.stop()
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)


def populate(place: Installation, seed: int) -> Town:
    """Bring residents and clerks with a session each."""
    people = place.inside.call("people.residents", count=RESIDENTS)
    residents = {one["username"]: place.inside.call("people.session", username=one["username"]) for one in people}
    desks: list[list[Any]] = [[] for _clerk in range(CLERKS)]
    for number, username in enumerate(place.inside.call("people.officials")):
        desks[number % CLERKS].append(place.inside.call("people.session", username=username))
    town = Town.of(f"http://127.0.0.1:{place.port}", residents, desks, seed)
    for number in range(ASKERS):
        asker = Asker(f"asker-{number}", town.gate, town.memory, Random(f"{seed} asker {number}"))
        town.askers.append(asker)
    return town


def ask_about(place: Installation, town: Town) -> None:
    """Name the people who are looked up in the next round, each for a case that is open now."""
    calls = place.inside.call("look_ups.prepare", count=ASKED_ABOUT)
    for number, one in enumerate(town.askers):
        one.give(
            (Line(town.address, call["cookies"], town.answers, town.memory.strange), call)
            for call in calls[number :: len(town.askers)]
        )


def one_round(place: Installation, town: Town, faults: Faults, kind: str, dice: Random) -> Verdict:
    """Load, harm, let it recover, stop, and compare."""
    verdict = Verdict()
    ask_about(place, town)
    names = [one.name for one in town.residents]
    town.give(place.inside.call("drafts.prepare", usernames=names, count=RESIDENTS * DRAFTS_EACH))
    town.gate.open()
    time.sleep(dice.uniform(3, 6))
    before = len(town.memory.look_ups)
    faults.one(kind)
    if kind == WITNESS_AWAY and len(town.memory.look_ups) == before:
        verdict.disagreeing.append("no look-up was answered while the witness was away")
    time.sleep(dice.uniform(1, 3))
    if not town.gate.shut(STILL_SECONDS):
        verdict.disagreeing.append(f"clients still wait for an answer after {STILL_SECONDS} s")
    if late := wait_until_quiet(place):
        verdict.disagreeing.append(late)
    compare(place, town.memory, verdict)
    if not _is_witnessed(place):
        verdict.disagreeing.append(f"no witness has signed for the last look-up after {WITNESSED_SECONDS} s")
    town.memory.strange.clear()
    return verdict


def _is_witnessed(place: Installation) -> bool:
    """Whether the witness signs for what was looked up, in time."""
    until = time.monotonic() + WITNESSED_SECONDS
    while not place.inside.call("look_ups.witnessed"):
        if time.monotonic() > until:
            return False
        time.sleep(1)
    return True


def last_letters(place: Installation, mail: MailServer, done: Counter[str]) -> list[str]:
    """Let every letter go out, and say which never came, or came as two different letters under one id, or too often.

    "At least once" is what mail allows: who is killed between the mail server's word and the note of it sends again.
    """
    until = time.monotonic() + LAST_LETTERS_SECONDS
    while place.inside.call("memories.hurry_letters") and time.monotonic() < until:
        time.sleep(5)
    states: dict[str, str] = place.inside.call("memories.letters")
    never = [f"letter {one} is {state} and never came" for one, state in states.items() if state != "sent"]
    never += [
        f"letter {one} is told as sent and never came"
        for one, state in states.items()
        if state == "sent" and not mail.taken[one]
    ]
    never += [f"two letters under one id: {one}" for one, said in mail.contents.items() if len(said) > 1]
    repeated, in_doubt = (
        sum(mail.taken.values()) - len(mail.taken),
        sum(IN_DOUBT.get(kind, 0) * done[kind] for kind in done),
    )
    return never if repeated <= in_doubt else [*never, f"{repeated} letters came again, {in_doubt} were in doubt"]


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Play all rounds; stops at the first broken promise, since what follows would only repeat it."""
    dice = Random(options.seed)
    done: Counter[str] = Counter()
    verdict = Verdict()
    with ExitStack() as stack:
        place, mail, disk, witness = stack.enter_context(tortured(options))
        faults = Faults(place, disk, mail, witness, dice)
        kinds = [kind for kind in faults.kinds if not options.only or any(words in kind for words in options.only)]
        town = populate(place, options.seed)
        town.start()
        for number in range(1, options.rounds + 1):
            kind = kinds[number - 1] if number <= len(kinds) else dice.choice(kinds)
            began = time.monotonic()
            verdict = one_round(place, town, faults, kind, dice)
            done[kind] += 1
            print(
                f"{number:3d}  {kind:24s} acknowledged {verdict.acknowledged:6d}  verified {verdict.verified:6d}  "
                f"lost {len(verdict.lost)}  doubled {len(verdict.doubled)}  {time.monotonic() - began:5.1f} s",
                flush=True,
            )
            if not verdict.clean:
                break
        town.gate.end()
        if verdict.clean:
            verdict.disagreeing += last_letters(place, mail, done)
            swept = place.inside.call("memories.sweep", days=DAYS_UNTIL_SWEPT)
            compare(place, town.memory, verdict)
        else:
            swept = 0
    return {
        "seed": options.seed,
        "rounds": dict(done),
        "small_disk": "tmpfs" if disk.mounted else "bound on the size of files",
        "acknowledged": verdict.acknowledged,
        "verified": verdict.verified,
        "look_ups": len(town.memory.look_ups),
        "lost": verdict.lost,
        "doubled": verdict.doubled,
        "disagreeing": verdict.disagreeing,
        "letters": len(mail.taken),
        "letters_repeated": sum(times > 1 for times in mail.taken.values()),
        "files_swept": swept,
        "answers": dict(town.answers),
    }


def main(arguments: list[str] | None = None) -> int:
    """Torture, write, print; returns 1 when a promise was broken."""
    signal.signal(signal.SIGTERM, _stop)
    options = options_of(arguments)
    try:
        report = run(options)
    except NotStarted as reason:
        print(f"✗ {reason}")
        return 1
    except KeyboardInterrupt:
        return 130
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    broken = [*report["lost"], *report["doubled"], *report["disagreeing"]]
    print(
        f"acknowledged {report['acknowledged']} (of them look-ups {report['look_ups']}), "
        f"verified {report['verified']}, lost {len(report['lost'])}, "
        f"doubled {len(report['doubled'])}; letters {report['letters']}, of them sent twice "
        f"{report['letters_repeated']}; answers {report['answers']}; seed {report['seed']}"
    )
    for sentence in broken[:20]:
        print(f"  {sentence}")
    print(f"✗ {len(broken)} broken promises, the first: {broken[0]}" if broken else "✓ nothing lost, nothing doubled")
    return 1 if broken else 0


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
