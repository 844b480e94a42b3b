"""Correct a paper of a case 更正: the wrong one is voided, with its reason, and another takes its place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from tongban.base.actor import Actor
from tongban.base.errors import NotFound
from tongban.base.rows import new, write
from tongban.base.text import clean_line
from tongban.cases.actions.holding import keep, lock_case, official_of
from tongban.cases.errors import CannotCorrect, NotComplete, StoodAside
from tongban.cases.events import PaperCorrected
from tongban.cases.models import (
    CasePaper,
    ClockExtension,
    ClockInterval,
    Decision,
    FeeDemand,
    NonAcceptance,
    Recusal,
    SupplementRequest,
    Suspension,
    Withdrawal,
)
from tongban.cases.rules import corrections
from tongban.ledger import actions as ledger
from tongban.papers import actions as papers
from tongban.papers import queries as paper_queries

if TYPE_CHECKING:
    from tongban.papers.models import Paper

NAMES_A_PAPER = (
    Decision, FeeDemand, NonAcceptance, SupplementRequest, Suspension, ClockInterval, ClockExtension, Withdrawal,
)  # fmt: skip
"""What of a case names the paper of its turn; it names the corrected one from then on."""


@dataclass(frozen=True, slots=True)
class Correction:
    """Words that stand on the paper, and those that should."""

    wrong: str
    right: str


@transaction.atomic
def correct_paper(
    *, actor: Actor, case_id: UUID, paper_id: UUID, reason: str, wanted: Sequence[Correction], now: datetime
) -> "Paper":
    """Void a paper and issue the corrected one under a new number, which names the one it replaces.

    Who accepts or decides in the office that issued it. A receipt, a result, and papers of archived cases are not
    corrected. Raises NotFound, StoodAside, CannotCorrect, VoidedAlready, NotComplete ("reason", "wrong", "right").
    """
    case = lock_case(case_id)
    old = CasePaper.objects.select_related("paper__organisation").filter(case=case, paper_id=paper_id).first()
    if old is None or not corrections.may_correct(actor, old.paper.organisation_id):
        raise NotFound
    if Recusal.objects.filter(case=case, official_id=official_of(actor)).exists():
        raise StoodAside
    if old.paper.kind not in corrections.CORRECTED or case.archived_at is not None:
        raise CannotCorrect
    content = paper_queries.content_of(old.paper)
    said, missing = content, []
    for one in wanted:
        corrected = corrections.replaced(said, clean_line(one.wrong), clean_line(one.right))
        missing += [one.wrong] if corrected is None else []
        said = corrected or said
    _check(reason, wanted, missing)
    voided = papers.void(actor=actor, paper_id=paper_id, reason=reason, now=now)
    with translation.override("zh-hans"):
        remark = _("This paper corrects and replaces %(number)s, which is void. Reason: %(reason)s") % {
            "number": voided.number,
            "reason": voided.void_reason,
        }
    keep(case)
    changed = {"number": "", "date": None, "predecessor": voided.number, "remarks": (*said.remarks, remark)}
    made = papers.issue(
        kind=voided.kind,
        organisation=old.paper.organisation,
        subject_id=case.id,
        content=said.model_copy(update=changed),
        now=now,
        actor=actor,
    )
    write(*new(CasePaper(case=case, paper=made, for_applicant=old.for_applicant)))
    for model in NAMES_A_PAPER:
        model._default_manager.filter(paper_id=paper_id).update(paper=made)  # noqa: SLF001 - Django's public name for it
    event = PaperCorrected(
        subject_id=case.id,
        revision=case.revision,
        organisation_id=case.organisation_id,
        paper_id=made.id,
        voided_number=voided.number,
        number=made.number,
    )
    ledger.record(event, actor=actor, now=now)
    return made


def _check(reason: str, wanted: Sequence[Correction], missing: Sequence[str]) -> None:
    problems: dict[str, list[str]] = {}
    if not clean_line(reason):
        problems["reason"] = [_("Please say why the paper is voided.")]
    if not wanted or not all(clean_line(one.wrong) for one in wanted):
        problems["wrong"] = [_("Please write the words that are wrong, as they stand on the paper.")]
    elif missing:
        problems["wrong"] = [_("“%(words)s” does not stand on this paper.") % {"words": missing[0]}]
    if any(not clean_line(one.right) for one in wanted):
        problems["right"] = [_("Please write what should stand there.")]
    if problems:
        raise NotComplete(problems)
