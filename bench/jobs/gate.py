"""Look-ups at the gate: checked, projected, logged, durable. What was answered is held against log and ledger."""

import json
from collections.abc import Iterator
from itertools import cycle

from bench.installation import Installation
from bench.jobs import Job
from bench.line import Answer, post_json
from bench.load import Request
from bench.processes import NotStarted

ADDRESS = "/api/v1/exchange/look-ups"
SUBJECTS = 300


class Gate(Job):
    """An official looks a person up for an open case, three fields of the population register, by the API."""

    name = "gate"
    changes = True

    def __init__(self) -> None:
        """Nobody has asked anything."""
        self.place: Installation | None = None
        self.asked: list[Request] = []
        self.expected: dict[str, object] = {}
        self.wrong: list[str] = []
        self.answered: list[str] = []
        self.bytes_before = 0

    def prepare(self, place: Installation, *, residents: int) -> None:
        """Draw cases and people; give the grant that is used."""
        self.place = place
        found = place.inside.call("look_ups.prepare", count=SUBJECTS)
        if not found:
            message = f"{self.name}: there is no case to ask for"
            raise NotStarted(message)
        for place_of, one in enumerate(found):
            note = str(place_of)
            self.expected[note] = one["expected"]
            self.asked.append(Request(post_json(ADDRESS, one["body"], one["cookies"]), marker=b"records", note=note))
        self.bytes_before = place.inside.call("look_ups.bytes_of_log")

    def requests(self, most: int) -> Iterator[Request]:
        """Go round."""
        return cycle(self.asked)

    def heard(self, request: Request, answer: Answer) -> None:
        """Compare what was answered with what the register holds, and remember the look-up."""
        told = json.loads(answer.body)
        if told["records"] != [self.expected[request.note]]:
            self.wrong.append(f"look-up {told['look_up_id']} answered something else than what was asked and is so")
        self.answered.append(told["look_up_id"])

    def details(self) -> dict[str, float]:
        """Tell by how much the log grows with each look-up, in bytes: rows, indexes, and the event."""
        if self.place is None or not self.answered:
            return {}
        grown = self.place.inside.call("look_ups.bytes_of_log") - self.bytes_before
        return {"log_bytes": grown / len(self.answered)}

    def faults(self) -> list[str]:
        """Every look-up that was answered must stand in the log with its answer, and in the ledger, once."""
        if self.place is None:
            return self.wrong
        lost = self.place.inside.call("look_ups.not_logged", ids=self.answered)
        return [*self.wrong, *(f"look-up {one} was answered and is not in the books" for one in lost)]
