"""Archive 归档 ended cases as an export with papers and history; erase personal data after the retention period."""

import io
import json
import logging
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import translation

from tongban.base.actor import SYSTEM, Actor
from tongban.base.clock import OFFICE_ZONE, office_date
from tongban.base.errors import Refusal
from tongban.cases import queries
from tongban.cases.actions.holding import lock_case
from tongban.cases.errors import NotInThisState
from tongban.cases.events import CaseArchived, CaseErased
from tongban.cases.kinds import kind_of
from tongban.cases.models import (
    Archive,
    Case,
    ClockExtension,
    ClockInterval,
    Decision,
    HandOver,
    NonAcceptance,
    Rating,
    SupplementPoint,
    Withdrawal,
)
from tongban.cases.rules import life
from tongban.files import actions as files
from tongban.files import queries as file_queries
from tongban.ledger import actions as ledger
from tongban.papers import actions as papers

ARCHIVED_AFTER = timedelta(days=30)
"""After the end, so that the rating and late questions are in the archive (policy)."""
_FIRST_INSTANT = (1980, 1, 1, 0, 0, 0)

logger = logging.getLogger("tongban.cases")


def archive(*, actor: Actor, case: Case, now: datetime) -> Archive:
    """Archive an ended case: a ZIP with its papers, what its kind gives, and its history. Once; raises NotInThisState.

    The archive is made and kept before the transaction: the same case gives the same bytes, so two at once do no harm.
    """
    if case.state not in life.ENDED or case.erased_at is not None:
        raise NotInThisState
    content = _zip(case, now)
    stored = files.store_made(name=f"{case.number}.zip", content=content, media_type="application/zip", now=now)
    with transaction.atomic():
        locked = lock_case(case.id)
        existing = Archive.objects.filter(case=locked).first()
        if existing is not None:
            return existing
        made = Archive.objects.create(case=locked, file=stored, archived_at=now)
        locked.archived_at = now
        locked.save(update_fields=["archived_at"])
        event = CaseArchived(
            subject_id=locked.id,
            revision=locked.revision,
            organisation_id=locked.organisation_id,
            sha256=stored.sha256,
        )
        ledger.record(event, actor=actor, now=now)
    return made


def _zip(case: Case, now: datetime) -> bytes:
    whole = io.BytesIO()
    with translation.override("zh-hans"), zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in _entries(case, now):
            packed.writestr(zipfile.ZipInfo(name, _FIRST_INSTANT), content)
    return whole.getvalue()


def _entries(case: Case, now: datetime) -> Iterator[tuple[str, bytes]]:
    yield "case.json", json.dumps(_facts(case), ensure_ascii=False, indent=1, sort_keys=True).encode()
    lines = [
        f"{entry.when.astimezone(OFFICE_ZONE):%Y-%m-%d %H:%M} {entry.who}：{entry.words}"
        for entry in queries.history(case)
    ]
    yield "history.txt", "\n".join(lines).encode()
    for row in case.case_papers.select_related("paper").order_by("paper__issued_at", "paper_id"):
        drawn = papers.draw(row.paper_id, now)
        yield f"papers/{_safe(row.paper.number)}.pdf", file_queries.content_of(drawn)
    for name, content in kind_of(case).archive_entries(case):
        if isinstance(content, UUID):
            content = file_queries.content_of(file_queries.file(content))  # noqa: PLW2901 - the bytes of the file named
        yield "/".join(_safe(part) for part in name.split("/")), content


def _safe(name: str) -> str:
    """Return a name that stays within the archive on every system."""
    cleaned = re.sub(r'[\x00-\x1f<>:"/\\|?*]', "_", name).strip(". ")
    return cleaned or "_"


def _facts(case: Case) -> dict[str, Any]:
    instants = ("submitted_at", "accepted_at", "decided_at", "completed_at", "delivered_at", "ended_at")
    return {
        "number": case.number,
        "kind": case.kind,
        "title": case.title,
        "state": case.state,
        "channel": case.channel,
        "organisation": case.organisation.name,
        "applicant": case.applicant_name,
        "terms": case.terms,
        **{name: value.isoformat() if (value := getattr(case, name)) else None for name in instants},
        "opinions": [
            {"step": task.name, "outcome": task.outcome, "opinion": task.opinion} for task in queries.opinions(case)
        ],
    }


def archive_ended(*, now: datetime, limit: int = 100) -> int:
    """Archive the cases that ended long enough ago. Returns how many; one that cannot be is told and tried again."""
    waiting = Case.objects.filter(
        state__in=life.ENDED, archived_at__isnull=True, erased_at__isnull=True, ended_at__lt=now - ARCHIVED_AFTER
    )
    done = 0
    for case in waiting.select_related("organisation").order_by("ended_at")[:limit]:
        try:
            archive(actor=SYSTEM, case=case, now=now)
            done += 1
        except Refusal as refusal:
            logger.warning("case not archived case=%s code=%s", case.id, refusal.code)
    return done


def erase_due(*, now: datetime, limit: int = 200) -> int:
    """Erase the personal data of cases whose retention period is over (个人信息保护法 art. 47). Returns how many.

    Number, matter, dates, states, the digests of papers and the ledger stay: they tell what was done, of nobody.
    """
    due = Case.objects.filter(retain_until__lt=office_date(now), erased_at__isnull=True, state__in=life.ENDED).order_by(
        "retain_until", "id"
    )
    return sum(_erase(case_id, now) for case_id in due.values_list("id", flat=True)[:limit])


@transaction.atomic
def _erase(case_id: UUID, now: datetime) -> bool:
    case = lock_case(case_id)
    if case.erased_at is not None:
        return False
    kind_of(case).erase(case.id, now)
    _erase_words(case)
    case.delivery.address, case.delivery.handed_to, case.delivery.tracking_number = None, None, ""
    case.delivery.save(update_fields=["address", "handed_to", "tracking_number"])
    papers.erase(case.case_papers.values_list("paper_id", flat=True), now=now)
    files.erase(Archive.objects.filter(case=case).values_list("file_id", flat=True), now=now)
    case.applicant_name, case.summary, case.process_data = "", {}, {}
    case.applicant_person = case.applicant_enterprise = case.submitted_by = None
    case.erased_at = now
    case.save()
    event = CaseErased(subject_id=case.id, revision=case.revision, organisation_id=case.organisation_id)
    ledger.record(event, actor=SYSTEM, now=now)
    return True


def _erase_words(case: Case) -> None:
    """Texts that somebody wrote about the case may name people."""
    case.tasks.update(opinion="")
    HandOver.objects.filter(task__case=case).update(word="")
    case.recusals.update(reason="")
    case.supplement_requests.update(word="")
    SupplementPoint.objects.filter(request__case=case).update(words="")
    Decision.objects.filter(case=case).update(reasons="")
    NonAcceptance.objects.filter(case=case).update(reason="", what_else="")
    Withdrawal.objects.filter(case=case).update(reason="")
    Rating.objects.filter(case=case).update(words="", answer="")
    case.suspensions.update(ground="", outcome="")
    ClockInterval.objects.filter(clock__case=case).update(ground="")
    ClockExtension.objects.filter(clock__case=case).update(reasons="")
    case.approvals.update(reasons="", proposal={}, word="")
    case.fees.exclude(waive_reason="").update(waive_reason=ERASED)


ERASED = "—"
"""In the place of a reason that is erased where the database wants one."""
