"""Drafts that are ready to be submitted: one for each resident through the actions, further ones copied from it.

An action takes some tens of milliseconds, and a run uses up thousands of drafts. A copy has everything that the actions
have written, but its own id and its own submission key; its files are those of the first.
"""

from functools import cache
from io import BytesIO
from itertools import cycle, islice
from random import Random
from typing import Any
from uuid import UUID, uuid4

from bench.inside import people
from tongban.applications import actions, queries
from tongban.applications.models import Draft, DraftMaterial
from tongban.base.actor import Actor
from tongban.base.clock import now
from tongban.base.ids import new_id
from tongban.catalogue import queries as catalogue
from tongban.site.demo import content
from tongban.site.demo.answers import answer
from tongban.site.demo.samples import sample_pdf

BATCH = 1000


def prepare(usernames: list[str], count: int) -> list[dict[str, str]]:
    """Return so many drafts, one resident after the other: whose, their ids, their submission keys."""
    patterns = [(username, _pattern(username, place)) for place, username in enumerate(usernames)]
    made: list[dict[str, str]] = []
    chosen = islice(cycle(patterns), count)
    while batch := list(islice(chosen, BATCH)):
        made += _copies(batch)
    return made


def _copies(batch: list[tuple[str, tuple[Draft, list[DraftMaterial]]]]) -> list[dict[str, str]]:
    drafts, rows, told = [], [], []
    for username, (pattern, materials) in batch:
        draft = _copy(pattern, id=new_id(), idempotency_key=uuid4())
        drafts.append(draft)
        rows += [_copy(row, id=new_id(), draft_id=draft.id) for row in materials]
        told.append({"username": username, "id": str(draft.id), "key": str(draft.idempotency_key)})
    Draft.objects.bulk_create(drafts)
    DraftMaterial.objects.bulk_create(rows)
    return told


def _copy(row: Any, **changed: object) -> Any:  # noqa: ANN401 - a row of either table
    columns = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}  # noqa: SLF001 - Django's public name for it
    return type(row)(**{**columns, **changed})


@cache
def _codes() -> tuple[str, ...]:
    """Return the matters that persons apply for, those with a form of their own among them."""
    return tuple(item["code"] for item in content.items() if "person" in item["guide"].get("audiences", ["person"]))


@cache
def _pattern(username: str, place: int) -> tuple[Draft, list[DraftMaterial]]:
    """Write one draft as its resident would, to the last step before submitting."""
    who, dice = people.actor(username), Random(place)
    for code in (_codes() * 2)[place % len(_codes()) :]:
        draft_id = _begin(who, code, dice)
        if draft_id is not None:
            draft = Draft.objects.get(id=draft_id)
            return draft, list(draft.materials.all())
    raise LookupError(username)


def _begin(who: Actor, code: str, dice: Random) -> UUID | None:
    """Write a draft; None where the matter asks for something that this resident cannot answer."""
    guide = catalogue.guide_of(catalogue.item(code).current_id)
    situation = {question.key: question.options[0].value for question in guide.situations}
    draft = actions.begin(actor=who, item_code=code, applicant_kind="self", situation=situation, now=now())
    known = queries.prefilled(queries.draft_for(who, draft.id))
    today = now().date().isoformat()
    for step in queries.document_of(draft).steps:
        typed = {
            field.key: _content(known.get(field.key)) or answer(field, dice, today=today)
            for field in step.fields
            if field.asks
        }
        if actions.save_step(actor=who, draft_id=draft.id, step_key=step.key, typed=typed, now=now()).errors:
            return None
    for state in queries.material_states(queries.draft_for(who, draft.id)):
        if state.must_be_there:
            name = state.material.name
            actions.attach(
                actor=who,
                draft_id=draft.id,
                material_key=state.material.key,
                name=f"{name}.pdf"[:80],
                content=BytesIO(sample_pdf(name)),
                now=now(),
            )
    actions.save_materials(actor=who, draft_id=draft.id, now=now())
    actions.save_delivery(actor=who, draft_id=draft.id, typed={"way": "online"}, now=now())
    return draft.id


def _content(value: object) -> object:
    """Return what the account knew; a part without content counts as nothing."""
    return None if isinstance(value, dict) and not all(value.values()) else value
