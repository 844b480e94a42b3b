"""Add and remove the files of a draft, or say why there is none."""

from datetime import datetime
from typing import IO, TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.applications import queries
from tongban.applications.actions.saving import touch
from tongban.applications.errors import MaterialUnknown, TooManyFiles
from tongban.applications.models import Draft, DraftMaterial, MaterialWay
from tongban.base.actor import Actor
from tongban.base.errors import Forbidden, Invalid, NotFound
from tongban.base.text import clean_line
from tongban.files import actions as files

if TYPE_CHECKING:
    from tongban.catalogue.queries import Material

MOST_FILES = 20
LONGEST_WORD = 300
SHORTEST_REASON = 2


def attach(
    *, actor: Actor, draft_id: UUID, material_key: str, name: str, content: IO[bytes], now: datetime
) -> DraftMaterial:
    """Receive a file for a material. Raises the refusals of room files, MaterialUnknown, TooManyFiles.

    The file is checked and written before the transaction begins: no upload inside a transaction.
    """
    draft = queries.draft_for(actor, draft_id)
    _must_apply(draft, material_key)
    _room_left(draft, material_key)
    stored = files.receive(actor=actor, name=name, content=content, now=now)
    with transaction.atomic():
        draft = queries.locked_draft(actor, draft_id)
        _room_left(draft, material_key)
        draft.materials.filter(material_key=material_key).exclude(way=MaterialWay.FILE).delete()
        material = DraftMaterial.objects.create(
            draft=draft, material_key=material_key, way=MaterialWay.FILE, file=stored, added_at=now
        )
        touch(draft, actor=actor, part=queries.MATERIALS, now=now)
    return material


@transaction.atomic
def detach(*, actor: Actor, draft_id: UUID, row_id: UUID, now: datetime) -> None:
    """Take a file or a word away again; the file is swept later."""
    draft = queries.locked_draft(actor, draft_id)
    deleted, _rows = draft.materials.filter(id=row_id).delete()
    if not deleted:
        raise NotFound
    draft.steps_done = [key for key in draft.steps_done if key != queries.MATERIALS]
    touch(draft, actor=actor, part=queries.MATERIALS, now=now)


@transaction.atomic
def state_word(*, actor: Actor, draft_id: UUID, material_key: str, way: str, word: str, now: datetime) -> DraftMaterial:
    """Say why there is no file: does not apply (with a reason), follows later, or paper seen at the window.

    Raises Invalid for a missing reason, Forbidden where the way is not open to the actor or the material.
    """
    draft = queries.locked_draft(actor, draft_id)
    material = _must_apply(draft, material_key)
    word = clean_line(word)
    if way == MaterialWay.PAPER and draft.window_post_id is None:
        raise Forbidden
    if way == MaterialWay.FOLLOWS and material.need not in {"may_follow", "credit_exempt"}:
        raise Forbidden
    if way not in {MaterialWay.PAPER, MaterialWay.FOLLOWS, MaterialWay.NOT_APPLICABLE}:
        raise MaterialUnknown
    if way == MaterialWay.NOT_APPLICABLE and len(word) < SHORTEST_REASON:
        raise Invalid({material_key: [_("Please say in a few words why this does not apply to you.")]})
    if len(word) > LONGEST_WORD:
        raise Invalid({material_key: [_("Please use at most 300 characters.")]})
    draft.materials.filter(material_key=material_key).exclude(way=MaterialWay.FILE).delete()
    row = DraftMaterial.objects.create(draft=draft, material_key=material_key, way=way, word=word, added_at=now)
    touch(draft, actor=actor, part=queries.MATERIALS, now=now)
    return row


def _must_apply(draft: Draft, material_key: str) -> "Material":
    for material in queries.applying_materials(draft):
        if material.key == material_key:
            return material
    raise MaterialUnknown


def _room_left(draft: Draft, material_key: str) -> None:
    if draft.materials.filter(material_key=material_key, way=MaterialWay.FILE).count() >= MOST_FILES:
        raise TooManyFiles
