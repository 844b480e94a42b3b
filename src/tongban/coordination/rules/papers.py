"""What a supervision order says. What counts is Chinese, as on all papers."""

from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext as _

from tongban.base.templatetags.words import date_words, where_words
from tongban.calendar.rules import Due
from tongban.papers.kinds import PaperContent

if TYPE_CHECKING:
    from tongban.cases.models import Case
    from tongban.organisations.models import Post


def order(case: "Case", *, post: "Post", issuing: "Post", demand: str, ends: Due, days: int) -> PaperContent:
    """Return the order 督办单; it names the case by number and matter, and no person."""
    with translation.override("zh-hans"):
        duty = _(
            "Please answer in writing within %(days)d working days, by %(day)s: what happened, and what is done about "
            "it. If no answer comes in time, the superior's post is told."
        )
        said = duty % {"days": days, "day": date_words(ends.day)}
        if ends.provisional:
            said += _(" The day is provisional until that year's holidays have been announced.")
        return PaperContent(
            office=issuing.organisation.name,
            office_en=issuing.organisation.name_en,
            addressee=where_words(post.organisation.name, post.name),
            paragraphs=(*demand.splitlines(), said),
            rows=(
                (_("Case number"), case.number),
                (_("Matter"), case.title),
                (_("To be answered by"), date_words(ends.day)),
            ),
        )
