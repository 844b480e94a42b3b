"""The arithmetic of `make bench`: what it calls kept must be kept, and what it calls missed must be missed."""

import csv
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import history
from bench.installation import Size
from bench.machine import Machine
from bench.promises import PROMISES
from bench.reckoning import Promise, Run, all_missed, figures_of, grown, growth_of, percentile, ratio_of, shown
from bench.table import last_line, table
from bench.turns import Turn, compared
from bench.yardsticks import between


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([5.0], 0.95, 5.0),
        (list(range(1, 101)), 0.95, 95),
        (list(range(1, 101)), 0.50, 50),
        (list(range(1, 21)), 0.95, 19),
        ([3, 1, 2], 1.0, 3),
        ([], 0.95, math.inf),
    ],
)
def test_percentiles_are_by_nearest_rank(values: list[float], share: float, expected: float) -> None:
    assert percentile(values, share) == expected


@given(st.lists(st.floats(0, 1000), min_size=1, max_size=60), st.floats(0.01, 1))
def test_so_many_do_not_exceed_a_percentile(values: list[float], share: float) -> None:
    found = percentile(values, share)
    assert sum(value <= found for value in values) >= share * len(values) - 1e-9
    assert sum(value < found for value in values) < share * len(values) + 1e-9


def test_one_disturbed_run_does_not_decide() -> None:
    good, disturbed = Run(2.0, [0.010] * 200), Run(2.0, [0.900] * 4)
    figures = figures_of([good, disturbed, good])
    assert figures["rate"] == 100
    assert figures["p95_ms"] == pytest.approx(10)
    assert figures["answers"] == 404


def test_processor_time_is_told_for_one_answer() -> None:
    figures = figures_of([Run(1.0, [0.01] * 100, own_cpu=0.005, server_cpu={"web": 0.4, "postgres": 0.2})])
    assert figures["web_cpu_ms"] == pytest.approx(4)
    assert figures["postgres_cpu_ms"] == pytest.approx(2)
    assert figures["client_cpu_ms"] == pytest.approx(0.05)


def test_ratios_are_to_what_was_measured() -> None:
    """Each run against what the machine could do beside it: as it slows down, limit and job slow down alike."""
    fast, slow = ([0.01] * 300, {"limit": 10_000.0, "empty": 0.0}), ([0.01] * 120, {"limit": 4_000.0, "empty": 900.0})
    figures = figures_of([Run(1.0, took, yardsticks=beside) for took, beside in (fast, slow, slow)])
    assert figures["of_limit"] == pytest.approx(0.03)
    assert figures["limit_beside"] == 4_000
    assert figures["of_empty"] == pytest.approx(120 / 900), "a yardstick that failed counts for nothing"
    assert not any(name.startswith("of_") for name in figures_of([Run(1.0, [0.01])]))


def test_a_run_is_held_against_what_was_before_and_after_it() -> None:
    assert between({"limit": 9_000.0, "empty": 7_000.0}, {"limit": 7_000.0, "empty": 6_000.0}) == {
        "limit": 8_000.0,
        "empty": 6_500.0,
    }
    assert between({}, {}) == {}
    assert between({"empty": 0.0}, {"empty": 6_000.0}) == {"empty": 0.0}, "half a yardstick would double a share"


def test_a_floor_is_kept_at_its_very_value_and_missed_below() -> None:
    floor = Promise(job="submit", figure="rate", at_least=150)
    assert floor.missed({"rate": 150.0}) == ""
    assert "149.9" not in floor.missed({"rate": 150.1})
    assert "submit: rate 149, promised at least 150" in floor.missed({"rate": 149.0})


def test_a_ceiling_is_kept_at_its_very_value_and_missed_above() -> None:
    ceiling = Promise(job="submit", figure="p95_ms", at_most=100)
    assert ceiling.missed({"p95_ms": 100.0}) == ""
    assert ceiling.missed({"p95_ms": 100.2})
    assert ceiling.missed({"p95_ms": math.inf}), "a job without a single right answer"
    assert ceiling.missed({"p95_ms": math.nan}), "what cannot be compared is not kept"


def test_a_wrong_answer_is_missed_whatever_the_figures() -> None:
    jobs = {"submit": figures_of([Run(1.0, [0.001] * 500, faults=("answered 500, not 302",))])}
    assert all_missed(jobs, ()) == ["submit: 1 wrong answers"]


def test_every_promise_can_be_missed() -> None:
    for promise in PROMISES:
        bad = -1.0 if promise.at_least is not None else 1e9
        assert all_missed({promise.job: {promise.figure: bad}}, PROMISES), promise
    assert all_missed({"submit": {"rate": 151.0, "p95_ms": 99.0, "of_limit": 0.031}}, PROMISES) == []


def _turns(rate: int, took: float, machine: list[float]) -> list[Run]:
    """Return turns of a second on a machine that is so many times as slow in each."""
    return [Run(slower, [took * slower] * rate) for slower in machine]


def test_growth_by_more_than_a_third_is_told() -> None:
    even = [1.0] * 4
    small = _turns(300, 0.030, even)
    assert grown({"inbox": growth_of(small, _turns(226, 0.0399, even))}) == []
    assert len(grown({"inbox": growth_of(small, _turns(224, 0.0399, even))})) == 1
    assert len(grown({"inbox": growth_of(small, _turns(224, 0.0410, even))})) == 2


def test_a_slower_machine_is_not_growth() -> None:
    drifting = [1.0, 1.4, 2.0, 3.0]
    found = growth_of(_turns(300, 0.030, drifting), _turns(270, 0.036, drifting))
    assert {name: round(ratio.mean, 6) for name, ratio in found.items()} == {"rate": round(10 / 9, 6), "p95_ms": 1.2}
    assert all(ratio.error < 1e-9 for ratio in found.values())


def test_turns_without_answers_are_not_taken_for_growth_but_told() -> None:
    some, none = _turns(300, 0.030, [1.0] * 3), [Run(1.0, []), *_turns(300, 0.030, [1.0] * 2)]
    assert growth_of(some, none)["rate"].mean == pytest.approx(1)
    assert grown({"inbox": growth_of(some, [*none[:1] * 2, some[0]])}) == [
        "inbox: too few turns had answers to be compared"
    ]


def test_a_ratio_does_not_depend_on_which_comes_first() -> None:
    pairs = [(2.0, 1.0), (1.0, 2.0), (4.0, 2.0), (1.0, 1.0)]
    ratio, turned = ratio_of(pairs), ratio_of([(second, first) for first, second in pairs])
    assert ratio.mean == pytest.approx(2**-0.25)
    assert turned.mean == pytest.approx(1 / ratio.mean)
    assert ratio.middle == pytest.approx(0.75)
    assert ratio.error / ratio.mean == pytest.approx(math.log(2) * 0.957427 / 2, rel=1e-5)


def test_turns_are_compared_with_their_neighbours_on_a_machine_that_becomes_slower() -> None:
    slower = [1.0, 1.3, 2.0, 2.9]
    pairs = [(Turn(100 / by, 10 * by, 5 * by), Turn(110 / by, 9 * by, 5 * by)) for by in slower]
    found = compared(pairs)
    assert [(name, round(ratio.mean, 9)) for name, ratio in found.items()] == [
        ("rate", 1.1),
        ("web ms", 0.9),
        ("db ms", 1.0),
        ("web + db ms", round(14 / 15, 9)),
    ]
    assert all(ratio.error < 1e-9 for ratio in found.values())


def test_a_part_that_did_nothing_measurable_is_not_compared() -> None:
    assert list(compared([(Turn(100, 10, 0), Turn(100, 10, 1))] * 2)) == ["rate", "web ms", "web + db ms"]


def test_the_last_line_names_what_was_missed() -> None:
    assert last_line(["submit: rate 3.00, promised at least 150"], judged=True).endswith("promised at least 150")
    assert last_line([], judged=True).startswith("✓")


def test_the_table_has_a_row_for_each_job() -> None:
    jobs = {"submit": {"rate": 151.0, "p95_ms": 99.0}, "memory": {"largest_mb": 180.0}}
    rows = table({"limit": 5000.0}, jobs).splitlines()
    assert rows[0] == "limit 5,000/s"
    assert rows[2].split() == ["submit", "151", "99.0"]
    assert rows[3].split() == ["memory", "largest_mb", "180"]


@pytest.mark.parametrize(
    ("value", "words"), [(0.0, "0.0"), (0.0312, "0.0312"), (1234567.0, "1,234,567"), (5.678, "5.68"), (99.96, "100.0")]
)
def test_figures_show_three_digits_that_count(value: float, words: str) -> None:
    assert shown(value) == words


def test_a_release_is_one_row_and_the_file_on_record_has_the_same_columns(tmp_path: Path) -> None:
    machine = Machine(processor="any", cores=2, memory_gb=8.0, load_before=0.0)
    size = Size(items=10, cases=20, open_cases=5)
    made = history.row(size, machine, {"limit": 5000.4}, {"submit": {"rate": 151.234, "of_limit": 0.03}}, missed=2)
    history.record(made, tmp_path / "history.csv")
    history.record(made, tmp_path / "history.csv")
    with (tmp_path / "history.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2
    assert (rows[0]["limit"], rows[0]["submit.rate"], rows[0]["missed"], rows[0]["advance.rate"]) == (
        "5000",
        "151.2",
        "2",
        "",
    )
    assert history.PATH.read_text(encoding="utf-8").splitlines()[0].split(",") == history.columns()
