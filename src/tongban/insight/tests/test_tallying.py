"""Counting what is alike comes to what the database says of each single case."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.db.models import Q, QuerySet, Sum

from tongban.cases.tests.people import City
from tongban.insight import queries
from tongban.insight.models import FinishedCase
from tongban.insight.queries import Reach, Selection
from tongban.insight.queries.counting import Percentile
from tongban.insight.rules.figures import FIGURES, Figure
from tongban.insight.rules.matching import matches
from tongban.insight.rules.tallying import SHARES, columns_of

pytestmark = pytest.mark.django_db
FIRST = date(2026, 3, 2)
CASES = 60


def some_row(city: City, chance: Random, case_id: Any) -> FinishedCase:
    used, told = chance.choice([None, *range(9)]), chance.choice([None, 2, 4])
    return FinishedCase(
        case_id=case_id,
        ended_on=FIRST + timedelta(days=chance.randrange(70)),
        organisation=chance.choice([city.market, city.health]).organisation,
        item_code=chance.choice(["X1", "X2", "X3"]),
        catalogue_code="C",
        channel=chance.choice(["web", "window", "api"]),
        outcome=chance.choice(["granted", "granted", "refused", "not_accepted", "withdrawn", "lapsed"]),
        days_used=used,
        promised_days=chance.choice([None, 3, 5]),
        statutory_days=chance.choice([None, 20]),
        kept_promise=chance.choice([None, True, False]),
        kept_law=chance.choice([None, True, False]),
        acceptance_is_deemed=chance.random() < 0.2,
        decision_is_deemed=chance.random() < 0.1,
        supplements=chance.randrange(3),
        visits_made=chance.randrange(3),
        visits_asked=chance.choice([None, 0, 1]),
        materials_needed=chance.randrange(4),
        materials_brought=chance.randrange(4),
        usual_days=told,
        nine_in_ten_days=None if told is None else told + 2,
    )


@pytest.fixture
def whole(city: City) -> Selection:
    chance = Random(20260302)  # noqa: S311 - examples, the same each time
    rows = [some_row(city, chance, city.case().id) for _number in range(CASES)]
    FinishedCase.objects.bulk_create(rows)
    return Selection(FIRST, FIRST + timedelta(days=69))


def said(rows: QuerySet[FinishedCase], figure: Figure) -> tuple[float | None, int]:
    """Return what the database says of a figure, asked for it alone."""
    among = rows.filter(figure.among)
    count = among.count()
    match figure.kind:
        case "count":
            return count, count
        case "share":
            return (among.filter(figure.counted or Q()).count() / count if count else None), count
        case "mean":
            return (among.aggregate(sum=Sum(figure.value))["sum"] / count if count else None), count
        case "saving":
            sums = among.aggregate(sum=Sum(figure.value), of=Sum(figure.of))
            return (1 - sums["sum"] / sums["of"] if sums["of"] else None), count
    return among.aggregate(value=Percentile(figure.value, SHARES[figure.kind]))["value"], count


def test_each_figure_is_what_the_database_says(city: City, whole: Selection) -> None:
    reach = Reach([city.market.organisation.id, city.health.organisation.id])
    found = queries.overview(reach, whole)
    for key, figure in FIGURES.items():
        assert (found[key].value, found[key].among) == said(FinishedCase.objects.all(), figure), key
    assert found["finished"].among == CASES
    assert sum(counted.value is not None for counted in found.values()) == len(FIGURES)


@pytest.mark.parametrize("by", ["organisation", "item", "post", "month", "channel"])
def test_each_line_is_what_the_database_says_of_its_group(city: City, whole: Selection, by: str) -> None:
    reach = Reach([city.market.organisation.id, city.health.organisation.id])
    grouped = Selection(whole.first, whole.last, by=by)
    lines = queries.table(reach, grouped)
    assert sum(line.figures["finished"].among for line in lines) == CASES
    sizes = [line.figures["finished"].among for line in lines]
    assert sizes == sorted(sizes, reverse=True) or by == "month"
    for line in lines:
        rows = queries.selected(reach, grouped.narrowed(by, line.key))
        for key, figure in FIGURES.items():
            assert (line.figures[key].value, line.figures[key].among) == said(rows, figure), (line.words, key)


def test_the_largest_groups_are_shown(city: City, whole: Selection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tongban.insight.queries.counting.MOST_GROUPS", 2)
    reach = Reach([city.market.organisation.id, city.health.organisation.id])
    lines = queries.table(reach, Selection(whole.first, whole.last, by="item"))
    counts = {code: FinishedCase.objects.filter(item_code=code).count() for code in ("X1", "X2", "X3")}
    assert [line.figures["finished"].among for line in lines] == sorted(counts.values(), reverse=True)[:2]


def test_what_is_compared_with_nothing_is_unknown() -> None:
    row = {"days_used": None, "usual_days": 3, "outcome": "granted"}
    assert not matches(Q(days_used__lte=3), row)
    assert matches(Q(days_used__lte=3) | Q(outcome="granted"), row)
    assert not matches(Q(days_used__lte=3) & Q(outcome="granted"), row)
    assert matches(Q(days_used__isnull=True) & Q(outcome__in=("granted", "refused")), row)


@pytest.mark.parametrize("condition", [~Q(outcome="granted"), Q(outcome__startswith="g")])
def test_a_condition_that_is_not_known_here_is_refused(condition: Q) -> None:
    with pytest.raises(ValueError, match="figures"):
        matches(condition, {"outcome": "granted"})


def test_every_figure_can_be_tallied() -> None:
    assert {"days_used", "usual_days", "outcome", "materials_needed", "materials_brought"} <= set(
        columns_of(FIGURES.values())
    )
