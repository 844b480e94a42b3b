"""How to find resources, grants and look-ups, and who may see them."""

from tongban.exchange.queries.catalogue import (
    conflicts,
    grant_for,
    grants,
    grants_of_resource,
    items_of,
    may_change_grant,
    resource_by_slug,
    resources,
    stewarded,
    uses_of,
)
from tongban.exchange.queries.log import LogFilters, told
from tongban.exchange.queries.looking import Found, enterprise_subject, found_for, person_subject, subject_of
from tongban.exchange.queries.rights import reviews, stewards

__all__ = [
    "Found",
    "LogFilters",
    "conflicts",
    "enterprise_subject",
    "found_for",
    "grant_for",
    "grants",
    "grants_of_resource",
    "items_of",
    "may_change_grant",
    "person_subject",
    "resource_by_slug",
    "resources",
    "reviews",
    "stewarded",
    "stewards",
    "subject_of",
    "told",
    "uses_of",
]
