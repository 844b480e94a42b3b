"""The kind of case "application": what officials see of it, what may be asked for, what is archived and erased."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongban.applications import actions, queries
from tongban.applications.models import Application, ApplicationMaterial, MaterialWay
from tongban.applications.queries.showing import (
    InPlace,
    answers_in_place,
    archived_answers,
    marked_answers,
    may_be_told,
    shown_answers,
)
from tongban.applications.rules.registers import named_by
from tongban.base.actor import Actor
from tongban.base.errors import NotFound
from tongban.cases.kinds import CaseKind, Panel, Target
from tongban.exchange import queries as exchange
from tongban.exchange.rules.subjects import Subject
from tongban.forms import queries as forms
from tongban.forms import rules as form_rules

if TYPE_CHECKING:
    from tongban.cases.models import Case


class ApplicationKind(CaseKind):
    """Registers applications with the hub."""

    name = "application"
    words = _("Application")

    def panels(self, case: "Case", actor: Actor, sight: form_rules.Sight = "masked") -> list[Panel]:
        """Return the answers and the materials, for the decision page and the applicant's page."""
        try:
            application, materials = queries.application_on(case)
        except NotFound:
            return []
        return [
            Panel(
                key="answers",
                title=_("Application form"),
                template="applications/panel_answers.html",
                context={
                    "steps": marked_answers(application, sight=sight),
                    "proxy": application.proxy,
                    "application": application,
                },
            ),
            Panel(
                key="materials",
                title=_("Materials"),
                template="applications/panel_materials.html",
                context={
                    "materials": materials,
                    "for_official": actor.is_official,
                    "answers": _answers(application, case, actor),
                },
            ),
        ]

    def viewer_files(self, case: "Case", actor: Actor) -> list[Mapping[str, object]]:
        """Return the files handed in, for the viewer beside the answers; OFD can only be downloaded."""
        try:
            _application, materials = queries.application_on(case)
        except NotFound:
            return []
        return [_for_viewer(material) for material in materials if material.file_id is not None]

    def supplement_targets(self, case: "Case") -> list[Target]:
        """Return every field and material that may be asked for; never what the office holds itself 免提交."""
        application, materials = queries.application_on(case)
        targets = [
            Target(kind="field", key=row.key, name=row.label)
            for step in shown_answers(application)
            for row in step.rows
        ]
        seen = {material.material_key for material in materials if material.way == MaterialWay.EXEMPT}
        for material in materials:
            if material.material_key not in seen:
                seen.add(material.material_key)
                targets.append(Target(kind="material", key=material.material_key, name=material.name))
        return targets

    def masked_numbers(self, case: "Case") -> list[tuple[str, str]]:
        """Return the questions whose answers are shown in part only to who works on the case."""
        try:
            application, _materials = queries.application_on(case)
        except NotFound:
            return []
        steps = shown_answers(application, sight="contact")
        return [(row.key, row.label) for step in steps for row in step.rows if row.is_masked]

    def supplement_url(self, case: "Case") -> str:
        """Return where the applicant answers."""
        return reverse("applications:supplement", args=[case.number])

    def guide_url(self, case: "Case") -> str:
        """Return the guide of the matter."""
        return reverse("catalogue:item", args=[case.summary["item"]])

    def concerns(self, case_id: UUID, subject: Subject) -> bool:
        """Whether somebody is named by number in the answers: the other parent, the elder, the firm."""
        try:
            application = queries.application_of(case_id)
        except NotFound:
            return False
        if application.handling_version.form_id is None or application.erased_at:
            return False
        document = forms.document(application.handling_version.form_id)
        types = {asked.key: asked.type for step in document.steps for asked in step.fields}
        named = (named_by(types.get(key, ""), value) for key, value in application.values.items())
        return any(one is not None and exchange.subject_of(one) == subject for one in named)

    def archive_entries(self, case: "Case") -> Iterable[tuple[str, bytes | UUID]]:
        """Give the answers as text and each file, under names that stay readable."""
        application = queries.application_of(case.id)
        lines = [
            f"{step.title}\n" + "\n".join(f"  {row.label}：{row.words}" for row in step.rows)
            for step in shown_answers(application, sight="full")
        ]
        yield "application.txt", "\n\n".join(lines).encode()
        if told := list(archived_answers(application)):
            yield "registers.txt", "\n\n".join(told).encode()
        for number, material in enumerate(queries.materials_of(application.id), start=1):
            if material.file_id and material.file:
                yield f"materials/{number:02d}-{material.file.name}", material.file_id

    def replace_paper(self, *, case_id: UUID, voided_id: UUID, made_id: UUID) -> None:
        """Show the corrected receipt from now on."""
        actions.replace_receipt(case_id=case_id, voided_id=voided_id, made_id=made_id)

    def erase(self, case_id: UUID, now: datetime) -> None:
        """Erase what was declared and handed in."""
        actions.erase_application(case_id=case_id, now=now)


def _answers(application: Application, case: "Case", actor: Actor) -> list[InPlace]:
    """Return what registers said in place of materials; nothing to who is not surely concerned."""
    answers = answers_in_place(application, may_ask=_may_ask(case, actor))
    return answers if answers and may_be_told(actor, case) else []


def _may_ask(case: "Case", actor: Actor) -> bool:
    """Whether the page offers to ask registers: to the office's own, while the case is open. The gate judges."""
    return actor.is_official and case.ended_at is None and case.organisation_id in actor.organisation_ids


def _for_viewer(material: ApplicationMaterial) -> Mapping[str, object]:
    """Return what the viewer needs of one file."""
    file = material.file
    media_type = file.media_type if file else ""
    address = reverse("files:show", args=[material.file_id])
    shape = "pdf" if media_type == "application/pdf" else "other"
    return {
        "name": f"{material.name} · {file.name}" if file else material.name,
        "url": address,
        "kind": "image" if media_type.startswith("image/") else shape,
        "download_url": f"{address}?download",
        "note": ApplicationMaterial.Trust(material.trust).label,
    }
