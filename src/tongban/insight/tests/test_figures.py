"""A small world whose every figure was counted by hand."""

import pytest

from tongban.cases.models import Case
from tongban.cases.tests.people import City
from tongban.insight.models import FinishedCase
from tongban.insight.queries import behind, overview, table
from tongban.insight.rules.figures import FIGURES
from tongban.insight.tests.lives import at, make_world, reach, read_all, spring, supervisor

pytestmark = pytest.mark.django_db

BY_HAND: dict[str, float | None] = {
    "finished": 6,
    "on_time": 3 / 4,
    "within_law": 1.0,
    "days_median": 2,
    "days_nine": 6,
    "promised_median": 5,
    "promised_nine": 5,
    "statutory_median": 20,
    "statutory_nine": 20,
    "time_saved": 0.75,
    "visits": 0.0,
    "visits_asked": None,
    "no_visit": 1.0,
    "materials_saved": None,
    "materials": None,
    "online": 5 / 6,
    "supplements": 1 / 6,
    "supplemented": 1 / 6,
    "deemed": 0,
    "deemed_granted": 0,
    "refused": 0,
    "not_accepted": 1,
    "withdrawn": 1,
    "lapsed": 0,
    "told_usual": None,
    "told_nine": None,
}


def test_every_figure_is_what_was_counted_by_hand(city: City) -> None:
    make_world(city)
    read_all(at(4, 8))
    counted = overview(reach(supervisor(city)), spring())
    assert {key: one.value for key, one in counted.items()} == pytest.approx(BY_HAND)
    assert set(BY_HAND) == set(FIGURES)


def test_days_are_those_of_the_calendar_without_stops(city: City) -> None:
    world = make_world(city)
    read_all(at(4, 8))
    rows = FinishedCase.objects.in_bulk()
    used = {name: rows[case.id].days_used for name, case in world.items()}
    assert used == {"quick": 2, "late": 6, "stood": 5, "spring": 2, "not": None, "back": None}
    kept = {name: rows[case.id].kept_promise for name, case in world.items()}
    assert kept == {"quick": True, "late": False, "stood": True, "spring": True, "not": None, "back": None}
    assert rows[world["quick"].id].post_id == city.head.post.id
    assert rows[world["not"].id].post_id == city.desk.post.id
    assert rows[world["back"].id].post_id is None


def test_the_list_behind_a_figure_holds_what_it_counts(city: City) -> None:
    world = make_world(city)
    read_all(at(4, 8))
    within, selection = reach(supervisor(city)), spring()
    late = behind(within, selection, FIGURES["on_time"], "rest")
    assert [row.case_id for row in late] == [world["late"].id]
    for key, counted in overview(within, selection).items():
        figure = FIGURES[key]
        first, rest, both = (behind(within, selection, figure, part).count() for part in ("", "rest", "all"))
        assert both == counted.among
        assert first == (counted.among if counted.part is None else counted.part)
        assert figure.counted is None or first + rest == both


def test_groups_add_up_and_each_narrows_to_its_own_cases(city: City) -> None:
    make_world(city)
    read_all(at(4, 8))
    within = reach(supervisor(city))
    for by, sizes in (
        ("organisation", [6]),
        ("month", [5, 1]),
        ("channel", [5, 1]),
        ("item", [6]),
        ("post", [4, 1, 1]),
    ):
        selection = spring(by=by)
        lines = table(within, selection)
        assert [line.figures["finished"].among for line in lines] == sizes, by
        for line in lines:
            part = selection.narrowed(by, line.key)
            alone = overview(within, part)
            assert {key: one.value for key, one in alone.items()} == {
                key: one.value for key, one in line.figures.items()
            }


def test_only_what_is_within_reach_is_counted(city: City) -> None:
    make_world(city)
    read_all(at(4, 8))
    within = reach(supervisor(city))
    elsewhere = city.health.organisation.id
    Case.objects.filter(channel="window").update(organisation=elsewhere)
    assert overview(within, spring(organisation_id=elsewhere))["finished"].among == 0
    assert city.market.organisation.id in within.organisation_ids


def test_reading_twice_changes_nothing_and_what_comes_later_is_added(city: City) -> None:
    make_world(city)
    read_all(at(4, 8))
    before = sorted(FinishedCase.objects.values_list())
    read_all(at(4, 8))
    assert sorted(FinishedCase.objects.values_list()) == before
