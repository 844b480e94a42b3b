"""Which pg_dump and pg_restore fit which server."""

from pathlib import Path

import pytest

from tongban.site.backup import programs
from tongban.site.backup.manifest import Unfit


@pytest.mark.parametrize(
    ("here", "server", "at_least", "chosen"),
    [
        ((18,), 18, 0, 18),
        ((15, 18), 15, 0, 15),
        ((16, 18), 15, 0, 16),
        ((15, 17, 18), 17, 0, 17),
        ((17, 18), 17, 18, 18),
        ((18,), 15, 0, 0),
        ((15, 18), 15, 18, 0),
        ((15,), 18, 0, 0),
    ],
)
def test_the_nearest_that_fits(
    monkeypatch: pytest.MonkeyPatch, here: tuple[int, ...], server: int, at_least: int, chosen: int
) -> None:
    known = [programs.Program(Path(f"/{major}"), major) for major in here]
    monkeypatch.setattr(programs, "_known", lambda _name: iter(known))
    if chosen:
        assert programs.find("pg_restore", server=server, at_least=at_least).major == chosen
    else:
        with pytest.raises(Unfit, match=f"postgresql-client-{server}"):
            programs.find("pg_restore", server=server, at_least=at_least)


def test_those_that_are_brought_along_are_found() -> None:
    assert {program.major for program in programs._known("pg_dump")} >= {18}
