"""Which papers are corrected or voided, by whom, and how."""

import re
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from django.utils import translation

from tongban.base.actor import Actor
from tongban.base.templatetags.words import date_words
from tongban.cases.kinds import terms_of
from tongban.cases.rules.papers import remedies_words
from tongban.papers.kinds import PaperContent

if TYPE_CHECKING:
    from tongban.cases.models import Case

CORRECTORS = ("acceptance", "approval")
"""Roles, in the office that issued the paper, that correct and void it."""
CORRECTORS_OF_RESULTS = ("approval",)
"""A result is corrected by who decides."""
READERS = (*CORRECTORS, "supervisor")
"""Roles that read the register of papers of their office."""
DECIDING = frozenset({"decision_granted", "decision_refused", "renewal_deemed", "non_acceptance"})
"""Papers that decide: outcome, dates and remedies are changed by a decision of their own, never by a correction."""
MEANING = re.compile(
    r"\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日|\d{4}-\d{1,2}-\d{1,2}|\d{1,2} [A-Z][a-z]+ \d{4}"
    r"|[0-9零一二三四五六七八九十百]+\s*(?:个工作日|个自然日|工作日|日|天|个月|年)|长期|永久"
    r"|准予|准许|许可|批准|同意|符合|驳回|拒绝|撤销|注销|终止|无效|作废|不|未|无|非|免"
    r"|(?i:\b(?:not|no|never|grant(?:ed|s)?|refus(?:ed|es|al)|reject(?:ed|s)?|dismiss(?:ed|es)?|days?|months?|years?)\b)"
)
"""Words that carry what is decided: dates and lengths of time, words of granting and refusing, negations."""
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
    its own (art. 49). Number and term of a result are no words that could be replaced. A decision goes on being one
    about the same case and applicant, with the same remedies.
    """
    with translation.override("zh-hans"):
        fixed = {"receipt": (case.number, date_words(case.submitted_at)), "result": (case.applicant_name,)}
        if kind in DECIDING:
            return (case.number, case.applicant_name, remedies_words(terms_of(case).remedies, case.organisation))
    return fixed.get(kind, ())


def meaning_changed(kind: str, before: PaperContent, after: PaperContent) -> str:
    """Return the first word by which a correction would change what is decided, or its term; "" when none does."""
    if kind not in DECIDING | {"result"}:
        return ""
    old, new = (MEANING.findall(content.model_dump_json(include=_TOLD)) for content in (before, after))
    return next((was or now for was, now in zip_longest(old, new, fillvalue="") if was != now), "")


_TOLD = {"addressee", "paragraphs", "paragraphs_en", "rows", "table", "tables", "remarks"}


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
    said = content.model_dump(include=_TOLD)
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
