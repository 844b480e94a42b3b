import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pypdf
import pytest
from django.db import IntegrityError, transaction
from django.test import RequestFactory

from tongban.base.actor import SYSTEM, Actor
from tongban.base.errors import NotFound
from tongban.base.ids import new_id
from tongban.files import queries as files
from tongban.ledger import queries as ledger
from tongban.organisations.models import Organisation
from tongban.papers import actions, kinds, queries, rules
from tongban.papers.errors import NothingLeft, NumberTaken, ReasonNeeded, VoidedAlready
from tongban.papers.events import PaperErased, PaperIssued, PaperVoided
from tongban.papers.kinds import KINDS, PaperContent
from tongban.papers.models import Paper
from tongban.papers.web import views

pytestmark = pytest.mark.django_db
OWNER = Actor(kind="resident", account_id=new_id(), person_id=new_id())
STRANGER = Actor(kind="resident", account_id=new_id(), person_id=new_id())


def issue(
    office: Organisation, content: PaperContent, now: datetime, kind: str = "acceptance", number: str | None = None
) -> Paper:
    return actions.issue(kind=kind, organisation=office, subject_id=new_id(), content=content, now=now, number=number)


@pytest.fixture
def owner_sees() -> Iterator[set[UUID]]:
    seen: set[UUID] = set()
    kinds.guards.register("tests", lambda actor, paper_id: actor == OWNER and paper_id in seen)
    yield seen
    kinds.guards._entries.pop("tests")


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).replace("\n", "")


def test_a_paper_has_its_number_title_and_date(office: Organisation, content: PaperContent, now: datetime) -> None:
    first, second = issue(office, content, now), issue(office, content, now)
    assert (first.number, second.number) == ("云市监受〔2026〕1号", "云市监受〔2026〕2号")
    assert issue(office, content, now, kind="decision_refused").number == "云市监不准〔2026〕1号"
    said = queries.content_of(Paper.objects.get(id=first.id))
    assert (said.number, said.title, str(said.date)) == (first.number, "受理通知书", "2026-11-23")
    [happened] = ledger.history_of("paper", first.id)
    assert happened.event == PaperIssued(first.id, "acceptance", first.number, first.digest, first.subject_id)


def test_the_year_is_that_of_the_office(office: Organisation, content: PaperContent) -> None:
    new_year_in_china = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)
    assert issue(office, content, new_year_in_china).number == "云市监受〔2027〕1号"


def test_two_offices_with_the_same_mark_share_their_numbers(
    office: Organisation, content: PaperContent, now: datetime
) -> None:
    other = Organisation.objects.create(name="另一个局", slug="other", paper_prefix=office.paper_prefix)
    bare = Organisation.objects.create(name="没有字号的局", slug="bare")
    numbers = [issue(one, content, now).number for one in (office, other, office, bare)]
    assert numbers == ["云市监受〔2026〕1号", "云市监受〔2026〕2号", "云市监受〔2026〕3号", "没有字号的局受〔2026〕1号"]


def test_a_number_given_elsewhere_stands_once(office: Organisation, content: PaperContent, now: datetime) -> None:
    assert issue(office, content, now, kind="result", number="JY24301020000123").serial is None
    with pytest.raises(NumberTaken):
        issue(office, content, now, kind="result", number="JY24301020000123")
    assert Paper.objects.count() == 1


def test_what_a_paper_says_never_changes(office: Organisation, content: PaperContent, now: datetime) -> None:
    paper = issue(office, content, now)
    for change in ({"content": {"title": "别的"}}, {"number": "X"}, {"digest": "0" * 64}, {"content": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Paper.objects.filter(id=paper.id).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Paper.objects.filter(id=paper.id).delete()
    stored = Paper.objects.get(id=paper.id)
    assert stored.content is not None
    assert rules.digest(stored.kind, stored.content) == stored.digest


def test_the_pdf_is_drawn_once_and_says_what_the_paper_says(
    office: Organisation, content: PaperContent, now: datetime
) -> None:
    paper = issue(office, content, now)
    assert queries.not_drawn(9, issued_after=now - timedelta(days=1)) == [paper.id]
    assert queries.not_drawn(9, issued_after=now) == [], "an older one waits until it is asked for"
    drawn = actions.draw(paper.id, now)
    assert actions.draw(paper.id, now) == drawn
    assert queries.not_drawn(9, issued_after=now - timedelta(days=1)) == []
    text = text_of(files.content_of(drawn))
    for words in ("受理通知书", paper.number, "欧阳·阿卜杜拉", "营业执照", rules.short_digest(paper.digest)):
        assert words in text


def test_a_voided_paper_says_so(office: Organisation, content: PaperContent, now: datetime) -> None:
    paper = issue(office, content, now)
    before = actions.draw(paper.id, now)
    with pytest.raises(ReasonNeeded):
        actions.void(actor=SYSTEM, paper_id=paper.id, reason=" ", now=now)
    actions.void(actor=SYSTEM, paper_id=paper.id, reason="数据有误，另行制发", now=now)
    after = actions.draw(paper.id, now)
    assert after != before
    assert "数据有误" in text_of(files.content_of(after))
    assert "作" in text_of(files.content_of(after))
    with pytest.raises(VoidedAlready):
        actions.void(actor=SYSTEM, paper_id=paper.id, reason="又一次", now=now)
    assert ledger.history_of("paper", paper.id)[-1].event == PaperVoided(paper.id, paper.number)


def test_an_erased_paper_leaves_number_and_digest(office: Organisation, content: PaperContent, now: datetime) -> None:
    paper, stays = issue(office, content, now), issue(office, content, now)
    drawn = actions.draw(paper.id, now)
    assert actions.erase([paper.id], now=now) == 1
    assert actions.erase([paper.id], now=now) == 0
    left = queries.paper(paper.id)
    assert (left.content, left.file, left.number, left.digest) == (None, None, paper.number, paper.digest)
    drawn.refresh_from_db()
    assert drawn.erased_at == now
    with pytest.raises(NothingLeft):
        actions.draw(paper.id, now)
    assert ledger.history_of("paper", paper.id)[-1].event == PaperErased(paper.id, paper.digest)
    assert queries.content_of(queries.paper(stays.id)).addressee == content.addressee


def test_a_rare_character_is_noted_for_the_operator(office: Organisation, content: PaperContent, now: datetime) -> None:
    paper = issue(office, content.model_copy(update={"addressee": "李𠮷😀"}), now)
    assert paper.unprintable == "U+1F600 U+20BB7"
    assert queries.count_of_unprintable() == 1
    assert issue(office, content, now).unprintable == ""


def test_only_whom_a_guard_lets_sees_a_paper_and_its_file(
    office: Organisation, content: PaperContent, now: datetime, owner_sees: set[UUID]
) -> None:
    paper = issue(office, content, now)
    drawn = actions.draw(paper.id, now)
    for actor in (OWNER, STRANGER):
        with pytest.raises(NotFound):
            queries.paper_for(actor, paper.id)
    owner_sees.add(paper.id)
    assert queries.paper_for(OWNER, paper.id) == paper
    assert files.file_for(OWNER, drawn.id) == drawn
    for seen in (lambda: queries.paper_for(STRANGER, paper.id), lambda: files.file_for(STRANGER, drawn.id)):
        with pytest.raises(NotFound):
            seen()


def test_every_kind_has_a_title_and_its_own_mark() -> None:
    assert set(KINDS) >= {
        "receipt", "acceptance", "supplement", "non_acceptance", "decision_granted", "decision_refused", "fee_demand",
        "delivery", "result", "withdrawal", "passing_on",
    }  # fmt: skip
    assert len({kind.mark for kind in KINDS.values()}) == len(KINDS)
    assert all(replace(kind).title for kind in KINDS.values())


def test_the_page_sends_the_pdf(
    office: Organisation, content: PaperContent, now: datetime, owner_sees: set[UUID]
) -> None:
    paper = issue(office, content, now)
    owner_sees.add(paper.id)
    request = RequestFactory().get("/papers/x.pdf?download")
    request.actor = OWNER  # type: ignore[attr-defined]  # as the middleware does
    answer = views.show(request, paper.id)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert b"".join(answer).startswith(b"%PDF")
    request.actor = STRANGER  # type: ignore[attr-defined]  # as above
    with pytest.raises(NotFound):
        views.show(request, paper.id)
