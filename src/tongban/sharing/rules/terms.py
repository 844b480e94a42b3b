"""The clocks of requests and disputes, as they come with the product, and what holds where nobody laid down else.

The periods of the Regulations on the Sharing of Government Data (政务数据共享条例, State Council Order 809) are known
here from others' accounts, not from its text, and places differ (two days to check and five to answer; ten). So
each row says in its basis that it is to be confirmed; item managers of the service centre change it at /office/clocks.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from tongban.base.errors import Words
from tongban.cases.kinds import TermLimit, Terms
from tongban.cases.rules.clock_table import ClockRule, ClockRules

UNCONDITIONAL, CONDITIONAL, DISPUTE = "91", "92", "93"
"""Types of item for the tables of clocks: numbers that the national list of types of items leaves free."""
RETENTION_YEARS = 10
STEWARD = "steward"

_LAW = "《政务数据共享条例》（国务院令第809号）"
_DOUBT = "条次与期限待核对原文，各地规定不一，可在“时限表”中修改"


def _one(kind: str, days: int, basis: str) -> ClockRules:
    limit = TermLimit(value=days, unit="working_day", basis=basis)
    return ClockRules(clocks=(ClockRule(kind=kind, begins="acceptance", limit=limit, told=True),))


TABLES: dict[str, tuple[Words, ClockRules, str]] = {
    UNCONDITIONAL: (
        _("Requests for data that are shared without conditions (91)"),
        _one("statutory", 1, f"{_LAW}：无条件共享的，1个工作日内答复（{_DOUBT}）"),
        f"{_LAW}（{_DOUBT}）",
    ),
    CONDITIONAL: (
        _("Requests for data that are shared on conditions, or not shared (92)"),
        _one("statutory", 10, f"{_LAW}：有条件共享的，10个工作日内答复（{_DOUBT}）"),
        f"{_LAW}（{_DOUBT}）",
    ),
    DISPUTE: (
        _("Disputes between offices about data (93)"),
        _one("promised", 20, f"产品默认值，法定期限未查明（{_DOUBT}）"),
        f"产品默认值，非法定期限（{_DOUBT}）",
    ),
}


def terms_of_request(sharing_class: str, items_served: tuple[str, ...]) -> Terms:
    """Return the terms of a request: its clock is that of the strictest class among its fields."""
    kind = UNCONDITIONAL if sharing_class == "unconditional" else CONDITIONAL
    return Terms(item_type=kind, item_code=items_served[0] if items_served else "", retention_years=RETENTION_YEARS)


def terms_of_dispute() -> Terms:
    """Return the terms of a dispute."""
    return Terms(item_type=DISPUTE, retention_years=RETENTION_YEARS)


@dataclass(frozen=True, slots=True)
class Policy:
    """What a jurisdiction lays down, in days; these are the values that come with the product."""

    unused_days: int = 180
    remind_days: int = 28
    longest_days: int = 1095
    dispute_days: int = 30


LIMITS: dict[str, tuple[int, int]] = {
    "unused_days": (7, 3650),
    "remind_days": (1, 365),
    "longest_days": (1, 3650),
    "dispute_days": (1, 365),
}
"""Least and most of each."""
