"""Which papers are corrected, by whom, and how."""

from typing import Any

from tongban.base.actor import Actor
from tongban.papers.kinds import KINDS, PaperContent

CORRECTED = frozenset(KINDS) - {"receipt", "result"}
"""A receipt is what the applicant holds in hand, and a result is changed by a case of its own."""
CORRECTORS = ("acceptance", "approval")
"""Roles, in the office that issued the paper, that correct it."""
READERS = (*CORRECTORS, "supervisor")
"""Roles that read the register of papers of their office."""


def may_correct(actor: Actor, organisation_id: object) -> bool:
    """Whether the actor may void and correct papers of an office."""
    return any(set(CORRECTORS) & post.roles for post in actor.posts if post.organisation_id == organisation_id)


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
