"""What comes after the end: archive, erasure. And who stands in for whom."""

import io
import sys
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from tongban.base.actor import SYSTEM
from tongban.base.errors import NotFound
from tongban.cases import actions, queries
from tongban.cases.actions.archiving import ARCHIVED_AFTER
from tongban.cases.errors import NotInThisState, StoodAside, TaskHeld
from tongban.cases.models import Archive, Case, Task
from tongban.cases.queries.inbox import Filters
from tongban.cases.tests.people import NOW, City, actor_of, open_task
from tongban.files import queries as files
from tongban.organisations import actions as organisations
from tongban.papers.errors import NothingLeft

DAY = timedelta(days=1)
TODAY = date(2026, 3, 2)


def refused(city: City) -> Case:
    case = city.reviewed()
    actions.decide(
        actor=city.head.actor,
        task=open_task(case, "decision"),
        outcome="refused",
        reasons="无场所",
        legal_basis="y",
        now=NOW,
    )
    return Case.objects.get(id=case.id)


def test_an_ended_case_is_archived_once_with_papers_and_history(city: City) -> None:
    case = refused(city)
    assert actions.archive_ended(now=NOW) == 0
    later = NOW + ARCHIVED_AFTER + DAY
    assert actions.archive_ended(now=later) == 1
    assert actions.archive_ended(now=later) == 0
    stored = Archive.objects.get(case=case).file
    packed = zipfile.ZipFile(io.BytesIO(files.content_of(stored)))
    names = packed.namelist()
    assert {"case.json", "history.txt", "answers.txt"} <= set(names)
    assert sum(name.startswith("papers/") for name in names) == 3
    assert "作出决定：不予" in packed.read("history.txt").decode()
    with pytest.raises(NotFound):
        files.file_for(city.lin.actor, stored.id)
    assert files.file_for(city.head.actor, stored.id) == stored


def test_a_running_case_is_not_archived(city: City) -> None:
    with pytest.raises(NotInThisState):
        actions.archive(actor=SYSTEM, case=city.accepted(), now=NOW)


def test_after_retention_nothing_tells_who_it_was(city: City) -> None:
    case = refused(city)
    actions.rate(actor=city.lin.actor, case=case, level=1, words="我叫林知夏", now=NOW)
    actions.archive_ended(now=NOW + ARCHIVED_AFTER + DAY)
    assert actions.erase_due(now=NOW + 364 * DAY) == 0
    assert actions.erase_due(now=NOW + 367 * DAY) == 1
    assert actions.erase_due(now=NOW + 367 * DAY) == 0
    erased = Case.objects.get(id=case.id)
    assert (erased.applicant_name, erased.submitted_by_id, erased.applicant_person_id) == ("", None, None)
    assert erased.rating.words == ""
    assert erased.decision.reasons == ""
    assert Archive.objects.get(case=case).file.erased_at is not None
    row = queries.papers_of(erased, for_applicant=True)[0]
    assert row.paper.number
    with pytest.raises(NothingLeft):
        paper_content(row.paper)
    assert erased.number == case.number


def paper_content(paper: object) -> object:
    from tongban.papers.queries import content_of  # noqa: PLC0415 - only here

    return content_of(paper)  # type: ignore[arg-type]  # a paper


def test_a_deputy_sees_and_does_the_work_of_who_is_away(city: City) -> None:
    case = city.case()
    task = open_task(case, "acceptance")
    actions.claim(actor=city.desk.actor, task=task, now=NOW)
    deputy = city.market.staff("review", "代班人")
    assert queries.inbox(deputy.actor, Filters(), today=TODAY).rows == []
    organisations.take_leave(
        actor=city.desk.actor, deputy_id=deputy.official_id, first_day=TODAY, last_day=TODAY + 7 * DAY, now=NOW
    )
    account = deputy.actor.account_id
    assert account is not None
    acting = actor_of(account)
    rows = queries.inbox(acting, Filters(), today=TODAY).rows
    assert [(row.task.id, row.as_deputy) for row in rows] == [(task.id, True)]
    actions.accept(actor=acting, task=task, now=NOW)
    assert Task.objects.get(id=task.id).done_by_id == deputy.official_id


def test_a_colleague_may_not_work_on_what_another_holds(city: City) -> None:
    task = open_task(city.case(), "acceptance")
    actions.claim(actor=city.desk.actor, task=task, now=NOW)
    colleague = city.market.staff("acceptance", "孙受理")
    with pytest.raises(TaskHeld):
        actions.accept(actor=colleague.actor, task=task, now=NOW)


def test_standing_aside_never_strands_a_task(city: City) -> None:
    case = city.reviewed()
    task = open_task(case, "decision")
    actions.claim(actor=city.head.actor, task=task, now=NOW)
    actions.stand_aside(actor=city.head.actor, case=case, reason="亲属", now=NOW)
    moved = Task.objects.get(id=task.id)
    assert moved.holder_id is None
    assert moved.post == city.market.posts["acceptance"]
    with pytest.raises((StoodAside, NotFound)):
        actions.decide(actor=city.head.actor, task=task, outcome="granted", reasons="x", now=NOW)
    assert queries.inbox(city.head.actor, Filters(), today=TODAY).rows == []


def test_the_inbox_is_in_the_order_of_the_clock(city: City) -> None:
    late = city.case(now=NOW)
    early = city.case(now=NOW - 7 * DAY)
    shown = queries.inbox(city.desk.actor, Filters(), today=TODAY)
    assert [row.task.case_id for row in shown.rows] == [early.id, late.id]
    assert [row.pressure.urgency for row in shown.rows] == ["today", "later"]
    assert shown.counts == {"all": 2, "mine": 0, "open": 2, "overdue": 0, "today": 1}


def test_the_pages_of_several_posts_follow_one_clock(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose posts have tasks in turn sees them in the order of their dates, page by page, none twice."""
    monkeypatch.setattr(sys.modules[Filters.__module__], "PAGE_SIZE", 2)
    for days in range(6):
        case = city.case(now=NOW - days * DAY)
        if days % 2:
            actions.accept(actor=city.desk.actor, task=open_task(case, "acceptance"), now=NOW - days * DAY)
    everywhere = replace(city.desk.actor, posts=(*city.desk.actor.posts, *city.reviewer.actor.posts))
    due = Task.objects.filter(state=Task.State.OPEN, post_id__in=everywhere.post_ids).order_by("due_on", "id")
    tasks = [task.id for task in due]
    assert len(everywhere.post_ids) == 2
    assert len(tasks) == 6
    assert len({task.post_id for task in due}) == 2
    for page in (1, 2, 3):
        found = [row.task.id for row in queries.inbox(everywhere, Filters(), today=TODAY, page=page).rows]
        assert found == tasks[2 * page - 2 : 2 * page]


def test_each_page_of_the_inbox_holds_its_own_tasks(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[Filters.__module__], "PAGE_SIZE", 2)
    ids = [open_task(city.case(now=NOW - days * DAY), "acceptance").id for days in (4, 3, 2, 1, 0)]
    city.market.staff("acceptance", "孙受理")
    aside = city.case(now=NOW - 5 * DAY)
    actions.stand_aside(actor=city.desk.actor, case=aside, reason="亲属", now=NOW)

    def on(page: int | str, filters: Filters) -> list[UUID]:
        return [row.task.id for row in queries.inbox(city.desk.actor, filters, today=TODAY, page=page).rows]

    for filters in (Filters(), Filters(view="open")):
        assert [on(page, filters) for page in (1, "2", 3)] == [ids[:2], ids[2:4], ids[4:]]
        assert [on(page, filters) for page in (9, "0", -1, "1" * 40)] == [ids[4:]] * 4
        assert [on(page, filters) for page in ("x", "²", "")] == [ids[:2]] * 3
