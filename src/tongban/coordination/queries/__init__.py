"""How to find rules, warnings and orders, and who may see them."""

from tongban.coordination.queries.findings import (
    Counted,
    Filters,
    Reach,
    counted,
    finding_for,
    findings,
    reach_of,
    shown_choices,
)
from tongban.coordination.queries.orders import (
    WITHDRAWN,
    OrderShown,
    has_answered,
    may_answer,
    may_judge,
    may_withdraw,
    open_order,
    order_for,
    order_paper_is_visible,
    orders,
    orders_to_escalate,
    oversees,
    takes_back,
)
from tongban.coordination.queries.tables import in_force, may_change_rules, rules_in, table_of_version, versions
from tongban.coordination.queries.warning import Warner

__all__ = [
    "WITHDRAWN",
    "Counted",
    "Filters",
    "OrderShown",
    "Reach",
    "Warner",
    "counted",
    "finding_for",
    "findings",
    "has_answered",
    "in_force",
    "may_answer",
    "may_change_rules",
    "may_judge",
    "may_withdraw",
    "open_order",
    "order_for",
    "order_paper_is_visible",
    "orders",
    "orders_to_escalate",
    "oversees",
    "reach_of",
    "rules_in",
    "shown_choices",
    "table_of_version",
    "takes_back",
    "versions",
]
