"""How many tasks there are in an inbox, of each sort."""

import hashlib
from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Q, QuerySet

from tongban.base.compiled import Question, compiled_once
from tongban.cases.models import Recusal, Task

COUNTED = ("all", "mine", "open", "overdue", "today")
LONG = 2000
"""Of a longer inbox only one's own tasks are counted each time."""
COUNT_SECONDS = 10


def own(posts: Collection[UUID], official_id: UUID) -> QuerySet[Task]:
    """Return open tasks of posts, but for the cases from which the official stands aside."""
    aside = Recusal.objects.filter(official_id=official_id).values("case_id")
    return Task.objects.filter(state=Task.State.OPEN, post_id__in=posts).exclude(case_id__in=aside)


class Counting:
    """Counts an inbox. Of a long one all counts but that of the official's own tasks may be ten seconds old.

    Nobody sees one task more or less among thousands; counting them is half of what such a page costs.
    """

    def __init__(self, posts: Collection[UUID], official_id: UUID, today: date) -> None:
        """Look whether it was counted a moment ago."""
        self._posts, self._official_id, self._today = posts, official_id, today
        named = hashlib.sha256(repr((settings.TONGBAN_SCHEMA, official_id, posts, today)).encode())
        self._key = f"cases.inbox.{named.hexdigest()}"
        self._kept: dict[str, int] | None = cache.get(self._key)

    def asking(self) -> Question[tuple[int, ...]]:
        """Return what is to be asked of the database."""
        if self._kept is not None:
            return _mine.asking(self._posts, self._official_id)
        return _counted.asking(self._posts, self._official_id, self._today)

    def counts(self, rows: Iterable[tuple[int, ...]]) -> dict[str, int]:
        """Return the counts, by what was answered."""
        if self._kept is not None:
            return self._kept | {"mine": sum(count for (count,) in rows)}
        found = [0] * len(COUNTED)
        for of_post in rows:
            found = [one + more for one, more in zip(found, of_post, strict=True)]
        counts = dict(zip(COUNTED, found, strict=True))
        if counts["all"] > LONG:
            cache.set(self._key, counts, COUNT_SECONDS)
        return counts


@compiled_once
def _mine(posts: Collection[UUID], official_id: UUID) -> QuerySet[Task, tuple[int, ...]]:
    held = own(posts, official_id).filter(holder_id=official_id).order_by()
    return held.values("post_id").annotate(count=Count("id")).values_list("count")


@compiled_once
def _counted(posts: Collection[UUID], official_id: UUID, today: date) -> QuerySet[Task, tuple[int, ...]]:
    """Return the counts of each post. Nothing is asked that is not in the index "task_inbox"."""
    counts = {
        "all": Count("id"),
        "mine": Count("id", filter=Q(holder_id=official_id)),
        "open": Count("id", filter=Q(holder__isnull=True)),
        "overdue": Count("id", filter=Q(due_on__lt=today)),
        "today": Count("id", filter=Q(due_on=today)),
    }
    return own(posts, official_id).order_by().values("post_id").annotate(**counts).values_list(*COUNTED)
