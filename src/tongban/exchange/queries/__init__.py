"""How to find resources, grants and look-ups, and who may see them."""

from tongban.exchange.queries.catalogue import (
    conflicts,
    grant_for,
    grants,
    grants_of_resource,
    grants_standing,
    item_names,
    items_of,
    may_change_grant,
    resource_by_slug,
    resources,
    standing_words,
    stewarded,
    uses_of,
)
from tongban.exchange.queries.log import LogFilters, told
from tongban.exchange.queries.looking import Found, enterprise_subject, found_for, person_subject, subject_of
from tongban.exchange.queries.rights import orders, reviews, stewards
from tongban.exchange.queries.secrecy import SecrecyTotals, secrecy_totals, secret_look_up_for, secret_until
from tongban.exchange.queries.serving import Served, is_granted, served
from tongban.exchange.queries.sources import (
    drop_in_force,
    is_outside,
    items_to_declare,
    may_declare,
    resource_to_declare,
    source_of,
    watch_of,
)
from tongban.exchange.queries.upkeep import ending, grant_by_id, items_by_resource, length_of, unused_fields

__all__ = [
    "Found",
    "LogFilters",
    "SecrecyTotals",
    "Served",
    "conflicts",
    "drop_in_force",
    "ending",
    "enterprise_subject",
    "found_for",
    "grant_by_id",
    "grant_for",
    "grants",
    "grants_of_resource",
    "grants_standing",
    "is_granted",
    "is_outside",
    "item_names",
    "items_by_resource",
    "items_of",
    "items_to_declare",
    "length_of",
    "may_change_grant",
    "may_declare",
    "orders",
    "person_subject",
    "resource_by_slug",
    "resource_to_declare",
    "resources",
    "reviews",
    "secrecy_totals",
    "secret_look_up_for",
    "secret_until",
    "served",
    "source_of",
    "standing_words",
    "stewarded",
    "stewards",
    "subject_of",
    "told",
    "unused_fields",
    "uses_of",
    "watch_of",
]
