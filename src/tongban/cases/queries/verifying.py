"""Whether a case is good for a look-up: real, open, about this person or enterprise, and this official's business."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tongban.accounts import queries as accounts
from tongban.base.actor import Actor
from tongban.base.compiled import Question, Written
from tongban.cases.kinds import KINDS
from tongban.exchange import queries as exchange
from tongban.exchange.providers import Verdict
from tongban.exchange.rules.subjects import Subject


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is known of a case, in the order of the question."""

    id: UUID
    number: str
    kind: str
    ended_at: Any
    item_code: str | None
    catalogue_code: str | None
    taken_in_by: UUID | None
    applicant: Any
    submitter: Any
    credit_code: str | None
    representative: Any
    posts: Sequence[UUID]
    aside: Sequence[UUID]


_FACTS: Written[_Facts] = Written("SELECT * FROM cases_looked_up(%s)", lambda row: _Facts(*row))


class CaseVerifier:
    """Answers the gate for references of the kind "case"."""

    def asking(self, number: str) -> Question[Any]:
        """Return the question about the case of a number."""
        return _FACTS.asking(number)

    def judge(self, rows: Sequence[Any], *, subject: Subject, actor: Actor) -> Verdict:
        """Say whether the actor may look this subject up for this case.

        Theirs is a case on which one of their posts has or had a task, or which it took in; never one from which they
        stand aside 回避. Supervisors see cases and look nothing up.
        """
        if not rows:
            return Verdict("case_unknown")
        facts: _Facts = rows[0]
        concerned = {*facts.posts, facts.taken_in_by}
        own = [post for post in actor.posts if post.id in concerned]
        if not own or actor.official_id in facts.aside:
            return Verdict("case_not_yours", number=facts.number)
        if facts.ended_at is not None:
            return Verdict("case_not_open", number=facts.number, post_id=own[0].id)
        if not _concerns(facts, subject):
            return Verdict("case_about_another", number=facts.number, post_id=own[0].id)
        codes = frozenset(code for code in (facts.item_code, facts.catalogue_code) if code)
        return Verdict("", facts.number, frozenset(post.organisation_id for post in own), own[0].id, codes)


def _concerns(facts: _Facts, subject: Subject) -> bool:
    if subject.kind == "enterprise":
        applicant = exchange.enterprise_subject(facts.credit_code).key if facts.credit_code else None
        known: Collection[UUID | None] = {applicant}
    else:
        indexes = (facts.applicant, facts.submitter, facts.representative)
        known = accounts.keys_of_indexes([bytes(index) for index in indexes if index])
    return subject.key in known or (facts.kind in KINDS and KINDS[facts.kind].concerns(facts.id, subject))
