"""The figures are recomputed from the cases; whatever was put wrong is named."""

from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tongban.base.actor import SYSTEM
from tongban.base.books import COMPARISONS, Look
from tongban.calendar import actions as calendar
from tongban.calendar.rules.settling import LocalDay
from tongban.cases.models import Case
from tongban.cases.tests.people import City, make_city
from tongban.insight import actions
from tongban.insight.models import FinishedCase
from tongban.insight.queries import Reach, behind, overview
from tongban.insight.queries.verifying import differences
from tongban.insight.rules.figures import FIGURES
from tongban.insight.tests.lives import FIRST, at, make_world, read_all, spring
from tongban.site.commands.verify_figures import verify

pytestmark = pytest.mark.django_db


def said() -> list[str]:
    return [one.what for one in differences()]


def disagreements() -> int:
    return COMPARISONS["insight.rows"].compare(Look(now=at(5, 1))).number


def test_what_was_read_agrees_with_the_cases(city: City, capsys: pytest.CaptureFixture[str]) -> None:
    make_world(city)
    read_all(at(4, 8))
    assert said() == []
    assert disagreements() == 0
    assert verify(rebuild=False, most=20) == 0
    assert "✓ All figures agree: 6 finished cases" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("column", "wrong"),
    [
        ("days_used", 1), ("kept_promise", None), ("outcome", "refused"), ("supplements", 3), ("ended_on", FIRST),
        ("item_code", "X9"), ("visits_made", 2), ("promised_days", 9), ("acceptance_is_deemed", True),
    ],
)  # fmt: skip
def test_every_column_that_was_put_wrong_is_named(
    city: City, column: str, wrong: object, capsys: pytest.CaptureFixture[str]
) -> None:
    world = make_world(city)
    read_all(at(4, 8))
    FinishedCase.objects.filter(case=world["late"]).update(**{column: wrong})
    assert [what.split()[0] for what in said()] == [column]
    assert verify(rebuild=False, most=20) == 1
    assert f"case {world['late'].id} {column} is kept as" in capsys.readouterr().out
    assert verify(rebuild=True, most=20) == 0


def test_a_case_that_is_missing_or_too_many_is_named(city: City) -> None:
    world = make_world(city)
    running = city.case(now=at(4, 1))
    read_all(at(4, 8))
    FinishedCase.objects.filter(case=world["quick"]).delete()
    stray = FinishedCase.objects.get(case=world["late"])
    stray.pk = running.id
    stray.save(force_insert=True)
    assert sorted(said()) == ["is counted and has not come to its end", "is not counted"]
    assert disagreements() == 2


def test_rows_of_erased_cases_stay_and_are_not_held_against_anybody(city: City) -> None:
    world = make_world(city)
    read_all(at(4, 8))
    Case.objects.filter(id=world["late"].id).update(erased_at=at(4, 8), channel="web")
    read_all(at(4, 9))
    actions.rebuild(now=at(4, 9))
    assert FinishedCase.objects.count() == 6
    assert said() == []


@pytest.mark.django_db(transaction=True)
def test_parts_made_side_by_side_are_all_of_it(transactional_db: None) -> None:
    world = make_world(make_city())
    actions.rebuild(now=at(4, 9))
    FinishedCase.objects.filter(case=world["late"]).update(supplements=3)
    FinishedCase.objects.filter(case=world["quick"]).delete()
    assert len(said()) == 2
    assert actions.rebuild(now=at(4, 9), side_by_side=3) == 6
    assert said() == []


def test_a_change_of_the_calendar_counts_the_days_anew(city: City) -> None:
    """3 March becomes a local closing day: who used it has used a day less."""
    world = make_world(city)
    read_all(at(4, 8))
    day = at(3, 3).date()
    local = LocalDay(day, "云澜建市日", is_working=False, basis="云政发〔2026〕1 号")
    calendar.set_local_day(actor=SYSTEM, local=local, now=at(4, 9))
    assert said() != []
    read_all(at(4, 9))
    assert FinishedCase.objects.get(case=world["quick"]).days_used == 1
    assert said() == []


VALUES: dict[str, list[Any]] = {
    "outcome": ["granted", "refused", "not_accepted", "withdrawn", "lapsed"],
    "channel": ["web", "window", "api"],
    "days_used": [None, 0, 1, 2, 5, 9, 40],
    "promised_days": [None, 0, 3, 7],
    "statutory_days": [None, 0, 20, 45],
    "kept_promise": [None, True, False],
    "kept_law": [None, True, False],
    "acceptance_is_deemed": [True, False],
    "decision_is_deemed": [True, False],
    "supplements": [0, 1, 2],
    "visits_made": [0, 1, 2],
    "visits_asked": [None, 0, 1, 2],
    "materials_needed": [0, 1, 4],
    "materials_brought": [0, 1, 4],
    "usual_days": [None, 1, 5],
    "nine_in_ten_days": [None, 5, 9],
}


def naive(rows: list[FinishedCase], key: str) -> float | None:  # noqa: C901, PLR0911, PLR0912 - one figure after the other, as their words say
    """Count a figure as its meaning says, row by row and without any of the definitions in code."""
    decided = [row for row in rows if row.outcome in {"granted", "refused"}]
    used = sorted(row.days_used for row in rows if row.days_used is not None)

    def share(chosen: list[bool]) -> float | None:
        return sum(chosen) / len(chosen) if chosen else None

    def mean(chosen: list[int]) -> float | None:
        return sum(chosen) / len(chosen) if chosen else None

    def at_share(chosen: list[int], tenths: int) -> float | None:
        return sorted(chosen)[-(-len(chosen) * tenths // 10) - 1] if chosen else None

    def saved(pairs: list[tuple[int, int]]) -> float | None:
        whole = sum(of for _value, of in pairs)
        return 1 - sum(value for value, _of in pairs) / whole if whole else None

    def limits(name: str) -> list[int]:
        return [getattr(row, name) for row in rows if row.days_used is not None and getattr(row, name) is not None]

    match key:
        case "finished":
            return len(rows)
        case "on_time":
            told = [row.kept_law if row.kept_promise is None else row.kept_promise for row in decided]
            return share([kept for kept in told if kept is not None])
        case "within_law":
            return share([row.kept_law for row in decided if row.kept_law is not None])
        case "days_median" | "days_nine":
            return at_share(used, 5 if key == "days_median" else 9)
        case "promised_median" | "promised_nine":
            return at_share(limits("promised_days"), 5 if key == "promised_median" else 9)
        case "statutory_median" | "statutory_nine":
            return at_share(limits("statutory_days"), 5 if key == "statutory_median" else 9)
        case "time_saved":
            both = [row for row in rows if None not in {row.days_used, row.promised_days, row.statutory_days}]
            return saved([(row.promised_days or 0, row.statutory_days or 0) for row in both])
        case "visits":
            return mean([row.visits_made for row in decided])
        case "visits_asked":
            return mean([row.visits_asked for row in decided if row.visits_asked is not None])
        case "no_visit":
            return share([row.visits_made == 0 for row in decided])
        case "materials_saved":
            return saved([(row.materials_brought, row.materials_needed) for row in decided if row.materials_needed])
        case "materials":
            return mean([row.materials_brought for row in decided if row.materials_needed])
        case "online":
            return share([row.channel != "window" for row in rows])
        case "supplements":
            return mean([row.supplements for row in rows])
        case "supplemented":
            return share([row.supplements > 0 for row in rows])
        case "deemed":
            return sum(row.acceptance_is_deemed for row in rows)
        case "deemed_granted":
            return sum(row.decision_is_deemed for row in rows)
        case "told_usual":
            pairs = [(row.days_used, row.usual_days) for row in rows]
            return share([days <= usual for days, usual in pairs if days is not None and usual is not None])
        case "told_nine":
            told_of = [row for row in rows if row.days_used is not None and row.usual_days is not None]
            return share([(row.days_used or 0) <= (row.nine_in_ten_days or -1) for row in told_of])
    return sum(row.outcome == key for row in rows)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=some.integers(0, 2**32))
def test_kept_aggregates_are_a_naive_recount(city: City, seed: int) -> None:
    dice = Random(seed)  # noqa: S311 - dice
    if not Case.objects.exists():
        make_world(city)
        read_all(at(4, 8))
    rows = list(FinishedCase.objects.order_by("case_id"))
    for row in rows:
        for name, values in VALUES.items():
            setattr(row, name, dice.choice(values))
        row.nine_in_ten_days = None if row.usual_days is None else dice.choice([row.usual_days, row.usual_days + 4])
    FinishedCase.objects.bulk_update(rows, list(VALUES))
    within = Reach([city.market.organisation.id])
    for key, counted in overview(within, spring()).items():
        assert counted.value == pytest.approx(naive(rows, key)), key
        figure = FIGURES[key]
        lists = [behind(within, spring(), figure, part) for part in ("", "rest", "all")]
        assert len(lists[2]) == counted.among
        if figure.counted is not None:
            assert (len(lists[0]), len(lists[0]) + len(lists[1])) == (counted.part, counted.among), key
