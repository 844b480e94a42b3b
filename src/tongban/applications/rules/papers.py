"""What the papers of an application say: the receipt and the result."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext as _

from tongban.applications.models import MaterialWay
from tongban.base.clock import OFFICE_ZONE
from tongban.base.templatetags.words import labelled
from tongban.papers.kinds import PaperContent

if TYPE_CHECKING:
    from tongban.applications.models import ApplicationMaterial
    from tongban.cases.models import Case


OFFICIAL_LANGUAGE = "zh-hans"
"""Papers are written in Chinese (国家通用语言文字法 art. 9); English stands beside it as a courtesy."""


@translation.override(OFFICIAL_LANGUAGE)
def receipt_content(case: "Case", materials: Iterable["ApplicationMaterial"]) -> PaperContent:
    """Return the receipt 接收回执: who handed in what, when, for which matter, and what happens next."""
    received = case.submitted_at.astimezone(OFFICE_ZONE)
    return PaperContent(
        office=case.organisation.name,
        date=received.date(),
        addressee=case.applicant_name,
        paragraphs=(
            _("We have received your application for “%(matter)s” with the materials below.") % {"matter": case.title},
            _(
                "The acceptance desk now looks at whether it is complete. "
                "If something is missing, you are told everything at once. You can follow the matter by its number."
            ),
        ),
        rows=(
            (_("Case number"), case.number),
            (_("Matter"), case.title),
            (_("Applicant"), case.applicant_name),
            (_("Received"), received.strftime("%Y-%m-%d %H:%M")),
        ),
        table_head=(_("No."), _("Material"), _("How it was handed in")),
        table=tuple(
            (str(number), material.name, _way_words(material)) for number, material in enumerate(materials, start=1)
        ),
        language="en" if case.language == "en" else "zh-hans",
    )


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
        paragraphs=(_("After review, this office grants: %(matter)s.") % {"matter": case.title},),
        rows=((_("Holder"), holder), *rows),
        language="en" if case.language == "en" else "zh-hans",
    )
