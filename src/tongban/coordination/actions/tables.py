"""Publish the table of rules: a new version, under which the next look finds everything anew."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base.actor import Actor
from tongban.base.text import clean_line
from tongban.coordination.errors import NotComplete, OnlyTheCentre, RulesChanged
from tongban.coordination.events import RulesPublished
from tongban.coordination.models import RuleTable
from tongban.coordination.queries import may_change_rules
from tongban.coordination.rules.table import PRESET, PRESET_SOURCE, Rules
from tongban.ledger import actions as ledger

LONGEST_SOURCE = 500


@transaction.atomic
def publish_rules(*, actor: Actor, rules: Rules, source: str, known_version: int, now: datetime) -> RuleTable:
    """Put a table into force. The same content again changes nothing.

    `known_version` is the one that the page compared with. Raises OnlyTheCentre, NotComplete ("source"), RulesChanged.
    """
    if not may_change_rules(actor):
        raise OnlyTheCentre
    text = clean_line(source)[:LONGEST_SOURCE]
    if not text:
        raise NotComplete({"source": [_("Please say by which rule, or why, it is changed.")]})
    standing = RuleTable.objects.select_for_update().order_by("-version").first()
    if standing is not None and standing.version != known_version:
        raise RulesChanged
    content = rules.model_dump(mode="json")
    if standing is not None and standing.content == content:
        return standing
    table = RuleTable.objects.create(
        version=known_version + 1,
        content=content,
        source=text,
        published_at=now,
        published_by_id=actor.official_id,
    )
    ledger.record(RulesPublished(subject_id=table.id, version=table.version), actor=actor, now=now)
    return table


def load_preset(now: datetime) -> None:
    """Put the rules that come with the product into an installation that has none. Runs after each migration."""
    if not RuleTable.objects.exists():
        preset = RuleTable(version=1, content=PRESET.model_dump(mode="json"), source=PRESET_SOURCE, published_at=now)
        RuleTable.objects.bulk_create([preset], ignore_conflicts=True)
