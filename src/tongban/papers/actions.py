"""What may be done with papers: issue, draw, void, erase.

Order of locks: case → tasks → clocks → **paper counter last**. Several papers in one transaction are issued in the
order of `kinds.KINDS`. The counter stays locked until the commit, and a rollback gives its number back:
hence no gaps.
"""

import logging
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongban.base.actor import SYSTEM, Actor
from tongban.base.clock import office_date
from tongban.base.compiled import Written
from tongban.base.errors import Forbidden
from tongban.base.rows import Change, in_transaction, new, write
from tongban.base.text import clean_line
from tongban.files import actions as files
from tongban.ledger import actions as ledger
from tongban.papers import drawing, queries, rules
from tongban.papers.errors import NothingLeft, NumberTaken, ReasonNeeded, VoidedAlready, WordingChanged, WordingRefused
from tongban.papers.events import PaperErased, PaperIssued, PaperVoided, WordingPublished, WordingWithdrawn
from tongban.papers.kinds import KINDS, PaperContent, wordings
from tongban.papers.models import Paper, PaperTemplate
from tongban.papers.rules import Text

if TYPE_CHECKING:
    from tongban.files.models import StoredFile
    from tongban.organisations.models import Organisation

logger = logging.getLogger("tongban.papers")

_TAKE_NUMBER: Written[tuple[int, list[UUID] | None]] = Written(
    """
    INSERT INTO papers_papercounter (series, year, last) VALUES (%s, %s, %s)
    ON CONFLICT (series, year) DO UPDATE SET last = papers_papercounter.last + excluded.last
    RETURNING last, (SELECT array_agg(id) FROM papers_papertemplate WHERE kind = %s AND in_force)
    """,
    lambda row: (row[0], row[1]),
)


def _next_serial(series: str, year: int, kind: str, number: int = 1) -> tuple[int, list[UUID]]:
    """Take so many numbers of a series; returns the first, and the wordings of the kind that are in force."""
    ((last, in_force),) = _TAKE_NUMBER.asking(series, year, number, kind).rows()
    return last - number + 1, in_force or []


def _series_of(organisation: "Organisation", kind: str) -> str:
    prefix = organisation.paper_prefix or organisation.short_name or organisation.name
    return rules.series(clean_line(prefix), KINDS[kind].mark)


@in_transaction()
def issue(
    *,
    kind: str,
    organisation: "Organisation",
    subject_id: UUID,
    content: PaperContent,
    now: datetime,
    number: str | None = None,
    actor: Actor = SYSTEM,
) -> Paper:
    """Issue a paper: give it its number and keep what it says for good.

    Call it last in the transaction (see the order of locks above). With `number` the paper carries a number given
    elsewhere, such as a licence number; raises NumberTaken if another paper has it.
    """
    day = content.date or office_date(now)
    if number is None:
        issuing = numbered(
            kind=kind, organisation=organisation, subject_id=subject_id, content=content, now=now, actor=actor
        )
        write(*issuing.changes, ledger.recorded(issuing.entry, now=now))
        return issuing.paper
    given = _Number(day, number, in_force=queries.wordings_in_force(kind))
    paper = _paper(kind, organisation, subject_id, content, given, now)
    try:
        with transaction.atomic():
            paper.save(force_insert=True)
    except IntegrityError as taken:
        if Paper.objects.filter(number=paper.number).exists():
            raise NumberTaken from taken
        raise
    write(ledger.recorded(ledger.Entry(event=_issue_of(paper), actor=actor), now=now))
    return paper


@dataclass(frozen=True, slots=True)
class Issuing:
    """A paper that has its number and is not written yet, and all that is to be written with it."""

    paper: Paper
    changes: tuple[Change, ...]
    entry: ledger.Entry


def numbered(
    *,
    kind: str,
    organisation: "Organisation",
    subject_id: UUID,
    content: PaperContent,
    now: datetime,
    actor: Actor = SYSTEM,
) -> Issuing:
    """Take the number of a paper (see the order of locks above), and return it to be written with other changes."""
    day = content.date or office_date(now)
    series = _series_of(organisation, kind)
    serial, in_force = _next_serial(series, day.year, kind)
    given = _Number(day, rules.number(series, day.year, serial), series, serial, in_force)
    paper = _paper(kind, organisation, subject_id, content, given, now)
    return Issuing(paper, tuple(new(paper)), ledger.Entry(event=_issue_of(paper), actor=actor))


@dataclass(frozen=True, slots=True)
class ToIssue:
    """A paper that is to be issued: its kind, whose it is, what it is about, and what it says."""

    kind: str
    organisation: "Organisation"
    subject_id: UUID
    content: PaperContent

    def day(self, now: datetime) -> date:
        """Return its date; the number counts in the year of it."""
        return self.content.date or office_date(now)


@in_transaction()
def issue_many(wanted: Sequence[ToIssue], *, now: datetime, actor: Actor = SYSTEM) -> list[Paper]:
    """Issue many papers, in the order given: as `issue` does one, in a few statements.

    The numbers of a series are taken in one step, the series in the order in which all take them, by kind and then by
    name. Call it last in the transaction, with all its papers, each once.
    """
    if not wanted:
        return []
    series = [(_series_of(one.organisation, one.kind), one.day(now).year) for one in wanted]
    order = {kind: place for place, kind in enumerate(KINDS)}
    counted = Counter((order[one.kind], *of) for one, of in zip(wanted, series, strict=True))
    kinds = list(KINDS)
    taken = {}
    for (place, name, year), number in sorted(counted.items()):
        first, in_force = _next_serial(name, year, kinds[place], number)
        taken[name, year, kinds[place]] = (count(first), in_force)
    papers = []
    for one, (name, year) in zip(wanted, series, strict=True):
        serials, in_force = taken[name, year, one.kind]
        serial = next(serials)
        given = _Number(one.day(now), rules.number(name, year, serial), name, serial, in_force)
        papers.append(_paper(one.kind, one.organisation, one.subject_id, one.content, given, now))
    entries = [ledger.Entry(event=_issue_of(paper), actor=actor) for paper in papers]
    write(*new(*papers), ledger.recorded(*entries, now=now))
    return papers


@dataclass(frozen=True, slots=True)
class _Number:
    """The number of a paper and the day that it bears; without series and serial it was given elsewhere.

    `in_force`: the wordings of the kind that were in force when it was taken.
    """

    day: date
    number: str
    series: str = ""
    serial: int | None = None
    in_force: Collection[UUID] = ()


def _paper(
    kind: str,
    organisation: "Organisation",
    subject_id: UUID,
    content: PaperContent,
    given: _Number,
    now: datetime,
) -> Paper:
    content = queries.worded(kind, content, organisation.id, given.in_force)
    titles = {"title": content.title or KINDS[kind].title, "title_en": content.title_en or KINDS[kind].title_en}
    said = content.model_copy(update={"number": given.number, "date": given.day, **titles}).model_dump(mode="json")
    return Paper(
        kind=kind, organisation=organisation, series=given.series, year=given.day.year, serial=given.serial,
        number=given.number, subject_id=subject_id, content=said, digest=rules.digest(kind, said), issued_at=now,
        unprintable=_noted(said),
    )  # fmt: skip


def _issue_of(paper: Paper) -> PaperIssued:
    return PaperIssued(
        subject_id=paper.id,
        paper_kind=paper.kind,
        number=paper.number,
        digest=paper.digest,
        about_id=paper.subject_id,
    )


def _noted(said: dict[str, object]) -> str:
    """Return the characters that no typeface here can print, and tell the operator how many there are."""
    missing = drawing.missing_glyphs(drawing.all_text(said))
    if missing:
        logger.warning("paper has characters without a glyph count=%d", len(missing))
    points = " ".join(f"U+{ord(char):04X}" for char in sorted(missing))
    longest = 200
    return points if len(points) <= longest else points[:longest].rsplit(" ", 1)[0]


def draw(paper_id: UUID, now: datetime) -> "StoredFile":
    """Return the paper's PDF, drawn on first demand; the same paper always gives the same bytes. Raises NothingLeft.

    Drawing happens outside the transaction. If two draw at once the first one kept counts; both are alike.
    """
    paper = Paper.objects.select_related("file").get(pk=paper_id)
    if paper.file is not None:
        return paper.file
    pdf = drawing.draw(paper.kind, queries.content_of(paper), digest=paper.digest, void=_void_words(paper))
    made = files.store_made(name=f"{paper.number}.pdf", content=pdf, media_type="application/pdf", now=now)
    with transaction.atomic():
        locked = Paper.objects.select_for_update(of=("self",)).select_related("file").get(pk=paper_id)
        if locked.file is not None:
            return locked.file
        if locked.erased_at is not None:
            raise NothingLeft
        locked.file, locked.drawn_at = made, now
        locked.save(update_fields=["file", "drawn_at"])
    return made


def _void_words(paper: Paper) -> str:
    return "" if paper.voided_at is None else f"{office_date(paper.voided_at).isoformat()} {paper.void_reason}"


@transaction.atomic
def void(*, actor: Actor, paper_id: UUID, reason: str, now: datetime) -> Paper:
    """Void a paper: it stays, and its PDF from now on says so. Raises ReasonNeeded, VoidedAlready."""
    words = clean_line(reason)[:300]
    if not words:
        raise ReasonNeeded({"reason": [str(_("Please say why the paper is voided."))]})
    paper = Paper.objects.select_for_update().get(pk=paper_id)
    if paper.voided_at is not None:
        raise VoidedAlready
    paper.voided_at, paper.void_reason, paper.file, paper.drawn_at = now, words, None, None
    paper.save(update_fields=["voided_at", "void_reason", "file", "drawn_at"])
    ledger.record(PaperVoided(subject_id=paper.id, number=paper.number), actor=actor, now=now)
    return paper


@transaction.atomic
def erase(paper_ids: Iterable[UUID], *, now: datetime, actor: Actor = SYSTEM) -> int:
    """Erase what papers say, and their PDFs, after retention (个人信息保护法 art. 47). Returns how many.

    Numbers, kinds, dates and digests stay, so that it can still be proved what was issued.
    """
    papers = list(Paper.objects.select_for_update().filter(id__in=list(paper_ids), erased_at=None).order_by("id"))
    file_ids = [paper.file_id for paper in papers if paper.file_id]
    for paper in papers:
        paper.content, paper.file, paper.erased_at = None, None, now
        paper.unprintable, paper.void_reason = "", "erased" if paper.voided_at else ""
        paper.save(update_fields=["content", "file", "erased_at", "unprintable", "void_reason"])
        ledger.record(PaperErased(subject_id=paper.id, digest=paper.digest), actor=actor, now=now)
    if file_ids:
        files.erase(file_ids, now=now)
    return len(papers)


def check_wording(kind: str, texts: Mapping[str, Text]) -> None:
    """Raise WordingRefused with sentences by field: "paragraphs", "remarks", "paragraphs_en", "remarks_en"."""
    found: dict[str, Sequence[str]] = {}
    for language, ending in (("zh-hans", ""), ("en", "_en")):
        for place, sentences in rules.faults(wordings[kind], texts[language]).items():
            found[place + ending] = sentences
    if found:
        raise WordingRefused(found)


@transaction.atomic
def publish_wording(
    *,
    actor: Actor,
    kind: str,
    organisation_id: UUID | None,
    item_code: str = "",
    texts: Mapping[str, Text],
    reason: str,
    after_version: int | None = None,
    now: datetime,
) -> PaperTemplate:
    """Put a wording into force for papers issued from now on; what was issued keeps what it says.

    `after_version` is the version that the writer saw, 0 for none. Raises Forbidden, WordingRefused, WordingChanged.
    """
    if not queries.may_word(actor, organisation_id):
        raise Forbidden
    check_wording(kind, texts)
    words = clean_line(reason)[:300]
    if not words:
        raise WordingRefused({"reason": [str(_("Please say why the wording is changed."))]})
    versions = queries.versions_of_wording(kind, organisation_id, item_code).select_for_update()
    last = versions.order_by("-version").first()
    if after_version is not None and after_version != (last.version if last else 0):
        raise WordingChanged
    versions.filter(in_force=True).update(in_force=False)
    made = PaperTemplate(
        kind=kind,
        organisation_id=organisation_id,
        item_code=item_code,
        version=last.version + 1 if last else 1,
        content={language: text._asdict() for language, text in texts.items()},
        reason=words,
        published_at=now,
        published_by_id=actor.official_id,
    )
    _insert_version(made)
    ledger.record(WordingPublished(subject_id=made.id, paper_kind=kind, version=made.version), actor=actor, now=now)
    return made


def _insert_version(made: PaperTemplate) -> None:
    """Write the version; of two colleagues who publish the first one at once, one comes first."""
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as other:
        raise WordingChanged from other


@transaction.atomic
def roll_back_wording(*, actor: Actor, template: PaperTemplate, now: datetime) -> PaperTemplate:
    """Put an earlier version into force again, as a new one. Raises Forbidden."""
    return publish_wording(
        actor=actor,
        kind=template.kind,
        organisation_id=template.organisation_id,
        item_code=template.item_code,
        texts=queries.texts_of(template),
        reason=_("Back to version %(version)d") % {"version": template.version},
        now=now,
    )


@transaction.atomic
def withdraw_wording(*, actor: Actor, template: PaperTemplate, now: datetime) -> None:
    """Take a wording out of force: a wider one, or that of the product, takes its place. Raises Forbidden."""
    if not queries.may_word(actor, template.organisation_id):
        raise Forbidden
    if PaperTemplate.objects.filter(id=template.id, in_force=True).update(in_force=False):
        gone = WordingWithdrawn(subject_id=template.id, paper_kind=template.kind, version=template.version)
        ledger.record(gone, actor=actor, now=now)
