"""Lives of cases through the actions, against the count day by day of `make clock`.

`make clock` holds the rules to it; here it is what comes out on the clocks in the database: after procedures that
overlap, an extension, and a calendar that changes meanwhile and is reckoned in by the worker.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

import pytest

from bench.clock.counting import Customs, Year, end_of
from bench.clock.official import notices
from tongban.base.actor import SYSTEM
from tongban.base.clock import OFFICE_ZONE
from tongban.calendar import actions as calendar
from tongban.calendar.rules.settling import LocalDay
from tongban.cases import actions
from tongban.cases.errors import NothingToExtend, TooLate
from tongban.cases.kinds import TermLimit, Terms
from tongban.cases.models import Case, Suspension
from tongban.cases.tests.people import City, Staff, make_city, open_task
from tongban.cases.tests.test_moving_clocks import head_of
from tongban.ledger import actions as ledger

pytestmark = pytest.mark.django_db

LIVES, TURNS = 5, 8
MOST = {"working_day": 30, "calendar_day": 40, "month": 3, "working_hour": 60, "hour": 200, "on_the_spot": 0}
WEEK = TermLimit(value=5, unit="working_day")
PAUSES = (0, 1, 60, 3600, 7 * 3600, 86_400, 3 * 86_400, 9 * 86_400)


@dataclass
class Life:
    """A case on its way, and what an onlooker has written down of it."""

    city: City
    head: Staff
    dice: Random
    at: datetime
    case: Case
    local: dict[date, bool]
    standing: dict[str, Suspension] = field(default_factory=dict)
    stood_since: datetime | None = None
    stops: list[tuple[datetime, datetime]] = field(default_factory=list)
    is_extended: bool = False

    def go_on(self) -> None:
        """Let some time pass, and something happen."""
        self.at += timedelta(seconds=self.dice.choice(PAUSES) + self.dice.randint(0, 3))
        self.dice.choice((self.begin, self.begin, self.end, self.end, self.extend, self.change_the_calendar))()

    def begin(self) -> None:
        name, reviewer = self.dice.choice(("hearing", "test", "inspection")), self.city.reviewer.actor
        if name in self.standing:
            return
        task = open_task(self.case, "review")
        self.standing[name] = actions.begin_procedure(
            actor=reviewer, task=task, procedure=name, ground="须查明", expected=WEEK, now=self.at
        )
        self.stood_since = self.stood_since or self.at

    def end(self) -> None:
        if not self.standing:
            return
        over = self.standing.pop(self.dice.choice(sorted(self.standing)))
        reviewer, task = self.city.reviewer.actor, open_task(self.case, "review")
        actions.resume(actor=reviewer, task=task, suspension_id=over.id, outcome="已查明", now=self.at)
        if not self.standing and self.stood_since is not None:
            self.stops.append((legal_time(self.stood_since), legal_time(self.at)))
            self.stood_since = None

    def extend(self) -> None:
        if self.standing or self.is_extended:
            return
        try:
            task = open_task(self.case, "review")
            actions.ask_extension(actor=self.city.reviewer.actor, task=task, reasons="复杂", now=self.at)
        except (NothingToExtend, TooLate):
            return
        task, self.is_extended = open_task(self.case, "approval"), True
        actions.answer_approval(actor=self.head.actor, task=task, granted=True, now=self.at)

    def change_the_calendar(self) -> None:
        day = (self.at + timedelta(days=self.dice.randint(-3, 20))).date()
        if self.local.pop(day, None) is not None:
            calendar.remove_local_day(actor=SYSTEM, day=day, now=self.at)
        else:
            self.local[day] = self.dice.random() < 0.4
            named = LocalDay(day, "本地", self.local[day], "云政发〔2026〕3号")
            calendar.set_local_day(actor=SYSTEM, local=named, now=self.at)
        ledger.drain(self.at)
        while actions.recount_some(now=self.at) == "more":
            pass


def legal_time(instant: datetime) -> datetime:
    return instant.astimezone(OFFICE_ZONE).replace(tzinfo=None)


def accepted(city: City, head: Staff, dice: Random, local: dict[date, bool]) -> Life:
    unit = dice.choice(sorted(MOST))
    terms = Terms.model_validate({"item_type": "01", "promised": {"value": dice.randint(0, MOST[unit]), "unit": unit}})
    day = datetime(2026, 1, 5, tzinfo=OFFICE_ZONE) + timedelta(days=dice.randint(0, 150))
    at = day + timedelta(seconds=dice.randint(0, 86_399))
    case = city.case(now=at, terms=terms)
    at += timedelta(seconds=dice.randint(0, 30 * 3600))
    actions.accept(actor=city.desk.actor, task=open_task(case, "acceptance"), now=at)
    return Life(city, head, dice, at, case, local)


@pytest.mark.parametrize("seed", [1, 2])
def test_what_stands_on_the_clocks_is_what_somebody_counts_day_by_day(seed: int) -> None:
    dice, local = Random(seed), dict[date, bool]()  # noqa: S311 - dice
    city = make_city()
    head, compared, moved = head_of(city), 0, 0
    for _life in range(LIVES):
        life = accepted(city, head, dice, local)
        for _turn in range(TURNS):
            life.go_on()
        year = Year(notices(), dict(local))
        for clock in life.case.clocks.filter(kind__in=["statutory", "promised"], state="running"):
            added = [(one.unit, one.value) for one in clock.extensions.order_by("granted_at", "id")]
            limit, start = (clock.limit_unit, clock.limit_value), legal_time(clock.started_at)
            wanted = end_of(limit, start, life.stops, added, year, Customs())
            assert clock.due_at is not None
            assert (clock.due_on, legal_time(clock.due_at)) == (wanted.day, wanted.at), (
                limit,
                start,
                life.stops,
                added,
            )
            compared, moved = compared + 1, moved + bool(life.stops or added)
    assert moved >= 2, f"of {compared} clocks too few were moved to tell anything"
