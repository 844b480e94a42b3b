"""How to find papers, and who may see them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from tongban.base.actor import Actor
from tongban.base.errors import NotFound
from tongban.organisations import queries as organisations
from tongban.papers import drawing, kinds, rules
from tongban.papers.drawing.faces import faces
from tongban.papers.errors import NothingLeft
from tongban.papers.kinds import PaperContent
from tongban.papers.models import Paper, PaperTemplate
from tongban.papers.rules import Text, Wording


@dataclass(frozen=True, slots=True)
class Series:
    """The numbers of a series in a year: how many papers, and the last number given."""

    year: int
    series: str
    count: int
    last: int

    @property
    def is_whole(self) -> bool:
        """Whether no number is missing."""
        return self.count == self.last


def series_of(organisation_id: UUID) -> list[Series]:
    """Return the series that an office has numbers of, by year, the newest first."""
    grouped = Paper.objects.filter(organisation_id=organisation_id, serial__isnull=False).values("year", "series")
    counted = grouped.annotate(count=Count("id"), last=Max("serial")).order_by("-year", "series")
    return [Series(**row) for row in counted]


def numbered(organisation_id: UUID, series: Series | None) -> QuerySet[Paper]:
    """Return the papers of an office in a series and year, the newest first, without what they say."""
    if series is None:
        return Paper.objects.none()
    rows = Paper.objects.filter(organisation_id=organisation_id, year=series.year, series=series.series)
    return rows.defer("content").order_by("-serial")


def paper(paper_id: UUID) -> Paper:
    """Return a paper to the system itself; raises NotFound."""
    found = Paper.objects.filter(pk=paper_id).first()
    if found is None:
        raise NotFound
    return found


def paper_for(actor: Actor, paper_id: UUID) -> Paper:
    """Return a paper if a room's guard lets the actor see it; raises NotFound."""
    found = paper(paper_id)
    if not any(guard(actor, found.id) for guard in kinds.guards.values()):
        raise NotFound
    return found


def papers_of(subject_id: UUID) -> list[Paper]:
    """Return the papers about a subject (a case) in the order of their issue. The caller knows who may see them."""
    return list(Paper.objects.filter(subject_id=subject_id).order_by("issued_at", "id"))


def papers(paper_ids: Iterable[UUID]) -> dict[UUID, Paper]:
    """Return papers by id, in one query."""
    return Paper.objects.in_bulk(list(paper_ids))


def content_of(paper: Paper) -> PaperContent:
    """Return what a paper says; raises NothingLeft."""
    if paper.content is None:
        raise NothingLeft
    return PaperContent.model_validate(paper.content)


def not_drawn(limit: int, *, issued_after: datetime) -> list[UUID]:
    """Return the ids of papers issued lately that have no PDF yet, the oldest first."""
    waiting = Paper.objects.filter(file=None, erased_at=None, issued_at__gt=issued_after).order_by("issued_at")
    return list(waiting.values_list("id", flat=True)[:limit])


def count_of_unprintable() -> int:
    """Return how many papers carry a character for which no typeface here has a glyph; for `tongban check`."""
    return Paper.objects.exclude(unprintable="").count()


def read_typefaces() -> None:
    """Read the typefaces that papers are drawn with and checked against, once for the process and all it forks."""
    faces()


LANGUAGES = ("zh-hans", "en")
MANAGER = "item_manager"


@dataclass(frozen=True, slots=True)
class Template:
    """A version of a wording, as it is filled in: for whom, and its text by language."""

    organisation_id: UUID | None
    item_code: str
    texts: Mapping[str, Text]


def wordings_in_force(kind: str) -> list[UUID]:
    """Return the ids of the wordings of a kind that are in force somewhere."""
    return list(PaperTemplate.objects.filter(kind=kind, in_force=True).values_list("id", flat=True))


@lru_cache(maxsize=1000)
def _template(template_id: UUID) -> Template:
    """Return a wording by its id. Versions never change, so each is read once by a process."""
    found = PaperTemplate.objects.get(id=template_id)
    return Template(found.organisation_id, found.item_code, texts_of(found))


def texts_of(template: PaperTemplate) -> dict[str, Text]:
    """Return the texts of a version, by language."""
    return {language: _text(template.content[language]) for language in LANGUAGES}


def _text(kept: Mapping[str, Iterable[str]]) -> Text:
    return Text(tuple(kept["paragraphs"]), tuple(kept["remarks"]))


def shipped_texts(wording: Wording) -> dict[str, Text]:
    """Return the wording that comes with the product, by language."""
    return {language: rules.shipped(wording, language) for language in LANGUAGES}


def worded(kind: str, content: PaperContent, organisation_id: UUID, in_force: Collection[UUID]) -> PaperContent:
    """Return a content with the sentences of the wording that is closest: the matter's, the office's, that of all."""
    if not content.values:
        return content
    fitting = [
        template
        for template in map(_template, in_force)
        if template.organisation_id in {None, organisation_id} and template.item_code in {"", content.item_code}
    ]
    closest = max(fitting, key=lambda one: (bool(one.item_code), one.organisation_id is not None), default=None)
    return said_with(content, closest.texts if closest else shipped_texts(kinds.wordings[kind]))


def said_with(content: PaperContent, texts: Mapping[str, Text]) -> PaperContent:
    """Return a content filled into a wording: in Chinese, and in English where that is asked for too."""
    chinese, english = texts["zh-hans"], texts["en"]
    return content.model_copy(
        update={
            "paragraphs": rules.fill(chinese.paragraphs, content.values),
            "paragraphs_en": rules.fill(english.paragraphs, content.values_en) if content.values_en else (),
            "remarks": rules.fill(chinese.remarks, content.values),
        }
    )


def may_word(actor: Actor, organisation_id: UUID | None) -> bool:
    """Whether the actor may change wordings of an office: its item managers; for all, those of the service centre."""
    if actor.kind == "system":
        return True
    place = organisations.service_centre_id() if organisation_id is None else organisation_id
    return place is not None and actor.has_role(MANAGER, place)


def template_for(actor: Actor, template_id: UUID) -> PaperTemplate:
    """Return a version of a wording to an item manager; raises NotFound."""
    found = PaperTemplate.objects.select_related("organisation", "published_by").filter(id=template_id).first()
    if found is None or not actor.has_role(MANAGER):
        raise NotFound
    return found


def history_of_wording(kind: str, organisation_id: UUID | None, item_code: str) -> list[PaperTemplate]:
    """Return the versions of a wording of a scope, the newest first."""
    versions = versions_of_wording(kind, organisation_id, item_code)
    return list(versions.select_related("organisation", "published_by").order_by("-version"))


def versions_of_wording(kind: str, organisation_id: UUID | None, item_code: str) -> QuerySet[PaperTemplate]:
    """Return the versions of a wording of a scope."""
    place = Q(organisation_id__isnull=True) if organisation_id is None else Q(organisation_id=organisation_id)
    return PaperTemplate.objects.filter(place, kind=kind, item_code=item_code)


def all_in_force() -> list[PaperTemplate]:
    """Return all wordings in force, by kind, those of all first."""
    return list(
        PaperTemplate.objects.filter(in_force=True).select_related("organisation").order_by("kind", "item_code")
    )


def example(actor: Actor, kind: str, number: str) -> PaperContent | None:
    """Return what a paper of a kind is filled from for a case that the actor may see; None where there is none."""
    found = (make(actor, kind, number) for make in kinds.examples.values())
    return next((content for content in found if content is not None), None)


@override("zh-hans")
def sample_of(kind: str, office: str) -> PaperContent:
    """Return a content of samples, to show a wording by."""
    wording, number = kinds.wordings[kind], "20261123-7KQ4M2XA"
    values = wording.samples("zh-hans")
    return PaperContent(
        office=office,
        addressee=values.get("applicant", ""),
        values=values,
        values_en=wording.samples("en"),
        rows=((_("Case number"), number), (_("Matter"), values["matter"])),
        language="en",
    )


@override("zh-hans")
def preview(kind: str, content: PaperContent, texts: Mapping[str, Text], today: date) -> bytes:
    """Return the PDF of a paper as it would be drawn with these texts; it has no number, and is kept nowhere."""
    shown = said_with(content, texts).model_copy(update={"number": _("Preview: not an issued paper"), "date": today})
    return drawing.draw(kind, shown, digest=rules.digest(kind, shown.model_dump(mode="json")))
