"""What is drawn before anybody asks, and what that waits for."""

from datetime import timedelta

import pytest

from tongban.base.clock import now
from tongban.base.ids import new_id
from tongban.ledger.models import Owed
from tongban.organisations.models import Organisation
from tongban.papers import actions, tasks
from tongban.papers.kinds import PaperContent
from tongban.papers.models import Paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(office: Organisation, content: PaperContent) -> Paper:
    issued = actions.issue(kind="acceptance", organisation=office, subject_id=new_id(), content=content, now=now())
    Owed.objects.all().delete()
    return issued


def owe(*, tries: int) -> None:
    waits = now() + timedelta(minutes=10) if tries else None
    Owed.objects.create(event_id=1, subject_id=new_id(), tries=tries, not_before=waits)


def is_drawn(paper: Paper) -> bool:
    tasks.draw_ahead(timestamp=0)
    paper.refresh_from_db()
    return paper.file_id is not None


def test_news_come_first(paper: Paper) -> None:
    owe(tries=0)
    assert not is_drawn(paper)


def test_news_that_fail_for_ever_keep_nobody_from_drawing(paper: Paper) -> None:
    owe(tries=40)
    assert is_drawn(paper)
