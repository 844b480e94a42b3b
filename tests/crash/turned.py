"""Run inside the installation under test by `tongban manage shell`: how often each case was deemed accepted."""

import json
import os
from collections import Counter
from pathlib import Path

from tongban.cases.models import Case
from tongban.ledger.models import Event
from tongban.papers.models import Paper


def turned() -> dict[str, object]:
    """Return the states of the cases, and how many papers and events each has."""
    cases = Case.objects.filter(title="到期试验")
    ids = list(cases.values_list("id", flat=True))
    papers = Counter(Paper.objects.filter(subject_id__in=ids).values_list("subject_id", "kind"))
    events = Counter(
        Event.objects.filter(subject_id__in=ids, kind="cases.case_deemed_accepted").values_list("subject_id", flat=True)
    )
    return {
        "states": Counter(cases.values_list("state", flat=True)),
        "papers": Counter(f"{kind} {number}" for (_case, kind), number in papers.items()),
        "events": Counter(events.values()),
    }


Path(os.environ["CRASH_ANSWER"]).write_text(json.dumps(turned()), encoding="utf-8")
