"""What may be done with the calendar: publish a year's notice, name local days, settle what the law leaves open."""

from tongban.calendar.actions.settling import (
    preview_of_local_days,
    preview_of_policies,
    remove_local_day,
    remove_policy,
    set_local_day,
    set_policy,
)
from tongban.calendar.actions.versions import digest_of, require_manager
from tongban.calendar.actions.years import (
    check_year,
    load_published,
    preview_of_year,
    publish_year,
    shipped_years,
)

__all__ = [
    "check_year",
    "digest_of",
    "load_published",
    "preview_of_local_days",
    "preview_of_policies",
    "preview_of_year",
    "publish_year",
    "remove_local_day",
    "remove_policy",
    "require_manager",
    "set_local_day",
    "set_policy",
    "shipped_years",
]
