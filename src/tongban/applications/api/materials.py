"""Operations: files and words for the materials of a draft, and answers to a supplement request."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from ninja import File, Path, Router
from ninja.files import UploadedFile
from ninja.responses import Status

from tongban.applications import actions
from tongban.applications.actions import SupplementAnswer
from tongban.applications.api import showing
from tongban.applications.api.shapes import FileTold, SupplementFile, SupplementSent, SupplementTaken, WordSent
from tongban.applications.errors import MaterialUnknown
from tongban.base.api import SIGNED_IN, CaseNumber
from tongban.base.api.shapes import Key
from tongban.base.clock import now
from tongban.base.web import actor_of
from tongban.cases import queries as cases
from tongban.files import actions as files

router = Router(tags=["Drafts"])
supplements = Router(tags=["Cases"])


@router.post(
    "/drafts/{uuid:draft_id}/materials/{key}/files",
    response={201: FileTold},
    auth=SIGNED_IN,
    operation_id="add_file",
    summary="Add a file for a material",
)
def add_file(request: HttpRequest, draft_id: UUID, key: Path[Key], file: File[UploadedFile]) -> Status[FileTold]:
    """Add a file: PDF, JPEG, PNG or OFD up to 20 MB, judged by its content."""
    row = actions.attach(
        actor=actor_of(request), draft_id=draft_id, material_key=key, name=file.name or "", content=file, now=now()
    )
    return Status(201, showing.entry_of(row))


@router.post(
    "/drafts/{uuid:draft_id}/materials/{key}/word",
    response={201: FileTold},
    auth=SIGNED_IN,
    operation_id="add_word",
    summary="Say why there is no file",
)
def add_word(request: HttpRequest, draft_id: UUID, key: Path[Key], sent: WordSent) -> Status[FileTold]:
    """Say that a material does not apply (with the reason), or follows later where the guide allows it."""
    row = actions.state_word(
        actor=actor_of(request), draft_id=draft_id, material_key=key, way=sent.way, word=sent.word, now=now()
    )
    return Status(201, showing.entry_of(row))


@router.delete(
    "/drafts/{uuid:draft_id}/files/{uuid:entry_id}",
    response={204: None},
    auth=SIGNED_IN,
    operation_id="remove_file",
    summary="Take a file or word away",
)
def remove_file(request: HttpRequest, draft_id: UUID, entry_id: UUID) -> Status[None]:
    """Take a file or a word away again, by the id of its entry."""
    actions.detach(actor=actor_of(request), draft_id=draft_id, row_id=entry_id, now=now())
    return Status(204, None)


@supplements.post(
    "/cases/{number}/supplement/{key}/files",
    response={201: SupplementFile},
    auth=SIGNED_IN,
    operation_id="send_supplement_file",
    summary="Send a file for a supplement",
)
def send_supplement_file(
    request: HttpRequest, number: Path[CaseNumber], key: Path[Key], file: File[UploadedFile]
) -> Status[SupplementFile]:
    """Send a file for a point of the open supplement request; name its id when answering."""
    actor = actor_of(request)
    case = cases.case_for(actor, number)
    if key not in {point.target_key for point in cases.open_supplement_points(case)}:
        raise MaterialUnknown
    stored = files.receive(actor=actor, name=file.name or "", content=file, now=now())
    return Status(
        201,
        SupplementFile(
            file_id=stored.id,
            name=stored.name,
            media_type=stored.media_type,
            size=stored.size,
            address=reverse("files:show", args=[stored.id]),
        ),
    )


@supplements.post(
    "/cases/{number}/supplement",
    response=SupplementTaken,
    auth=SIGNED_IN,
    operation_id="answer_supplement",
    summary="Answer a supplement request",
)
def answer_supplement(request: HttpRequest, number: Path[CaseNumber], sent: SupplementSent) -> SupplementTaken:
    """Send everything that was asked for, together. A point without an answer is named in `fields`."""
    actor = actor_of(request)
    case = cases.case_for(actor, number)
    typed: dict[str, Any] = sent.answers
    actions.answer_supplement(
        actor=actor,
        case_id=case.id,
        answer=SupplementAnswer(typed=typed, file_ids=sent.files, words=sent.words),
        now=now(),
    )
    return SupplementTaken(case_number=case.number, state=cases.case_for(actor, number).state)
