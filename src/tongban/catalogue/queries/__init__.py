"""How to find matters: by code, by words, by theme, by department, by use."""

from tongban.catalogue.guide import Fee, Guide, GuideLimit, Material, SituationQuestion
from tongban.catalogue.models import HandlingItem
from tongban.catalogue.queries.browsing import (
    Department,
    Group,
    by_department,
    by_theme,
    department,
    departments,
    for_audience,
    most_used,
    theme,
    themes,
)
from tongban.catalogue.queries.changes import catalogue_revision
from tongban.catalogue.queries.items import (
    Published,
    applied,
    clean_situation,
    guide_of,
    guide_revision,
    item,
    item_names,
    open_questions,
    published,
    version,
    versions_to_apply_for,
)
from tongban.catalogue.queries.listing import Listed
from tongban.catalogue.queries.listing import listed as rows
from tongban.catalogue.queries.registers import not_granted, resources_of
from tongban.catalogue.queries.searching import (
    MOST_PAGES,
    Filters,
    Found,
    Hit,
    Suggestion,
    all_can_be_found,
    search,
    suggest,
    warm_up,
)

__all__ = [
    "MOST_PAGES",
    "Department",
    "Fee",
    "Filters",
    "Found",
    "Group",
    "Guide",
    "GuideLimit",
    "HandlingItem",
    "Hit",
    "Listed",
    "Material",
    "Published",
    "SituationQuestion",
    "Suggestion",
    "all_can_be_found",
    "applied",
    "by_department",
    "by_theme",
    "catalogue_revision",
    "clean_situation",
    "department",
    "departments",
    "for_audience",
    "guide_of",
    "guide_revision",
    "item",
    "item_names",
    "most_used",
    "not_granted",
    "open_questions",
    "published",
    "resources_of",
    "rows",
    "search",
    "suggest",
    "theme",
    "themes",
    "version",
    "versions_to_apply_for",
    "warm_up",
]
