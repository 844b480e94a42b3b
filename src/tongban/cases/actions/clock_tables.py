"""Publish the table of clocks for a type of item: a new version; cases keep the one under which they came in."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongban.base.actor import Actor
from tongban.base.errors import Forbidden
from tongban.cases import queries
from tongban.cases.errors import NotComplete, StaleTable
from tongban.cases.events import ClockTablePublished
from tongban.cases.models import ClockTable
from tongban.cases.rules.clock_table import PERMIT, SHIPPED, ClockRules
from tongban.ledger import actions as ledger


@transaction.atomic
def publish_clock_table(
    *,
    actor: Actor,
    item_type: str,
    rules: ClockRules,
    source: str,
    after_version: int | None = None,
    now: datetime,
) -> ClockTable:
    """Put a table into force for the cases that come in from now on; the same content again changes nothing.

    Item managers of the service centre, for the whole jurisdiction. `after_version` is the one that the writer saw, 0
    for none. Raises Forbidden, NotComplete ("source", "item_type", "clocks"), StaleTable.
    """
    if actor.kind != "system" and not queries.may_publish_clocks(actor):
        raise Forbidden
    problems = {}
    if not source.strip():
        problems["source"] = [_("Please name the law or rule that this table follows.")]
    if item_type and not (item_type.isascii() and item_type.isdecimal() and len(item_type) == len(PERMIT)):
        problems["item_type"] = [_("A type of item has two digits, such as 01 for permits.")]
    if rules.steps_named_twice:
        problems["clocks"] = [_("The same step is named by two clocks. Please take it out of one.")]
    if problems:
        raise NotComplete(problems)
    standing = ClockTable.objects.select_for_update().filter(item_type=item_type).order_by("-version").first()
    if after_version is not None and after_version != (standing.version if standing else 0):
        raise StaleTable
    content = rules.model_dump(mode="json")
    if standing is not None and (standing.content, standing.source) == (content, source):
        return standing
    table = ClockTable(
        item_type=item_type,
        version=standing.version + 1 if standing else 1,
        content=content,
        source=source[:500],
        published_at=now,
        published_by_id=actor.official_id,
    )
    try:
        with transaction.atomic():
            table.save(force_insert=True)
    except IntegrityError:  # a colleague has published this version at the same instant
        raise StaleTable from None
    event = ClockTablePublished(subject_id=table.id, item_type=item_type, version=table.version)
    ledger.record(event, actor=actor, now=now)
    return table


def load_shipped_tables(now: datetime) -> None:
    """Put the tables that come with the product into an installation that has none; what is there stays.

    Runs after each migration.
    """
    there = set(ClockTable.objects.values_list("item_type", flat=True))
    ClockTable.objects.bulk_create(
        [
            ClockTable(
                item_type=item_type, version=1, content=rules.model_dump(mode="json"), source=source, published_at=now
            )
            for item_type, (rules, source) in SHIPPED.items()
            if item_type not in there
        ],
        ignore_conflicts=True,
    )
