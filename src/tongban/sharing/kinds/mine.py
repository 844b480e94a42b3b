"""The kinds of case of "my data": question, objection, correction. What officials and the person see of them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.base.actor import Actor
from tongban.base.errors import NotFound
from tongban.base.templatetags.words import datetime_words, either, labelled, name_words
from tongban.cases.kinds import CaseKind, Panel, Target
from tongban.exchange import queries as exchange
from tongban.forms.rules import Sight
from tongban.sharing import actions, queries
from tongban.sharing.models import Correction, Question
from tongban.sharing.rules.values import MASK, words_of

if TYPE_CHECKING:
    from tongban.cases.models import Case
    from tongban.exchange.models import ResourceItem
    from tongban.papers.kinds import PaperContent

Row = tuple[str, str]
OFFICIAL_LANGUAGE = "zh-hans"
STEWARD = "steward"


class AboutLookUp(CaseKind):
    """A question about a look-up, or an objection to it, answered by the office that looked."""

    def panels(self, case: "Case", actor: Actor, sight: Sight = "masked") -> list[Panel]:
        """Return what was asked, and of which look-up."""
        try:
            question = queries.question_of(case.id)
        except NotFound:
            return []
        rows = _look_up_rows(question, actor)
        context = {"rows": rows, "words": question.words, "erased": question.erased_at is not None}
        return [Panel("asked", gettext_lazy("What was asked"), "sharing/panel.html", context)]

    def supplement_targets(self, case: "Case") -> list[Target]:
        """Nothing can be asked for: whoever asks has said what they want to know."""
        return []

    def archive_entries(self, case: "Case") -> Iterable[tuple[str, bytes | UUID]]:
        """Give what was written, and the look-up it is about."""
        try:
            question = queries.question_of(case.id)
        except NotFound:
            return
        yield "question.txt", f"{question.look_up_id}\n{question.words}".encode()

    def decision_paper(self, case: "Case", content: "PaperContent", *, granted: bool) -> "PaperContent":
        """Say it as an answer: what was asked is explained, not permitted."""
        return _as_answer(case, content, "数据查询答复书", "Answer about a look-up", granted=granted)

    def erase(self, case_id: UUID, now: datetime) -> None:
        """Erase what was written."""
        actions.erase_asked(case_id=case_id, now=now)


class QuestionKind(AboutLookUp):
    """A question."""

    name = "data_question"
    words = gettext_lazy("Question about a look-up")


class ObjectionKind(AboutLookUp):
    """An objection."""

    name = "data_objection"
    words = gettext_lazy("Objection to a look-up")


class CorrectionKind(CaseKind):
    """A value in a register is said not to be right; its data steward puts it right or says why not."""

    name = "data_correction"
    words = gettext_lazy("Correction of a register")
    decided_by = STEWARD

    def panels(self, case: "Case", actor: Actor, sight: Sight = "masked") -> list[Panel]:
        """Return what the register said, and what should stand there."""
        try:
            correction = queries.correction_of(case.id)
        except NotFound:
            return []
        shown = not actor.is_official or sight != "masked"
        rows = correction_rows(correction, shown=shown)
        context = {"rows": rows, "words": correction.words, "erased": correction.erased_at is not None}
        return [Panel("asked", gettext_lazy("What is said not to be right"), "sharing/panel.html", context)]

    def decided_at(self, case: "Case") -> str:
        """Return the steward's page, where the register is put right together with the decision."""
        return reverse("sharing:settle-correction", args=[case.number])

    def archive_entries(self, case: "Case") -> Iterable[tuple[str, bytes | UUID]]:
        """Give what was written."""
        try:
            correction = queries.correction_of(case.id)
        except NotFound:
            return
        lines = [labelled(label, value) for label, value in correction_rows(correction, shown=True)]
        yield "correction.txt", "\n".join([*lines, correction.words]).encode()

    def decision_paper(self, case: "Case", content: "PaperContent", *, granted: bool) -> "PaperContent":
        """Say that the register was put right, or why it stays as it is."""
        return _as_answer(case, content, "数据校核结果告知书", "Result of a correction", granted=granted)

    def erase(self, case_id: UUID, now: datetime) -> None:
        """Erase what was written."""
        actions.erase_asked(case_id=case_id, now=now)


def item_of(correction: Correction) -> "ResourceItem | None":
    """Return the item that a correction is about; None when the entry names it no longer."""
    items = exchange.items_of(correction.resource)
    return next((item for item in items if item.code == correction.field), None)


def correction_rows(correction: Correction, *, shown: bool) -> list[Row]:
    """Return what a correction is about; a sensitive value only where the reader holds the task, or is concerned."""
    item, resource, subject = item_of(correction), correction.resource, correction.person or correction.enterprise
    masked = item is not None and item.is_sensitive and not shown
    stated = MASK if masked else (words_of(item, correction.stated) if item else str(correction.stated or ""))
    return [
        (_("Register"), f"{name_words(resource)} · {name_words(resource.provider)}"),
        (_("Entry"), either(item.name, item.name_en) if item else correction.field),
        (_("About"), subject.name if subject else ""),
        (_("What the register said"), stated),
        (_("What should stand there"), MASK if masked else correction.wanted),
    ]  # fmt: skip


def _look_up_rows(question: Question, actor: Actor) -> list[Row]:
    """Return which look-up is meant. Officials of the office that looked see who looked, and for which case."""
    look_up = question.look_up
    rows = [(_("Looked up on"), datetime_words(look_up.at))]
    if look_up.resource:
        rows.append((_("Register"), either(look_up.resource.name, look_up.resource.name_en)))
    if not actor.is_official:
        return rows
    if look_up.grant:
        rows.append((_("Purpose"), look_up.grant.purpose_words))
        rows.append((_("By which law"), f"{look_up.grant.basis_law}{look_up.grant.basis_article}"))
    if look_up.post:
        rows.append((_("Post"), look_up.post.name))
    if look_up.official:
        rows.append((_("Official"), look_up.official.name))
    if look_up.reference:
        rows.append((_("Reference"), look_up.reference))
    return rows


_ANSWERED = {
    (QuestionKind.name, True): gettext_lazy("This is our answer to “%(matter)s”."),
    (QuestionKind.name, False): gettext_lazy("We may not answer “%(matter)s”, or not in full."),
    (ObjectionKind.name, True): gettext_lazy("We have looked into “%(matter)s” and agree with you."),
    (ObjectionKind.name, False): gettext_lazy("We have looked into “%(matter)s”. The look-up was in order."),
    (CorrectionKind.name, True): gettext_lazy("We have checked “%(matter)s” and put the register right."),
    (CorrectionKind.name, False): gettext_lazy("We have checked “%(matter)s”. The register stays as it is."),
}
"""Kind and whether it was granted → the first sentence of the answer."""


def _as_answer(case: "Case", content: "PaperContent", title: str, title_en: str, *, granted: bool) -> "PaperContent":
    """Return the paper as an answer; in English too, where the case is in English."""
    with translation.override(OFFICIAL_LANGUAGE):
        said = _paragraphs(case, case.title, content.values, granted=granted)
    said_en: tuple[str, ...] = ()
    if content.values_en:
        with translation.override("en"):
            said_en = _paragraphs(case, case.title_en or case.title, content.values_en, granted=granted)
    changes = {"title": title, "title_en": title_en, "paragraphs": said, "paragraphs_en": said_en}
    return content.model_copy(update=changes | {"values": {}, "values_en": {}})


def _paragraphs(case: "Case", matter: str, values: Mapping[str, str], *, granted: bool) -> tuple[str, ...]:
    parts = [str(_ANSWERED[case.kind, granted]) % {"matter": matter}]
    parts.append(_("Reasons: %(reasons)s") % {"reasons": values.get("reasons", "")})
    if values.get("legal_basis"):
        parts.append(_("Legal basis: %(basis)s") % {"basis": values["legal_basis"]})
    if values.get("remedies"):
        parts.append(values["remedies"])
    return tuple(parts)
