"""How to find cases, tasks, fees and papers, and who may see them."""

from tongban.cases.queries.clocks import ClockShown, clocks_of, explain_clock
from tongban.cases.queries.finding import (
    acts_for_applicant,
    applicant_of,
    archive_is_visible,
    case_by_id,
    case_for,
    fee_for,
    is_recused,
    open_supplement,
    open_supplement_points,
    paper_is_visible,
    ready_for_result,
    results_of,
    task_for,
    tasks_for,
    visible,
)
from tongban.cases.queries.following import Follow, Wanted, delivery_words, follow, papers_of
from tongban.cases.queries.history import Happened, history, opinions
from tongban.cases.queries.inbox import Filters, Inbox, inbox, open_tasks_on
from tongban.cases.queries.lists import cases_of, cases_wanting, deliveries_due, fees_due, search_cases

__all__ = [
    "ClockShown",
    "Filters",
    "Follow",
    "Happened",
    "Inbox",
    "Wanted",
    "acts_for_applicant",
    "applicant_of",
    "archive_is_visible",
    "case_by_id",
    "case_for",
    "cases_of",
    "cases_wanting",
    "clocks_of",
    "deliveries_due",
    "delivery_words",
    "explain_clock",
    "fee_for",
    "fees_due",
    "follow",
    "history",
    "inbox",
    "is_recused",
    "open_supplement",
    "open_supplement_points",
    "open_tasks_on",
    "opinions",
    "paper_is_visible",
    "papers_of",
    "ready_for_result",
    "results_of",
    "search_cases",
    "task_for",
    "tasks_for",
    "visible",
]
