"""Buckets: so many at once, then so many in so many seconds, for each caller alone, from many threads, in bounded memory."""

import math
import threading

from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from tongban.base.limits import Buckets, Limit
from tongban.base.web.again import posted
from tongban.base.web.keeping import typed_values

TEN_A_MINUTE = Limit(10, 60)


def test_ten_at_once_and_then_one_every_six_seconds() -> None:
    buckets = Buckets()
    assert [buckets.take("a", TEN_A_MINUTE, 100.0) for _ in range(10)] == [0.0] * 10
    wait = buckets.take("a", TEN_A_MINUTE, 100.0)
    assert math.isclose(wait, 6.0)
    assert buckets.take("b", TEN_A_MINUTE, 100.0) == 0.0
    assert buckets.take("a", TEN_A_MINUTE, 105.9) > 0
    assert buckets.take("a", TEN_A_MINUTE, 106.1) == 0.0
    assert buckets.take("a", TEN_A_MINUTE, 106.2) > 0


def test_who_is_refused_and_comes_again_is_not_kept_waiting_longer() -> None:
    buckets = Buckets()
    for _ in range(10):
        buckets.take("a", TEN_A_MINUTE, 0.0)
    waits = [buckets.take("a", TEN_A_MINUTE, moment / 10) for moment in range(1, 50)]
    assert all(wait > 0 for wait in waits)
    assert buckets.take("a", TEN_A_MINUTE, 6.1) == 0.0


@given(
    limit=st.builds(Limit, st.integers(1, 50), st.integers(1, 600)),
    pauses=st.lists(st.floats(0, 120), min_size=1, max_size=200),
)
def test_never_more_than_twice_the_limit_in_its_time(limit: Limit, pauses: list[float]) -> None:
    buckets, moment, taken = Buckets(), 0.0, []
    for pause in pauses:
        moment += pause
        if buckets.take("a", limit, moment) == 0.0:
            taken.append(moment)
    for begin in taken:
        assert sum(begin <= one < begin + limit.seconds for one in taken) <= 2 * limit.most


def test_threads_together_get_what_one_would() -> None:
    buckets, limit = Buckets(), Limit(500, 3600)
    passed: list[int] = []

    def ask() -> None:
        passed.extend(1 for _ in range(200) if buckets.take("a", limit) == 0.0)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 500 <= len(passed) <= 502  # a slow machine may refill one


def test_strangers_without_number_take_bounded_memory_and_shut_nobody_out() -> None:
    buckets = Buckets(most_kept=1000)
    for number in range(20_000):
        assert buckets.take(number, TEN_A_MINUTE, 0.0) == 0.0
    assert len(buckets._empty_until) <= 1000


def test_passwords_are_given_back_nowhere_and_everything_else_is() -> None:
    """The page that sends again and the table of what was typed know the same secrets, by whole names where short."""
    typed = {"present": "secret-1", "password": "secret-2", "new_password": "secret-3", "representative": "林"}
    request = RequestFactory().post("/", typed)
    assert typed_values(request.POST) == {"representative": "林"}
    assert {field.name for field in posted(request) if field.value} == {"representative"}
