"""How long a request waits for a connection: for the length of a restart once, then hardly, until there is one again."""

import time

import pytest
from psycopg_pool import PoolTimeout

from tongban.base.postgres import alive


def _silent() -> str:
    time.sleep(0.01)
    raise PoolTimeout


def _seconds(patience: alive.Patience) -> float:
    began = time.monotonic()
    with pytest.raises(PoolTimeout):
        patience.wait(_silent)
    return time.monotonic() - began


def test_it_wears_out_and_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alive, "PATIENCE_SECONDS", 0.4)
    monkeypatch.setattr(alive, "KNOWN_AWAY_SECONDS", 0.05)
    patience = alive.Patience()
    assert _seconds(patience) >= 0.4
    assert _seconds(patience) < 0.4
    assert patience.wait(lambda: "there") == "there"
    assert _seconds(patience) >= 0.4


def test_what_comes_late_is_waited_for() -> None:
    answers = iter([PoolTimeout(), PoolTimeout(), None])

    def ask() -> str:
        late = next(answers)
        if late is not None:
            raise late
        return "there"

    assert alive.Patience().wait(ask) == "there"
