"""What applicants are told about how long it will take: reckoned daily from comparable cases, fixed at acceptance."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from tongban.base.clock import office_date
from tongban.cases.events import CaseAccepted, CaseDeemedAccepted
from tongban.insight.models import Expectation, Usual
from tongban.insight.queries import expecting
from tongban.ledger.queries import Passed

TELLING = frozenset({CaseAccepted.kind, CaseDeemedAccepted.kind})
"""Kinds of events with which the time of a case begins."""


def tell_accepted(passed: Sequence[Passed], *, now: datetime) -> None:
    """Fix what is told to the applicants of cases that were just accepted; of those at their end already, nothing."""
    accepted = [one.subject_id for one in passed if one.kind in TELLING]
    rows = [
        Expectation(
            case_id=case_id,
            usual_days=usual.usual_days,
            nine_in_ten_days=usual.nine_in_ten_days,
            cases=usual.cases,
            given_at=now,
        )
        for case_id, usual in expecting.usual_of_cases(accepted).items()
    ]
    Expectation.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def reckon_usual(*, now: datetime) -> int:
    """Reckon anew how long comparable cases took in the last twelve months; returns for how many kinds it is known."""
    today = office_date(now)
    found = expecting.usual_since(today - timedelta(days=expecting.DAYS_BACK), today)
    Usual.objects.all().delete()
    Usual.objects.bulk_create(found)
    return len(found)
