"""The table of rules in force, and its history."""

from functools import lru_cache
from uuid import UUID

from tongban.base.actor import Actor
from tongban.base.errors import NotFound
from tongban.coordination.models import RuleTable
from tongban.coordination.rules.table import Rules
from tongban.organisations import queries as organisations


def in_force() -> RuleTable | None:
    """Return the newest version; None in an installation that has none."""
    return RuleTable.objects.order_by("-version").first()


def rules_in(table: RuleTable) -> Rules:
    """Return the rules of a version with their types. Versions never change: each is read once by a process."""
    return _rules(table.id)


@lru_cache(maxsize=100)
def _rules(table_id: UUID) -> Rules:
    return Rules.model_validate(RuleTable.objects.values_list("content", flat=True).get(id=table_id))


def versions() -> list[RuleTable]:
    """Return all versions, the newest first."""
    return list(RuleTable.objects.select_related("published_by").order_by("-version"))


def table_of_version(version: int) -> RuleTable:
    """Return a version; raises NotFound."""
    found = RuleTable.objects.select_related("published_by").filter(version=version).first()
    if found is None:
        raise NotFound
    return found


def may_change_rules(actor: Actor) -> bool:
    """Whether the actor supervises for the service centre, and so for the whole jurisdiction."""
    centre_id = organisations.service_centre_id()
    return actor.is_official and centre_id is not None and actor.has_role("supervisor", centre_id)
