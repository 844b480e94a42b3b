"""Run inside the installation under test by `tongban manage shell`: what its books say afterwards."""

import json
import os
from collections import Counter
from pathlib import Path

from tongban.applications.models import Application, Draft
from tongban.cases.models import Case, Clock, Task
from tongban.ledger.models import Event
from tongban.papers.models import Paper


def books() -> dict[str, object]:
    """Return receipts by submission key, and everything that must be there once for each case."""
    rows = Application.objects.values_list("idempotency_key", "case__number", "receipt__number")
    events = Event.objects.filter(kind="cases.case_opened").values_list("subject_id", flat=True)
    return {
        "by_key": {str(key): number for key, number, _receipt in rows},
        "applications": len(rows),
        "cases": Case.objects.count(),
        "receipts": sorted(Counter(receipt for _key, _number, receipt in rows).values())[-1:],
        "papers": Paper.objects.filter(kind="receipt").count(),
        "opened": len(events),
        "opened_once": len(set(events)),
        "open_tasks": Task.objects.filter(state="open", kind="acceptance").values("case").distinct().count(),
        "tasks": Task.objects.count(),
        "clocks": Clock.objects.values("case").distinct().count(),
        "drafts": Draft.objects.count(),
    }


Path(os.environ["CRASH_ANSWER"]).write_text(json.dumps(books()), encoding="utf-8")
