"""What is shown of an application: answers in words, and beside them what registers said."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.accounts import queries as accounts
from tongban.applications.models import Application, ApplicationAnswer
from tongban.applications.queries.drafts import answer_context
from tongban.applications.queries.registers import answers_to
from tongban.applications.rules.registers import ANSWERED, PASSING, name_in, told_items
from tongban.base import clock
from tongban.base.actor import Actor
from tongban.base.clock import OFFICE_ZONE
from tongban.base.templatetags.words import labelled
from tongban.catalogue import queries as catalogue
from tongban.forms import queries as forms
from tongban.forms import rules as form_rules
from tongban.organisations import queries as organisations

if TYPE_CHECKING:
    from tongban.cases.models import Case
    from tongban.forms.rules import FormDocument, ShownRow


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands beside an answer that a register gave: from whom, when, and what the applicant made of it."""

    office: str
    resource: str
    at: datetime
    is_changed: bool
    said: str
    """what the register said, where the answer is another now"""


@dataclass(frozen=True, slots=True)
class MarkedStep:
    """A step of the form, its answers, and the mark of each that a register gave."""

    title: str
    rows: "list[tuple[ShownRow, Mark | None]]"


def shown_answers(application: Application, *, sight: form_rules.Sight = "masked") -> list[form_rules.ShownStep]:
    """Return the answers in words, step by step; numbers masked as far as `sight` says."""
    if application.handling_version.form_id is None or application.erased_at:
        return []
    document = forms.document(application.handling_version.form_id)
    context = answer_context(application)
    return form_rules.shown(document, application.values, context, get_language() or "zh-hans", sight=sight)


def marked_answers(application: Application, *, sight: form_rules.Sight = "masked") -> list[MarkedStep]:
    """Return the answers in words, and which of them a register gave, or gave otherwise."""
    steps = shown_answers(application, sight=sight)
    given = {row.key: row for row in answers_to(application) if row.kind == "field"} if steps else {}
    if not given:
        return [MarkedStep(step.title, [(row, None) for row in step.rows]) for step in steps]
    document = forms.document(application.handling_version.form_id)
    marks = {key: _mark(application, document, row, sight) for key, row in given.items()}
    return [MarkedStep(step.title, [(row, marks.get(row.key)) for row in step.rows]) for step in steps]


def _mark(application: Application, document: "FormDocument", row: ApplicationAnswer, sight: form_rules.Sight) -> Mark:
    is_changed = application.values.get(row.key) != row.value
    said = form_rules.words_of(document.field(row.key), row.value, sight=sight) if is_changed else ""
    return Mark(name_in(row.names, "provider"), name_in(row.names, "resource"), row.looked_at, is_changed, said)


@dataclass(frozen=True, slots=True)
class InPlace:
    """What a register says in place of a material, each time it was asked, the newest last."""

    key: str
    name: str
    may_ask: bool
    told: list[dict[str, Any]] = field(default_factory=list)


def answers_in_place(application: Application, *, may_ask: bool) -> list[InPlace]:
    """Return the materials for which a register may answer, with what it said; `may_ask`: the reader may ask again."""
    guide = catalogue.guide_of(application.handling_version_id)
    if not guide.askings or application.erased_at:
        return []
    rows = [row for row in answers_to(application) if row.kind == "material"]
    handed_in = {row.material_key for row in application.valid_materials or ()}
    asked = {row.key for row in rows}
    return [
        InPlace(
            material.key,
            form_rules.in_words(material.name, material.name_en),
            may_ask,
            [_told(row) for row in rows if row.key == material.key],
        )
        for material in guide.materials
        if material.may_be_spared and (material.key in asked or (may_ask and material.key in handed_in))
    ]


def may_be_told(actor: Actor, case: "Case") -> bool:
    """Whether the reader of a case is told what registers said for it: officials, and who is concerned for sure.

    Somebody may have handed it in under the number of another, and an official then asks a register about that person.
    """
    if actor.is_official or actor.person_id is None:
        return actor.is_official
    if not actor.is_proven:
        return False
    if case.applicant_enterprise_id is not None:
        today = clock.office_date(clock.now())
        return case.applicant_enterprise_id in organisations.proven_enterprise_ids(actor.person_id, today)
    concerned = case.applicant_person_id
    return concerned == actor.person_id or (concerned is not None and accounts.is_guardian(actor.person_id, concerned))


def _told(row: ApplicationAnswer) -> dict[str, Any]:
    record = row.records[0] if row.outcome == ANSWERED and row.records else {}
    return {
        "office": name_in(row.names, "provider"),
        "resource": name_in(row.names, "resource"),
        "at": row.looked_at,
        "by_official": row.asked_by_id is not None,
        "items": [{"name": name, "said": said} for _code, name, said in told_items(row.names, record)],
        "word": "" if record else outcome_words(row.outcome),
    }


def outcome_words(outcome: str) -> str:
    """Return why there is no answer."""
    if outcome in PASSING:
        return _("The register did not answer.")
    return _("The register has nothing on this.")


def archived_answers(application: Application) -> Iterator[str]:
    """Go through what registers said, as text: for what, from whom, when, by which look-up, and each item."""
    for row in answers_to(application):
        lines = [
            _("%(key)s: %(office)s, “%(resource)s”, %(at)s, look-up %(look_up)s")
            % {
                "key": row.key,
                "office": name_in(row.names, "provider"),
                "resource": name_in(row.names, "resource"),
                "at": row.looked_at.astimezone(OFFICE_ZONE).isoformat(timespec="seconds"),
                "look_up": row.look_up_id or "—",
            }
        ]
        records = row.records if row.outcome == ANSWERED else []
        lines += [
            f"  {labelled(name, said)}" for record in records for _code, name, said in told_items(row.names, record)
        ]
        if not records:
            lines.append(f"  {outcome_words(row.outcome)}")
        yield "\n".join(lines)
