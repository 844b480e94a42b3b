"""Casts the moulds of a city: one of each life that was played, two where it has ended."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from tongban.base.actor import SYSTEM
from tongban.cases import actions as cases
from tongban.cases import queries as case_queries
from tongban.site.demo.bulk import residents, stock
from tongban.site.demo.bulk.cases import mould_of
from tongban.site.demo.bulk.moulds import Mould, rows_of
from tongban.site.demo.bulk.world import World

ARCHIVED_DAYS = 32
"""What ended longer ago has been archived."""


@dataclass
class Shapes:
    """Moulds: of residents, enterprises, items; of open cases, and of ended ones, before and after their archive."""

    resident: Mould
    enterprise: Mould
    items: dict[str, Mould]
    open: list[Mould] = field(default_factory=list)
    ended: list[tuple[Mould, Mould]] = field(default_factory=list)


def cast_shapes(world: World, *, now: datetime) -> Shapes:
    """Cast each case of the small city. An ended one is archived for its second mould, which is undone again."""
    shapes = Shapes(residents.cast_resident(world), residents.cast_enterprise(world), stock.cast_items(world))
    for row in rows_of("cases_case", "kind = 'application'", {}):
        mould = mould_of(UUID(row["id"]), world, now=now)
        if mould.facts["language"] != "zh-hans":
            continue
        if mould.facts["open"]:
            shapes.open.append(mould)
            continue
        case = case_queries.case_by_id(UUID(row["id"]))
        if case.archived_at is not None or case.ended_at is None:
            continue
        with transaction.atomic():
            point = transaction.savepoint()
            cases.archive(actor=SYSTEM, case=case, now=case.ended_at + timedelta(days=ARCHIVED_DAYS - 1))
            archived = mould_of(case.id, world, now=now)
            transaction.savepoint_rollback(point)
        shapes.ended.append((mould, archived))
    return shapes
