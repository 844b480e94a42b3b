"""The table of clocks in force for a case. Versions never change, so each is read once by a process."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, get_args
from uuid import UUID

from django.db.models import QuerySet

from tongban.base.actor import Actor
from tongban.base.compiled import Question, compiled_once, together
from tongban.calendar import queries as calendar
from tongban.calendar.rules import Limit, WorkingCalendar, due
from tongban.cases.kinds import Terms, terms_of
from tongban.cases.models import Case, ClockTable
from tongban.cases.rules.clock_table import PERMIT, SHIPPED, Begins, ClockRules, is_of_another_law
from tongban.cases.rules.clocks import starting, starting_with_step
from tongban.organisations import queries as organisations


def rules_of(case: Case) -> ClockRules:
    """Return the table under which a case was opened; one from before there were tables runs under the shipped one."""
    return rules_by(case.clock_table_id, str(case.terms.get("item_type", "")))


def rules_by(table_id: UUID | None, item_type: str) -> ClockRules:
    """Return the same for a case of which only these are at hand."""
    return shipped_rules(item_type) if table_id is None else _rules(table_id)


def may_be_joint(case: Case) -> bool:
    """Whether handling by several offices together would change the limit: not where another law has its own for it."""
    rule, own = rules_of(case).rule_of("statutory"), terms_of(case).statutory
    if rule is None or rule.joint is None:
        return False
    return own is None or not is_of_another_law(own, rule.joint)


def shipped_rules(item_type: str) -> ClockRules:
    """Return the table that came with the product for a type of item."""
    return SHIPPED[PERMIT if item_type == PERMIT else ""][0]


@dataclass(frozen=True, slots=True)
class InForce:
    """What clocks of a case that comes in now are reckoned by."""

    table_id: UUID | None
    rules: ClockRules
    calendar: WorkingCalendar


@dataclass(frozen=True, slots=True)
class Standing:
    """The newest tables by type of item, and the calendar: what `standing_questions` found."""

    tables: Sequence[ClockTable]
    content: Sequence[Any]


def standing_questions() -> tuple[Question[ClockTable], Question[Any]]:
    """Return what is to be asked before a case is opened, for whoever asks it together with their own."""
    return _newest.asking(), calendar.calendar_content.asking()


def in_force(item_type: str, standing: Standing | None = None) -> InForce:
    """Return the newest table for a type of item, or for all others, and the calendar; asks unless it was asked."""
    found = standing or Standing(*together(*standing_questions()))
    newest = {table.item_type: table.id for table in found.tables}
    table_id = newest.get(item_type) or newest.get("")
    rules = _rules(table_id) if table_id else shipped_rules(item_type)
    return InForce(table_id, rules, calendar.calendar_of(found.content))


@compiled_once
def _newest() -> QuerySet[ClockTable]:
    return ClockTable.objects.order_by("item_type", "-version").distinct("item_type").only("id", "item_type")


@lru_cache(maxsize=200)
def _rules(table_id: UUID) -> ClockRules:
    return ClockRules.model_validate(ClockTable.objects.values_list("content", flat=True).get(id=table_id))


@dataclass(frozen=True, slots=True)
class Trial:
    """A clock that would begin now in a matter without limits of its own: its end by one table and by another."""

    kind: str
    begins: str
    step: str
    before: date | None
    after: date | None


def trial_of(before: ClockRules, after: ClockRules, *, item_type: str, at: datetime) -> list[Trial]:
    """Return where clocks would end that begin now, by the table as it is and as it would be."""
    old, new = (_ends(rules, item_type, at) for rules in (before, after))
    return [Trial(*key, old.get(key), new.get(key)) for key in {**old, **new}]


def _ends(rules: ClockRules, item_type: str, at: datetime) -> dict[tuple[str, str, str], date]:
    days, terms = calendar.working_calendar(), Terms(item_type=item_type)
    starts = {
        (start.kind, begins, ""): start for begins in get_args(Begins) for start in starting(rules, begins, terms)
    }
    for rule in rules.clocks:
        for step in rule.steps:
            start = starting_with_step(rules, step)
            starts |= {("step", "step", step): start} if start else {}
    policy = days.policy_on(at)
    return {
        key: due(Limit(start.value, start.unit), at, days, policy).day
        for key, start in starts.items()
        if key[1:] != ("step", "")
    }


def may_publish_clocks(actor: Actor) -> bool:
    """Whether the actor lays down which clocks there are: item managers of the service centre, for all."""
    centre = organisations.service_centre_id()
    return centre is not None and actor.has_role("item_manager", centre)


def clock_tables() -> list[ClockTable]:
    """Return the tables in force, by type of item, that of all others last."""
    return sorted(_newest_whole(), key=lambda table: (not table.item_type, table.item_type))


def _newest_whole() -> QuerySet[ClockTable]:
    return ClockTable.objects.order_by("item_type", "-version").distinct("item_type").select_related("published_by")


def versions_of_clock_table(item_type: str) -> list[ClockTable]:
    """Return the versions of the table of a type of item, the newest first."""
    return list(ClockTable.objects.filter(item_type=item_type).select_related("published_by").order_by("-version"))
