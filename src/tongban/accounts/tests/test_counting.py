"""Counting tries under several bounds at once."""

from datetime import UTC, datetime, timedelta

import pytest

from tongban.accounts.actions.counting import Bound, count_tries, count_try, forgive
from tongban.accounts.models import TryCount
from tongban.base.errors import TooMany

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
PLACE, ACCOUNT = Bound("tests.place", most=3, seconds=600), Bound("tests.account", most=2, seconds=600)


def counted() -> dict[str, int]:
    return dict(TryCount.objects.values_list("what", "tries"))


def test_the_first_bound_that_is_exceeded_refuses_and_those_after_it_do_not_count() -> None:
    for _try in range(2):
        count_tries((PLACE, "here"), (ACCOUNT, "li"), now=NOW)
    with pytest.raises(TooMany):
        count_tries((PLACE, "here"), (ACCOUNT, "li"), now=NOW)
    assert counted() == {"tests.place": 3, "tests.account": 3}
    with pytest.raises(TooMany) as refused:
        count_tries((PLACE, "here"), (ACCOUNT, "li"), now=NOW)
    assert counted() == {"tests.place": 4, "tests.account": 3}, "whose place is full uses up nothing of their own"
    assert refused.value.retry_after == 600


def test_each_is_counted_apart_and_anew_in_the_next_stretch() -> None:
    for who in ("li", "wang"):
        for _try in range(2):
            count_try(ACCOUNT, who, now=NOW)
    with pytest.raises(TooMany):
        count_try(ACCOUNT, "li", now=NOW)
    count_try(ACCOUNT, "li", now=NOW + timedelta(minutes=10))
    forgive(ACCOUNT, "wang", now=NOW)
    count_try(ACCOUNT, "wang", now=NOW)
