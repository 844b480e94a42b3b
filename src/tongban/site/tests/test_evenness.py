"""Who is full sends people to who has time; nobody else is sent away."""

import os
from typing import Any

from tongban.site.evenness import Occupation, evenly

MOST = 2


def ended(occupation: Occupation, *, chance: float = 0.0) -> bool:
    """Answer a request, and tell whether its connection was ended."""
    told: list[tuple[str, str]] = []

    def application(_environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"well"]

    def start_response(_status: str, headers: list[tuple[str, str]], *_more: Any) -> None:
        told.extend(headers)

    assert evenly(application, occupation, MOST, lambda: chance)({}, start_response) == [b"well"]
    assert ("Content-Type", "text/plain") in told
    return ("Connection", "close") in told


def beside(*others: int) -> Occupation:
    """Return the occupation of the first process, beside others that are at work on so many requests."""
    occupation = Occupation(1 + len(others))
    for place, requests in enumerate(others, start=1):
        occupation.take(place)
        for _request in range(requests):
            occupation.begin()
    occupation.take(0)
    return occupation


def test_a_full_process_sends_people_to_one_that_has_time() -> None:
    occupation = beside(1)
    occupation.begin()
    assert ended(occupation)
    assert not ended(occupation, chance=0.9)


def test_nobody_is_sent_where_all_are_full_or_this_one_has_time_too() -> None:
    assert not ended(beside(0))
    full = beside(2, 3)
    full.begin()
    assert not ended(full)
    alone = beside()
    alone.begin()
    assert not ended(alone)


def test_what_has_been_answered_is_counted_no_more_also_where_it_failed() -> None:
    occupation = beside(0)

    def broken(_environ: dict[str, Any], _start_response: Any) -> list[bytes]:
        raise OSError

    for _request in range(MOST + 1):
        try:
            evenly(broken, occupation, MOST)({}, lambda *_told: None)
        except OSError:
            continue
    assert not occupation.is_uneven(1)


def test_a_process_that_was_killed_at_its_work_leaves_nothing_behind() -> None:
    occupation = beside(0)
    occupation.begin()
    occupation.begin()
    assert occupation.is_uneven(MOST)
    occupation.take(0)
    assert not occupation.is_uneven(1)


def test_others_see_it() -> None:
    """The counts are shared with a process that is forked afterwards."""
    occupation = beside(0)
    child = os.fork()
    if child == 0:
        occupation.take(1)
        occupation.begin()
        os._exit(0)
    os.waitpid(child, 0)
    occupation.begin()
    assert not occupation.is_uneven(1)
