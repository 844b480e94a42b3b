"""Run inside the installation under test by `tongban manage shell`: which receipt stands for which submission."""

import json
import os
from pathlib import Path

from tongban.applications.models import Application, Draft


def books() -> dict[str, object]:
    """Return the numbers of cases by submission key, and how many drafts are left."""
    rows = Application.objects.values_list("idempotency_key", "case__number")
    return {"by_key": {str(key): number for key, number in rows}, "drafts": Draft.objects.count()}


Path(os.environ["CRASH_ANSWER"]).write_text(json.dumps(books()), encoding="utf-8")
