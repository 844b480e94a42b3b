"""What the papers of an application say: the receipt and the result."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.applications.models import MaterialWay
from tongban.base.clock import OFFICE_ZONE
from tongban.base.templatetags.words import date_words, labelled
from tongban.papers.kinds import PaperContent
from tongban.papers.rules import Placeholder, Wording

if TYPE_CHECKING:
    from tongban.applications.models import ApplicationMaterial
    from tongban.cases.models import Case


OFFICIAL_LANGUAGE = "zh-hans"
"""Papers are written in Chinese (国家通用语言文字法 art. 9); English stands beside it as a courtesy."""


WORDINGS = (
    Wording(
        "receipt",
        (
            Placeholder("matter", gettext_lazy("name of the matter"), "食品经营许可", "Food licence", compulsory=True),
            Placeholder("number", gettext_lazy("case number"), "20261123-7KQ4M2XA", "20261123-7KQ4M2XA"),
            Placeholder("applicant", gettext_lazy("who applies"), "林知夏", "林知夏"),
            Placeholder(
                "office", gettext_lazy("the office that handles the case"), "云澜市市场监督管理局", "Market Office"
            ),
            Placeholder("received_on", gettext_lazy("day of receipt"), "2026年11月23日", "23 November 2026"),
        ),
        (
            gettext_lazy("We have received your application for “{matter}” with the materials below."),
            gettext_lazy(
                "We now look at whether it is complete. "
                "If something is missing, you are told everything at once. You can follow the matter by its number."
            ),
        ),
    ),
    Wording(
        "result",
        (
            Placeholder("matter", gettext_lazy("name of the matter"), "食品经营许可", "Food licence", compulsory=True),
            Placeholder("holder", gettext_lazy("who holds the result"), "林知夏", "林知夏"),
        ),
        (gettext_lazy("After review, this office grants: {matter}."),),
    ),
)
"""What the papers of an application can be filled with, and the sentences shipped (see `cases.rules.wordings`)."""


@translation.override(OFFICIAL_LANGUAGE)
def receipt_content(case: "Case", materials: Iterable["ApplicationMaterial"]) -> PaperContent:
    """Return the receipt 接收回执: who handed in what, when, for which matter, and what happens next."""
    received = case.submitted_at.astimezone(OFFICE_ZONE)
    return PaperContent(
        office=case.organisation.name,
        date=received.date(),
        addressee=case.applicant_name,
        values={
            "matter": case.title,
            "number": case.number,
            "applicant": case.applicant_name,
            "office": case.organisation.name,
            "received_on": date_words(received.date()),
        },
        item_code=str(case.terms.get("item_code", "")),
        rows=(
            (_("Case number"), case.number),
            (_("Matter"), case.title),
            (_("Applicant"), case.applicant_name),
            (_("Received"), f"{date_words(received.date())} {received:%H:%M}"),
        ),
        table_head=(_("No."), _("Material"), _("How it was handed in")),
        table=tuple(_table(materials)),
        language="en" if case.language == "en" else "zh-hans",
    )


def _table(materials: Iterable["ApplicationMaterial"]) -> Iterator[tuple[str, str, str]]:
    """Go through the materials, each in one row, however many files it has."""
    by_key: dict[str, list[ApplicationMaterial]] = {}
    for material in materials:
        by_key.setdefault(material.material_key, []).append(material)
    for number, rows in enumerate(by_key.values(), start=1):
        words = _way_words(rows[0])
        more = _("%(way)s, %(count)s files") % {"way": words, "count": len(rows)}
        yield str(number), rows[0].name, words if len(rows) == 1 else more


def _way_words(material: "ApplicationMaterial") -> str:
    return labelled(MaterialWay(material.way).label, material.word)


@translation.override(OFFICIAL_LANGUAGE)
def result_content(case: "Case", *, holder: str, rows: Iterable[tuple[str, str]]) -> PaperContent:
    """Return what the result says: holder, what was granted, and the chosen answers of the form."""
    terms = case.terms["result"]
    return PaperContent(
        title=terms["name"] or case.title,
        office=case.organisation.name,
        date=None,
        addressee="",
        values={"matter": case.title, "holder": holder},
        item_code=str(case.terms.get("item_code", "")),
        rows=((_("Holder"), holder), *rows),
        language="en" if case.language == "en" else "zh-hans",
    )
