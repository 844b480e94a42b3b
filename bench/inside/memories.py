"""What clients remember against what the books say."""

import hashlib
from collections import Counter
from datetime import timedelta
from uuid import UUID

from tongban.applications.models import Application, ApplicationMaterial
from tongban.base.clock import now
from tongban.cases.models import Case, Task
from tongban.files import actions as files
from tongban.files import queries as file_queries
from tongban.files.errors import DoesNotOpen
from tongban.files.models import StoredFile
from tongban.ledger.models import Event
from tongban.notifications import rules
from tongban.notifications.models import Carriage
from tongban.notifications.providers import carrier_for

Found = dict[str, list[str] | int]
IN_HAND = timedelta(seconds=60)
"""A worker that is alive has tried what it took by then; one that was killed is waited for no longer."""
STEPS = {"accept": "acceptance", "supplement": "acceptance", "review": "review", "decision": "decision"}


def compare(
    attempted: list[str],
    receipts: dict[str, tuple[str, str]],
    files: dict[str, str],
    supplements: dict[str, list[str]],
    steps: dict[str, str],
) -> Found:
    """Return how many memories the books bear out, what is lost, and what is there twice or was never asked for."""
    lost = [*_lost_receipts(receipts), *_lost_files(files), *_lost_supplements(supplements), *_lost_steps(steps)]
    held = len(receipts) + len(files) + len(supplements) + len(steps)
    return {"lost": lost, "doubled": _doubled(set(attempted)), "verified": held - len(lost)}


def _lost_receipts(receipts: dict[str, tuple[str, str]]) -> list[str]:
    rows = Application.objects.filter(idempotency_key__in=receipts)
    kept = {
        str(key): (number, receipt)
        for key, number, receipt in rows.values_list("idempotency_key", "case__number", "receipt__number")
    }
    return [
        f"receipt {number} {receipt} of {key}; the books say {kept.get(key)}"
        for key, (number, receipt) in receipts.items()
        if kept.get(key) != (number, receipt)
    ]


def _lost_files(sent: dict[str, str]) -> list[str]:
    kept = {str(one.id): one for one in StoredFile.objects.filter(id__in=sent)}
    return [f"file {file_id}" for file_id, digest in sent.items() if not _is_whole(kept.get(file_id), digest)]


def _is_whole(stored: StoredFile | None, digest: str) -> bool:
    """Whether the file is recorded as sent, and opens as it was sent; one that was replaced may be erased."""
    if stored is None or stored.sha256 != digest:
        return False
    if stored.erased_at is not None:
        return not ApplicationMaterial.objects.filter(file_id=stored.id).exists()
    try:
        return hashlib.sha256(file_queries.content_of(stored)).hexdigest() == digest
    except (FileNotFoundError, DoesNotOpen):
        return False


def _lost_supplements(supplements: dict[str, list[str]]) -> list[str]:
    return [
        f"supplement of {number}"
        for number, file_ids in supplements.items()
        if ApplicationMaterial.objects.filter(
            application__case__number=number, file_id__in=[UUID(one) for one in file_ids]
        ).count()
        != len(set(file_ids))
    ]


def _lost_steps(steps: dict[str, str]) -> list[str]:
    done = {
        str(task_id): kind
        for task_id, kind in Task.objects.filter(id__in=steps, state=Task.State.DONE).values_list("id", "kind")
    }
    return [f"{step} of task {task_id}" for task_id, step in steps.items() if done.get(task_id) != STEPS[step]]


def _doubled(attempted: set[str]) -> list[str]:
    """Return cases that nobody asked for, and events that happened twice at one revision of a case."""
    own = Case.objects.filter(submitted_by__account__username__startswith="bench-")
    keys = {str(key) for key in Application.objects.filter(case__in=own).values_list("idempotency_key", flat=True)}
    found = [f"an application that nobody sent: {key}" for key in keys - attempted]
    found += [
        f"case {number} has no application" for number in own.filter(application=None).values_list("number", flat=True)
    ]
    seen = Counter(
        (subject, kind, data.get("revision"))
        for subject, kind, data in Event.objects.filter(
            subject_kind="case", subject_id__in=own.values("id")
        ).values_list("subject_id", "kind", "data")
        if "revision" in data
    )
    return found + [
        f"{kind} of case {subject} happened {times} times" for (subject, kind, _), times in seen.items() if times > 1
    ]


def hurry_letters() -> int:
    """Let what waits for its next try wait no longer; returns how many wait still. It changes when, not what.

    A letter that a worker has just taken is left to it: hurried, it would be sent by another as well.
    """
    waiting = Carriage.objects.filter(state=Carriage.State.WAITING)
    carrier = carrier_for("email")
    theirs_until = now() + rules.ROUND + (carrier.longest() if carrier else timedelta())
    just_taken = {"next_try_at__gt": theirs_until - IN_HAND, "next_try_at__lte": theirs_until}
    waiting.exclude(**just_taken).update(next_try_at=now())
    return waiting.count()


def letters() -> dict[str, str]:
    """Return the state of each letter to our residents by its Message-ID.

    Those of the demo city's played past are older than a letter may wait; they are given up by rule.
    """
    ours = Carriage.objects.filter(channel="email", message__account__username__startswith="bench-")
    return dict(ours.values_list("mail_message_id", "state"))


def sweep(days: int) -> int:
    """Sweep the files as they are swept so many days later; returns how many went."""
    later = now() + timedelta(days=days)
    swept = 0
    while went := files.sweep(now=later):
        swept += went
    return swept + files.sweep_bytes(now=later)
