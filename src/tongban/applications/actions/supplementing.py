"""Answer a supplement request: everything the office named, together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.applications import queries
from tongban.applications.actions.materials import MOST_FILES
from tongban.applications.errors import Incomplete, NoSupplementWanted, TooManyFiles
from tongban.applications.events import SupplementAnswered
from tongban.applications.models import Application, ApplicationMaterial, MaterialWay
from tongban.base.actor import Actor
from tongban.base.errors import NotFound
from tongban.base.text import clean_line
from tongban.cases import actions as cases
from tongban.cases import queries as case_queries
from tongban.files import queries as files
from tongban.forms import queries as forms
from tongban.forms import rules as form_rules
from tongban.ledger import actions as ledger


@dataclass(frozen=True)
class SupplementAnswer:
    """What was sent: typed answers by field, received file ids by material, and words where there is no file."""

    typed: Mapping[str, str | list[str]] = field(default_factory=dict)
    file_ids: Mapping[str, Sequence[UUID]] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def answer_supplement(*, actor: Actor, case_id: UUID, answer: SupplementAnswer, now: datetime) -> Application:
    """Keep the answer and give the supplement back to the office.

    Raises NoSupplementWanted when none is open, Incomplete when a named point is not answered or a field is wrong,
    TooManyFiles, and NotFound for a file that is not the sender's own or belongs to something else.
    """
    case = case_queries.case_for(actor, case_id)
    points = case_queries.open_supplement_points(case)
    if not points:
        raise NoSupplementWanted
    application = Application.objects.select_for_update().get(case=case)
    field_keys = [point.target_key for point in points if point.target_kind == "field"]
    material_points = {point.target_key: point.target_name for point in points if point.target_kind == "material"}
    problems = _apply_fields(application, field_keys, answer, now)
    problems |= {
        key: [_("Please add: %(material)s.") % {"material": name}]
        for key, name in material_points.items()
        if not answer.file_ids.get(key) and not clean_line(answer.words.get(key, ""))
    }
    if problems:
        raise Incomplete(problems)
    for key in material_points:
        if len(answer.file_ids.get(key, ())) > MOST_FILES:
            raise TooManyFiles
    for file_id in (one for ids in answer.file_ids.values() for one in ids):
        _must_be_fresh(actor, file_id)
    application.save(update_fields=["values"])
    _add_materials(application, material_points, answer, now)
    cases.give_supplement(actor=actor, case_id=case.id, process_data=queries.process_data_of(application, now), now=now)
    ledger.record(
        SupplementAnswered(subject_id=case.id, fields=field_keys, materials=list(material_points)),
        actor=actor,
        now=now,
    )
    return application


def _must_be_fresh(actor: Actor, file_id: UUID) -> None:
    """A file is the sender's, and belongs to nothing else yet: it is kept and erased with this application."""
    stored = files.file_for(actor, file_id)
    if stored.owner_account_id != actor.account_id or files.is_referred_to(file_id):
        raise NotFound


def _apply_fields(
    application: Application, keys: list[str], answer: SupplementAnswer, now: datetime
) -> dict[str, list[str]]:
    """Put the corrected answers into the application's values; returns what is wrong with them."""
    form_id = application.handling_version.form_id
    if not keys or form_id is None:
        return {}
    document = forms.document(form_id)
    context = queries.answer_context(application, now)
    problems: dict[str, list[str]] = {}
    values = dict(application.values)
    for step in document.steps:
        own = [one.key for one in step.fields if one.key in keys]
        if not own:
            continue
        checked = form_rules.check_step(document, step.key, answer.typed, context, only=frozenset(own))
        problems |= {key: [str(words) for words in checked.errors[key]] for key in own if key in checked.errors}
        for key in own:
            values.pop(key, None)
        values |= {key: value for key, value in checked.values.items() if key in own}
    application.values = values
    return problems


def _add_materials(
    application: Application, points: Mapping[str, str], answer: SupplementAnswer, now: datetime
) -> None:
    """What comes new for a material takes the place of what was there; the old stays on record as replaced."""
    rounds = application.materials.order_by("-round").values_list("round", flat=True).first() or 0
    for key, name in points.items():
        earlier = application.materials.filter(material_key=key, replaced_at__isnull=True)
        position = earlier.values_list("position", flat=True).first() or 0
        earlier.update(replaced_at=now)
        shared = {
            "application": application,
            "material_key": key,
            "name": name,
            "round": rounds + 1,
            "added_at": now,
            "position": position,
        }
        for file_id in answer.file_ids.get(key, ()):
            ApplicationMaterial.objects.create(
                way=MaterialWay.FILE, trust=ApplicationMaterial.Trust.UPLOADED, file_id=file_id, **shared
            )
        word = clean_line(answer.words.get(key, ""))[:300]
        if word:
            ApplicationMaterial.objects.create(
                way=MaterialWay.NOT_APPLICABLE, trust=ApplicationMaterial.Trust.STATED, word=word, **shared
            )
