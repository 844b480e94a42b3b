"""Wrong papers of a case: voided with the reason, and corrected 更正 by another that takes its place, or not 作废."""

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
from tongban.cases import queries
from tongban.cases.actions.holding import keep, lock_case, official_of
from tongban.cases.errors import CannotCorrect, CannotVoid, NotComplete, StoodAside
from tongban.cases.events import PaperCorrected, PaperVoidedAlone
from tongban.cases.kinds import kind_of
from tongban.cases.models import Case, CasePaper, Recusal, Result
from tongban.cases.queries.register import NAMES_A_PAPER
from tongban.cases.rules import corrections
from tongban.ledger import actions as ledger
from tongban.papers import actions as papers
from tongban.papers import queries as paper_queries
from tongban.papers.errors import VoidedAlready

if TYPE_CHECKING:
    from tongban.papers.kinds import PaperContent
    from tongban.papers.models import Paper


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

    Who accepts or decides in the office that issued it; a result is corrected by who decides. Only slips of the pen:
    the day of a receipt and the holder of a result stay (`rules.corrections.fixed_words`), and so does what a decision
    or a result means: outcome, dates, remedies (`meaning_changed`). Raises NotFound, StoodAside, CannotCorrect,
    VoidedAlready, NotComplete ("reason", "wrong", "right").
    """
    case, old = _wrong_paper(actor, case_id, paper_id)
    if old.paper.voided_at is not None:
        raise VoidedAlready
    if case.archived_at is not None or _is_succeeded(old.paper):
        raise CannotCorrect
    said = _corrected(case, old.paper, reason, wanted)
    voided = papers.void(actor=actor, paper_id=paper_id, reason=reason, now=now)
    keep(case)
    made = papers.issue(
        kind=voided.kind,
        organisation=old.paper.organisation,
        subject_id=case.id,
        content=_naming(said, voided),
        now=now,
        actor=actor,
    )
    write(*new(CasePaper(case=case, paper=made, for_applicant=old.for_applicant)))
    _name_instead(case, voided, made)
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


@transaction.atomic
def void_paper(*, actor: Actor, case_id: UUID, paper_id: UUID, reason: str, now: datetime) -> "Paper":
    """Void a paper that should not have been issued, without another in its place: number and reason stay.

    Who accepts or decides in the office that issued it. What the case rests on is corrected and not only voided. Raises
    NotFound, StoodAside, CannotVoid, VoidedAlready, NotComplete ("reason").
    """
    case, found = _wrong_paper(actor, case_id, paper_id)
    if problems := _wrong_reason(reason):
        raise NotComplete(problems)
    if found.paper.voided_at is None and not queries.may_be_voided_alone(case, found.paper):
        raise CannotVoid
    voided = papers.void(actor=actor, paper_id=paper_id, reason=reason, now=now)
    keep(case)
    event = PaperVoidedAlone(
        subject_id=case.id,
        revision=case.revision,
        organisation_id=case.organisation_id,
        paper_id=voided.id,
        number=voided.number,
    )
    ledger.record(event, actor=actor, now=now)
    return voided


def _wrong_paper(actor: Actor, case_id: UUID, paper_id: UUID) -> tuple[Case, CasePaper]:
    """Return the locked case and its paper, for who may change it."""
    case = lock_case(case_id)
    found = CasePaper.objects.select_related("paper__organisation").filter(case=case, paper_id=paper_id).first()
    if found is None or not corrections.may_correct(actor, found.paper.organisation_id, found.paper.kind):
        raise NotFound
    if Recusal.objects.filter(case=case, official_id=official_of(actor)).exists():
        raise StoodAside
    return case, found


def _is_succeeded(paper: "Paper") -> bool:
    """Whether it is a result that another has renewed or changed: that one counts."""
    return Result.objects.filter(paper=paper, successor__isnull=False).exists()


def _corrected(case: Case, paper: "Paper", reason: str, wanted: Sequence[Correction]) -> "PaperContent":
    content = paper_queries.content_of(paper)
    said, missing = content, []
    for one in wanted:
        corrected = corrections.replaced(said, clean_line(one.wrong), clean_line(one.right))
        missing += [one.wrong] if corrected is None else []
        said = corrected or said
    _check(reason, wanted, missing)
    gone = corrections.taken_away(content, said, corrections.fixed_words(paper.kind, case))
    if gone := gone or corrections.meaning_changed(paper.kind, content, said):
        raise NotComplete({"wrong": [_("“%(words)s” is no slip of the pen and stays as it is.") % {"words": gone}]})
    return said


def _naming(said: "PaperContent", voided: "Paper") -> "PaperContent":
    """Return what the corrected paper says; a result goes on naming the one that it renews or changes."""
    with translation.override("zh-hans"):
        remark = _("This paper corrects and replaces %(number)s, which is void. Reason: %(reason)s") % {
            "number": voided.number,
            "reason": voided.void_reason,
        }
    predecessor = said.predecessor if voided.kind == "result" else voided.number
    changed = {"number": "", "date": None, "predecessor": predecessor, "remarks": (*said.remarks, remark)}
    return said.model_copy(update=changed)


def _name_instead(case: Case, voided: "Paper", made: "Paper") -> None:
    """Let what named the wrong paper name the corrected one."""
    for model in NAMES_A_PAPER:
        model._default_manager.filter(paper=voided).update(paper=made)  # noqa: SLF001 - Django's public name for it
    Result.objects.filter(paper=voided).update(paper=made, number=made.number)
    kind_of(case).replace_paper(case_id=case.id, voided_id=voided.id, made_id=made.id)


def _check(reason: str, wanted: Sequence[Correction], missing: Sequence[str]) -> None:
    problems = _wrong_reason(reason)
    if not wanted or not all(clean_line(one.wrong) for one in wanted):
        problems["wrong"] = [_("Please write the words that are wrong, as they stand on the paper.")]
    elif missing:
        problems["wrong"] = [_("“%(words)s” does not stand on this paper.") % {"words": missing[0]}]
    if any(not clean_line(one.right) for one in wanted):
        problems["right"] = [_("Please write what should stand there.")]
    if problems:
        raise NotComplete(problems)


def _wrong_reason(reason: str) -> dict[str, list[str]]:
    return {} if clean_line(reason) else {"reason": [_("Please say why the paper is voided.")]}
