"""Promised ≤ statutory: refused when written here, reported when brought in from elsewhere."""

from datetime import datetime

import pytest

from tongban.base.errors import Invalid
from tongban.catalogue.guide import GuideLimit
from tongban.catalogue.models import HandlingVersion
from tongban.catalogue.rules import contradictions, verdict
from tongban.catalogue.tests.building import published, restaurant

LIMITS = [
    (8, "working_day", 20, "working_day", "fits"),
    (20, "working_day", 20, "working_day", "fits"),
    (21, "working_day", 20, "working_day", "longer"),
    (21, "working_day", 20, "calendar_day", "longer"),
    (20, "working_day", 20, "calendar_day", "unclear"),
    (20, "calendar_day", 20, "working_day", "fits"),
    (30, "calendar_day", 20, "working_day", "unclear"),
    (51, "calendar_day", 20, "working_day", "longer"),
    (48, "hour", 2, "calendar_day", "fits"),
    (49, "hour", 2, "calendar_day", "longer"),
    (1, "month", 30, "calendar_day", "unclear"),
    (1, "month", 31, "calendar_day", "fits"),
    (2, "month", 31, "calendar_day", "longer"),
    (0, "on_the_spot", 1, "working_day", "fits"),
    (1, "working_day", 0, "on_the_spot", "longer"),
    (5, None, 20, "working_day", "unclear"),
    (None, "working_day", 20, "working_day", "fits"),
]


@pytest.mark.parametrize(("promised", "unit", "statutory", "law_unit", "told"), LIMITS)
def test_limits_are_compared_as_far_as_they_can_be(
    promised: int | None, unit: str | None, statutory: int, law_unit: str, told: str
) -> None:
    law = GuideLimit.model_validate({"value": statutory, "unit": law_unit})
    assert verdict(GuideLimit.model_validate({"value": promised, "unit": unit}), law) == told


@pytest.mark.django_db
def test_a_promise_longer_than_the_law_is_refused_here_and_flagged_from_elsewhere(now: datetime) -> None:
    broken = restaurant(promised_limit={"value": 21, "unit": "working_day"})
    with pytest.raises(Invalid) as refused:
        published(broken, "longer", now)
    assert set(refused.value.fields) == {"promised_limit"}
    assert not HandlingVersion.objects.exists()
    published(broken, "longer", now, source="elsewhere", source_key="1")
    assert "promise_longer" in {one.code for one in contradictions(broken)}
    unclear = restaurant(
        promised_limit={"value": 20, "unit": "calendar_day"}, statutory_limit={"value": 15, "unit": "working_day"}
    )
    published(unclear, "unclear", now)
    assert {one.code for one in contradictions(unclear)} >= {"promise_not_comparable"}
