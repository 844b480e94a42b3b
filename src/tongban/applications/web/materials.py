"""The materials of a draft: upload, preview, remove, or say why there is none."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from tongban.applications import actions, queries
from tongban.applications.models import Draft, DraftMaterial
from tongban.applications.rules import MaterialState
from tongban.applications.web.pages import draft_context, part_address
from tongban.applications.web.registers import answer_shown, asked_part
from tongban.base.clock import now
from tongban.base.errors import Invalid, Refusal
from tongban.base.web import actor_of, signed_in
from tongban.base.web.middleware import refusal_response, wants_json


@signed_in
def overview(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Show all materials with what is there; go on when nothing is missing."""
    actor = actor_of(request)
    draft = queries.draft_for(actor, draft_id)
    if request.method != "POST":
        return _show(request, draft)
    _rows, refused = _receive(request, draft, "")
    if refused:
        return _show(request, draft, errors=_sentences(refused), status=422)
    try:
        saved = actions.save_materials(actor=actor, draft_id=draft_id, now=now())
    except Invalid as incomplete:
        return _show(request, draft, errors=incomplete.fields, status=incomplete.status)
    return redirect(part_address(saved, queries.next_part(saved, after=queries.MATERIALS)))


def _show(
    request: HttpRequest, draft: Draft, *, errors: dict[str, list[str]] | None = None, status: int = 200
) -> HttpResponse:
    errors = errors or {}
    registers = asked_part(request, draft, queries.MATERIALS)
    states = queries.material_states(draft, now())
    context = draft_context(request, draft, queries.MATERIALS) | {
        "registers": registers,
        "materials": [_shown(draft, state, errors.get(state.material.key, [])) for state in states],
        "errors": [
            {"href": f"#material-{key}", "text": text} for key, sentences in errors.items() for text in sentences
        ],
        "at_window": draft.window_post_id is not None,
    }
    return render(request, "applications/materials.html", context, status=status)


def _shown(draft: Draft, state: MaterialState, errors: list[str]) -> dict[str, Any]:
    key = state.material.key
    return {
        "state": state,
        "material": state.material,
        "errors": errors,
        "files": [file_shown(draft, row) for row in state.files],
        "word": state.word,
        "told": answer_shown(draft, state.told.row, state.told.record) if state.told else None,
        "upload_url": reverse("applications:upload", args=[draft.id, key]),
        "word_url": reverse("applications:word", args=[draft.id, key]),
    }


def file_shown(draft: Draft, row: DraftMaterial) -> dict[str, Any]:
    """Return what the upload component shows of a file."""
    file = row.file
    if file is None:
        return {}
    address = reverse("files:show", args=[file.id])
    return {
        "id": str(row.id),
        "name": file.name,
        "size": file.size,
        "media_type": file.media_type,
        "view_url": address,
        "preview_url": address if file.media_type.startswith("image/") else "",
        "remove_url": reverse("applications:remove", args=[draft.id, row.id]),
    }


@signed_in
def upload(request: HttpRequest, draft_id: UUID, key: str) -> HttpResponseBase:
    """Receive files for a material; JSON for the script, a page without it."""
    draft = queries.draft_for(actor_of(request), draft_id)
    if request.method != "POST":
        return redirect("applications:materials", draft_id)
    rows, errors = _receive(request, draft, key)
    if wants_json(request) and errors:
        return refusal_response(request, next(iter(errors.values())))
    if errors:
        return _show(request, draft, errors=_sentences(errors), status=next(iter(errors.values())).status)
    if wants_json(request):
        fresh = queries.draft_for(actor_of(request), draft_id)
        return JsonResponse(file_shown(draft, rows[0]) | {"revision": fresh.revision}, status=201)
    return redirect(f"{reverse('applications:materials', args=[draft_id])}#material-{key}")


def _receive(request: HttpRequest, draft: Draft, key: str) -> tuple[list[DraftMaterial], dict[str, Refusal]]:
    """Attach every file that was sent, each under the name of its material.

    Without script all inputs of the page are sent together, so files chosen for other materials are taken as well.
    """
    rows: list[DraftMaterial] = []
    errors: dict[str, Refusal] = {}
    for name in request.FILES:
        material_key = name
        for sent in request.FILES.getlist(name):
            try:
                rows.append(
                    actions.attach(
                        actor=actor_of(request),
                        draft_id=draft.id,
                        material_key=material_key,
                        name=sent.name or "",
                        content=sent,
                        now=now(),
                    )
                )
            except Refusal as refusal:
                errors[material_key] = refusal
    if key and not rows and not errors:
        errors[key] = Invalid({key: [_("Please choose a file first.")]}, _("Please choose a file first."))
    return rows, errors


def _sentences(errors: dict[str, Refusal]) -> dict[str, list[str]]:
    return {key: [str(refusal)] for key, refusal in errors.items()}


@signed_in
def remove(request: HttpRequest, draft_id: UUID, row_id: UUID) -> HttpResponseBase:
    """Take a file or a word away."""
    queries.draft_for(actor_of(request), draft_id)
    if request.method == "POST":
        actions.detach(actor=actor_of(request), draft_id=draft_id, row_id=row_id, now=now())
        if wants_json(request):
            return JsonResponse({"removed": str(row_id)})
    return redirect("applications:materials", draft_id)


@signed_in
def word(request: HttpRequest, draft_id: UUID, key: str) -> HttpResponseBase:
    """Say why there is no file."""
    actor = actor_of(request)
    draft = queries.draft_for(actor, draft_id)
    if request.method == "POST":
        try:
            actions.state_word(
                actor=actor,
                draft_id=draft_id,
                material_key=key,
                way=request.POST.get("way", ""),
                word=request.POST.get(f"word_{key}", ""),
                now=now(),
            )
        except Invalid as wrong:
            return _show(request, draft, errors=wrong.fields, status=wrong.status)
    return redirect(f"{reverse('applications:materials', args=[draft_id])}#material-{key}")
