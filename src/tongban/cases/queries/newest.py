"""The cases that an official may see, the newest first, by pages: found by indexes alone, however many there are."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform

from tongban.base.actor import Actor
from tongban.base.compiled import Compiled, Written, compiled_once
from tongban.cases.models import Case, Clock, FeeDemand
from tongban.cases.queries.finding import listed_count, supervised_by

_NEWEST: Written[UUID] = Written(
    """
    WITH aside AS (SELECT case_id FROM cases_recusal WHERE official_id = %s),
    seen AS (
        SELECT worked_on.* FROM unnest(%s::uuid[]) AS post(id), LATERAL (
            SELECT DISTINCT case_submitted_at AS at, case_id AS id FROM cases_task
            WHERE post_id = post.id AND NOT case_id IN (SELECT case_id FROM aside)
            ORDER BY case_submitted_at DESC, case_id DESC LIMIT %s
        ) AS worked_on
        UNION ALL
        SELECT taken_in.* FROM unnest(%s::uuid[]) AS post(id), LATERAL (
            SELECT submitted_at AS at, id FROM cases_case
            WHERE taken_in_by_id = post.id AND NOT id IN (SELECT case_id FROM aside)
            ORDER BY submitted_at DESC, id DESC LIMIT %s
        ) AS taken_in
        UNION ALL
        SELECT overseen.* FROM unnest(%s::uuid[]) AS office(id), LATERAL (
            SELECT submitted_at AS at, id FROM cases_case
            WHERE organisation_id = office.id AND NOT id IN (SELECT case_id FROM aside)
            ORDER BY submitted_at DESC, id DESC LIMIT %s
        ) AS overseen
    )
    SELECT id FROM (SELECT DISTINCT at, id FROM seen) AS found ORDER BY at DESC, id DESC OFFSET %s LIMIT %s
    """,
    make=lambda row: row[0],
)
"""What `finding.visible` says of officials, of each ground no more than there may be on the pages up to this one."""
SHOWN = (
    "number", "title", "title_en", "state", "channel", "applicant_name", "submitted_at", "ended_at",
    "organisation__name", "organisation__name_en", "organisation__short_name",
)  # fmt: skip
"""What a row of a list shows: a case has long columns beside."""


@compiled_once
def shown_rows(ids: Collection[UUID]) -> QuerySet[Case]:
    """Return cases as rows of a page: with how they came out, and whether a fee is owed."""
    return with_outcome(Case.objects.filter(id__in=ids))


def with_outcome(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Return cases with what rows of pages show of them."""
    unpaid = FeeDemand.objects.filter(case_id=OuterRef("pk"), state=FeeDemand.State.DUE)
    cases = cases.select_related("organisation", "decision").only(*SHOWN, "decision__outcome")
    return cases.annotate(
        has_fee=Exists(unpaid), item_type=KeyTextTransform("item_type", "terms"), first_due=Subquery(_first_due())
    )


def told(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Return cases with what the API tells of them in a list."""
    return cases.select_related("organisation").only(*SHOWN).annotate(first_due=Subquery(_first_due()))


def _first_due() -> QuerySet[Clock, date]:
    """The nearest date of the running clocks of a case."""
    running = Clock.objects.filter(case_id=OuterRef("pk"), state=Clock.State.RUNNING).exclude(kind=Clock.Kind.STEP)
    return running.order_by("due_on").values_list("due_on", flat=True)[:1]


@compiled_once
def told_rows(ids: Collection[UUID]) -> QuerySet[Case]:
    """Return cases as the API lists them."""
    return told(Case.objects.filter(id__in=ids))


class NewestCases:
    """All cases that an official may see, the newest first: sliced and counted as a queryset is."""

    def __init__(self, actor: Actor, rows: "Compiled[[Collection[UUID]], Case]") -> None:
        """`rows` says what is fetched of each case of a slice."""
        self._actor = actor
        self._rows = rows

    def count(self) -> int:
        """Return how many they are; where they are many, the number may be a minute old."""
        return listed_count(self._actor)

    def __len__(self) -> int:
        """Return how many they are."""
        return self.count()

    def __getitem__(self, part: slice) -> list[Case]:
        """Return some of them. Two queries."""
        ids = self._ids(part.start or 0, part.stop)
        found = {case.id: case for case in self._rows(ids)}
        return [found[one] for one in ids if one in found]

    def _ids(self, start: int, stop: int) -> list[UUID]:
        actor, posts, offices = self._actor, sorted(self._actor.post_ids), sorted(supervised_by(self._actor))
        if not actor.is_official or actor.official_id is None or stop <= start:
            return []
        asked = _NEWEST.asking(actor.official_id, posts, stop, posts, stop, offices, stop, start, stop - start)
        return asked.rows()
