"""What rooms above ask in the message in which a session is fetched: what every request of its owner needs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase

from tongban.accounts.models import Account
from tongban.base.compiled import Question
from tongban.base.registry import Registry

ASKED_WITH_SESSIONS: Registry[Callable[[str, datetime], Question[Any]]] = Registry("asked with sessions")
"""By name, a question about the owner of the session with this key, at this instant."""


@dataclass(frozen=True, slots=True)
class FoundWith:
    """What was found in one message with a session."""

    account: Account
    """Who it was opened for. Whether it still proves that is another question."""
    answers: Mapping[str, Sequence[Any]]
    """By the name of the question."""


def found_with(session: SessionBase, account_id: UUID, question: str) -> Sequence[Any] | None:
    """Return what was found with a session about its owner; None when it was not fetched, or for another account."""
    found: FoundWith | None = getattr(session, "found_with", None)
    return found.answers[question] if found is not None and found.account.id == account_id else None
