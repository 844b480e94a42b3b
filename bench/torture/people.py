"""Residents and officials under load, who remember every answer they were given."""

import hashlib
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any, Self

from bench.torture.line import Cut, Line
from tongban.site.demo.samples import sample_pdf

if TYPE_CHECKING:
    from bench.torture.asking import Asker

OK, CREATED, GONE, CONFLICT, UNFIT = 200, 201, 404, 409, 422
BETWEEN_TRIES_SECONDS = 0.3
IDLE_SECONDS = 0.3
SUPPLEMENTS = 0.2
"""Share of the acceptances at which something is asked for."""
REFUSALS = 0.2
ACTS_IN_A_ROW = 3
GOING_ON = frozenset({"submitted", "supplement", "review"})


@dataclass
class Memory:
    """What was acknowledged, and what was tried. Filled by many threads, each entry by one."""

    attempted: set[str] = field(default_factory=set)
    """submission keys sent at least once"""
    receipts: dict[str, tuple[str, str]] = field(default_factory=dict)
    """submission key → case number, receipt number"""
    unlike: list[str] = field(default_factory=list)
    """submission keys that were answered with two different receipts"""
    files: dict[str, str] = field(default_factory=dict)
    """file id → SHA-256 of what was sent"""
    supplements: dict[str, list[str]] = field(default_factory=dict)
    """case number → file ids of the acknowledged answer"""
    steps: dict[str, str] = field(default_factory=dict)
    """task id → step that was acknowledged"""
    look_ups: list[str] = field(default_factory=list)
    """ids of look-ups that were answered"""
    materials: dict[str, str] = field(default_factory=dict)
    """case number → key of a material that was handed in, which an office can ask for again"""
    strange: list[str] = field(default_factory=list)
    """answers that nobody expects"""

    def acknowledged(self) -> int:
        """Return how many answers are held against the books."""
        done = len(self.receipts) + len(self.files) + len(self.supplements) + len(self.steps)
        return done + len(self.look_ups)


class Gate:
    """Opens and shuts for everybody; tells when all stand still in front of it."""

    def __init__(self) -> None:
        """Shut."""
        self._open = threading.Event()
        self._ended = threading.Event()
        self._moving: set[str] = set()
        self._lock = threading.Condition()

    def open(self) -> None:
        """Let them go."""
        self._open.set()

    def shut(self, seconds: float) -> bool:
        """Stop them at their next stop; returns whether all stand still within so many seconds."""
        self._open.clear()
        with self._lock:
            return self._lock.wait_for(lambda: not self._moving, seconds)

    def end(self) -> None:
        """Send them home."""
        self._ended.set()
        self._open.set()

    def pass_through(self, name: str) -> bool:
        """Wait until the gate is open; False when it is time to go home."""
        with self._lock:
            self._moving.discard(name)
            self._lock.notify_all()
        self._open.wait()
        if self._ended.is_set():
            return False
        with self._lock:
            self._moving.add(name)
        return True


class Person(threading.Thread):
    """Somebody who acts again and again while the gate is open, and asks again when the line is cut."""

    def __init__(self, name: str, gate: Gate, memory: Memory, dice: Random) -> None:
        """Nothing is sent yet."""
        super().__init__(name=name, daemon=True)
        self.gate, self.memory, self.dice = gate, memory, dice

    def run(self) -> None:
        """Act until it is time to go home."""
        while self.gate.pass_through(self.name):
            try:
                if not self.act():
                    time.sleep(IDLE_SECONDS)
            except Cut:
                time.sleep(BETWEEN_TRIES_SECONDS)
            except Exception as fault:  # noqa: BLE001 - a client that dies silently would prove nothing
                self.memory.strange.append(f"{self.name}: {type(fault).__name__}: {fault}")
                time.sleep(IDLE_SECONDS)

    def act(self) -> bool:
        """Do one thing; whether there was one to do."""
        raise NotImplementedError  # abstract: residents and officials say what they do

    def until_answered(self, ask: Callable[[], tuple[int, dict[str, Any]]]) -> tuple[int, dict[str, Any]]:
        """Ask until an answer comes."""
        while True:
            try:
                return ask()
            except Cut:
                time.sleep(BETWEEN_TRIES_SECONDS)


class Resident(Person):
    """Submits drafts that are ready, with a file more, and answers what is asked for."""

    def __init__(self, line: Line, name: str, gate: Gate, memory: Memory, dice: Random) -> None:
        """Remember by which line."""
        super().__init__(name, gate, memory, dice)
        self.line = line
        self.drafts: deque[Mapping[str, str]] = deque()
        self.followed: deque[str] = deque()

    def act(self) -> bool:
        """Submit a draft, or look after a case."""
        if self.followed and (not self.drafts or self.dice.random() < 0.5):  # noqa: PLR2004 - one of two
            return self._look_after(self.followed.popleft())
        if not self.drafts:
            return False
        draft = self.drafts.popleft()
        key = self._add_file(draft["id"])
        number = self._submit(draft)
        if number and key:
            self.memory.materials[number] = key
        return True

    def _add_file(self, draft_id: str) -> str:
        """Add a file to a material and return the material's key; the empty word where nothing was added."""
        status, draft = self.until_answered(lambda: self.line.ask("GET", f"/drafts/{draft_id}"))
        keys = [one["key"] for one in draft.get("materials", ()) if one["is_brought"]]
        if status != OK or not keys:
            return ""
        key = str(self.dice.choice(keys))
        return key if self._send_file(f"/drafts/{draft_id}/materials/{key}/files") else ""

    def _send_file(self, path: str) -> str | None:
        """Send a file that nobody has sent before; returns its id when it was taken, None when it was refused."""
        content = sample_pdf(f"{self.name} {self.dice.random()}")
        sent = {"file": ("扫描件.pdf", content, "application/pdf")}
        try:
            status, told = self.line.ask("POST", path, files=sent)
        except Cut:
            return None
        if status != CREATED:
            return None
        self.memory.files[told["file_id"]] = hashlib.sha256(content).hexdigest()
        return str(told["file_id"])

    def _submit(self, draft: Mapping[str, str]) -> str:
        """Submit until a receipt is shown, and now and then once more; returns the number of the case."""
        key = draft["key"]
        self.memory.attempted.add(key)
        for _time in range(1 + (self.dice.random() < 0.1)):  # noqa: PLR2004 - one of ten presses twice
            status, told = self.until_answered(
                lambda: self.line.ask(
                    "POST", f"/drafts/{draft['id']}/submit", json={"declared": True}, headers={"Idempotency-Key": key}
                )
            )
            if status not in {OK, CREATED}:
                self.memory.strange.append(f"submit {draft['id']}: {status} {told}")
                return ""
            receipt = (told["case_number"], told["receipt_number"])
            if self.memory.receipts.setdefault(key, receipt) != receipt:
                self.memory.unlike.append(key)
        self.followed.append(told["case_number"])
        return str(told["case_number"])

    def _look_after(self, number: str) -> bool:
        status, case = self.line.ask("GET", f"/cases/{number}")
        if status != OK:
            self.memory.strange.append(f"{number} is not there: {status}")
            return True
        if case["state"] in GOING_ON:
            self.followed.append(number)
        points = [point["key"] for point in case["points"]]
        return self._answer(number, points) if points else True

    def _answer(self, number: str, points: list[str]) -> bool:
        files = {key: self._send_file(f"/cases/{number}/supplement/{key}/files") for key in points}
        if not all(files.values()):
            return True
        answer = {"files": {key: [file_id] for key, file_id in files.items()}}
        status, _told = self.line.ask("POST", f"/cases/{number}/supplement", json=answer)
        if status == OK:
            self.memory.supplements[number] = [str(file_id) for file_id in files.values()]
        return True


class Officials(Person):
    """One clerk at the desks of several offices: takes what is first in the order of the clock and does it."""

    def __init__(self, lines: Iterable[Line], name: str, gate: Gate, memory: Memory, dice: Random) -> None:
        """Remember the desks."""
        super().__init__(name, gate, memory, dice)
        self.lines = deque(lines)

    def act(self) -> bool:
        """Do a few tasks at the next desk."""
        line = self.lines[0]
        self.lines.rotate(-1)
        _status, inbox = line.ask("GET", "/tasks")
        tasks = [task for task in inbox.get("results", ()) if task["kind"] != "delivery"]
        self.dice.shuffle(tasks)
        for task in tasks[:ACTS_IN_A_ROW]:
            self._do(line, task)
        return bool(tasks)

    def _do(self, line: Line, task: dict[str, Any]) -> None:
        step, sent = self._step(task)
        status, told = line.ask("POST", f"/tasks/{task['id']}/{step}", json=sent)
        if status == UNFIT and step == "accept":
            open_fees = [name.partition(".")[2] for name in told.get("fields", ()) if name.startswith("fee")]
            status, told = line.ask(
                "POST", f"/tasks/{task['id']}/{step}", json={"fee_amounts": dict.fromkeys(open_fees, 500)}
            )
        if status == OK:
            self.memory.steps[task["id"]] = step
        elif status not in {GONE, CONFLICT} and told.get("code") != "needs_another":  # kept apart from who accepted
            self.memory.strange.append(f"{step}: {status} {told}")

    def _step(self, task: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        match task["kind"]:
            case "review":
                choice = task["choices"][0]["value"] if task["choices"] else ""
                return "review", {"choice": choice, "opinion": "材料齐全，符合规定。"}
            case "decision" if self.dice.random() < REFUSALS:
                law = "《中华人民共和国行政许可法》第三十八条第二款"
                return "decision", {"outcome": "refused", "reasons": "不符合规定条件。", "legal_basis": law}
            case "decision":
                return "decision", {"outcome": "granted", "reasons": "符合法定条件。"}
        key = self.memory.materials.get(task["case_number"])
        if key and self.dice.random() < SUPPLEMENTS:
            return "supplement", {"points": [{"kind": "material", "key": key, "words": "请重新拍一张清楚的。"}]}
        return "accept", {}


@dataclass(frozen=True)
class Town:
    """All who act."""

    address: str
    residents: list[Resident]
    officials: list[Officials]
    gate: Gate
    memory: Memory
    answers: Counter[str]
    askers: "list[Asker]" = field(default_factory=list)

    @classmethod
    def of(
        cls, address: str, residents: Mapping[str, Mapping[str, str]], desks: list[list[Mapping[str, str]]], seed: int
    ) -> Self:
        """Bring residents (name → cookies) and clerks (the cookies of their desks) together; none acts yet."""
        gate, memory, answers = Gate(), Memory(), Counter[str]()
        people = [
            Resident(Line(address, cookies, answers, memory.strange), name, gate, memory, Random(f"{seed} {name}"))
            for name, cookies in residents.items()
        ]
        clerks = [
            Officials(
                [Line(address, cookies, answers, memory.strange) for cookies in desk],
                f"clerk-{place}",
                gate,
                memory,
                Random(f"{seed} clerk {place}"),
            )
            for place, desk in enumerate(desks)
        ]
        return cls(address, people, clerks, gate, memory, answers)

    def start(self) -> None:
        """Let them come to the gate."""
        for person in (*self.residents, *self.officials, *self.askers):
            person.start()

    def give(self, drafts: Iterable[Mapping[str, str]]) -> None:
        """Give each resident their drafts."""
        by_name = {one.name: one for one in self.residents}
        for draft in drafts:
            by_name[draft["username"]].drafts.append(draft)
