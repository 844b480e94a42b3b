"""Which papers are corrected or voided, by whom, and how."""

from typing import TYPE_CHECKING, Any

from django.utils import translation

from tongban.base.actor import Actor
from tongban.base.templatetags.words import date_words
from tongban.papers.kinds import PaperContent

if TYPE_CHECKING:
    from tongban.cases.models import Case

CORRECTORS = ("acceptance", "approval")
"""Roles, in the office that issued the paper, that correct and void it."""
CORRECTORS_OF_RESULTS = ("approval",)
"""A result is corrected by who decides."""
READERS = (*CORRECTORS, "supervisor")
"""Roles that read the register of papers of their office."""
CARRYING = frozenset(
    {
        "receipt", "acceptance", "acceptance_deemed", "non_acceptance", "decision_granted", "decision_refused",
        "renewal_deemed", "result", "delivery", "withdrawal",
    }
)  # fmt: skip
"""Papers by which a case stands where it stands: such a one is voided alone only beside another of its kind."""


def may_correct(actor: Actor, organisation_id: object, kind: str) -> bool:
    """Whether the actor may void and correct papers of this kind of an office."""
    wanted = set(CORRECTORS_OF_RESULTS if kind == "result" else CORRECTORS)
    return any(wanted & post.roles for post in actor.posts if post.organisation_id == organisation_id)


def fixed_words(kind: str, case: "Case") -> tuple[str, ...]:
    """Return words of a paper that no correction takes away: they are no slip of the pen.

    A receipt proves the day from which the law counts (行政许可法 art. 32); who holds a result is changed by a case of
    its own (art. 49). Number and term of a result are no words that could be replaced.
    """
    with translation.override("zh-hans"):
        fixed = {"receipt": (case.number, date_words(case.submitted_at)), "result": (case.applicant_name,)}
    return fixed.get(kind, ())


def taken_away(before: PaperContent, after: PaperContent, fixed: tuple[str, ...]) -> str:
    """Return the first of these words that stands less often than before; "" when all are left."""
    old, new = before.model_dump_json(), after.model_dump_json()
    return next((words for words in fixed if new.count(words) < old.count(words)), "")


def replaced(content: PaperContent, wrong: str, right: str) -> PaperContent | None:
    """Return what the paper says with words replaced wherever they stand; None when they stand nowhere.

    Names of offices, title and number are not touched: they are those of the paper, not of what it says.
    """
    if not wrong:
        return None
    told = ("addressee", "paragraphs", "paragraphs_en", "rows", "table", "tables", "remarks")
    said = content.model_dump(include=set(told))
    changed = {name: _replaced(value, wrong, right) for name, value in said.items()}
    if changed == said:
        return None
    return PaperContent.model_validate({**content.model_dump(), **changed})


def _replaced(value: Any, wrong: str, right: str) -> Any:  # noqa: ANN401 - texts, however deep
    if isinstance(value, str):
        return value.replace(wrong, right)
    if isinstance(value, dict):
        return {key: _replaced(one, wrong, right) for key, one in value.items()}
    return tuple(_replaced(one, wrong, right) for one in value) if isinstance(value, (list, tuple)) else value
