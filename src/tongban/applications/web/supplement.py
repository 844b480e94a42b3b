"""Answer a supplement request: every point on one page."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from tongban.applications import actions, queries
from tongban.applications.actions import SupplementAnswer
from tongban.base.clock import now
from tongban.base.errors import Invalid, NotFound, Refusal
from tongban.base.web import actor_of, keeping, kept, signed_in
from tongban.base.web.keeping import typed_values
from tongban.base.web.middleware import refusal_response, wants_json
from tongban.cases import queries as cases
from tongban.files import actions as files
from tongban.files import queries as file_queries

FILE_PREFIX = "file_"
WORD_PREFIX = "word_"


@signed_in
@keeping
def supplement(request: HttpRequest, number: str) -> HttpResponseBase:
    """Show what is wanted and take the answer."""
    actor = actor_of(request)
    case = cases.case_for(actor, number)
    if request.method != "POST":
        again = kept(request)
        before = typed_values(again) if again else {}
        return _show(request, case, typed=before, file_ids=_file_ids(before))
    typed = typed_values(request.POST)
    file_ids = _file_ids(typed)
    try:
        for point in cases.open_supplement_points(case):
            for sent in request.FILES.getlist(f"upload_{point.target_key}"):
                stored = files.receive(actor=actor, name=sent.name or "", content=sent, now=now())
                file_ids.setdefault(point.target_key, []).append(stored.id)
        words = {
            key.removeprefix(WORD_PREFIX): str(value) for key, value in typed.items() if key.startswith(WORD_PREFIX)
        }
        actions.answer_supplement(
            actor=actor,
            case_id=case.id,
            answer=SupplementAnswer(typed=typed, file_ids=file_ids, words=words),
            now=now(),
        )
    except Invalid as wrong:
        return _show(request, case, typed=typed, errors=wrong.fields, file_ids=file_ids, status=wrong.status)
    except Refusal as refusal:
        if refusal.status in {404, 409}:
            raise
        return _show(request, case, typed=typed, errors={"": [str(refusal)]}, file_ids=file_ids, status=refusal.status)
    return redirect("cases:follow", case.number)


def _file_ids(typed: dict[str, Any]) -> dict[str, list[UUID]]:
    found: dict[str, list[UUID]] = {}
    for name, value in typed.items():
        if name.startswith(FILE_PREFIX):
            for text in value if isinstance(value, list) else [value]:
                try:
                    found.setdefault(name.removeprefix(FILE_PREFIX), []).append(UUID(text))
                except ValueError as forged:
                    raise NotFound from forged
    return found


def _show(
    request: HttpRequest,
    case: Any,  # noqa: ANN401 - a case
    *,
    typed: dict[str, Any],
    errors: dict[str, list[str]] | None = None,
    file_ids: dict[str, list[UUID]] | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = actor_of(request)
    errors = errors or {}
    files_sent = {
        key: [file_queries.file_for(actor, file_id) for file_id in ids] for key, ids in (file_ids or {}).items()
    }
    sheet = queries.supplement_sheet(case)
    context = {
        "case": case,
        "request_open": cases.open_supplement(case),
        "sheet": sheet,
        "field_points": [point for point in sheet.points if point.target_kind == "field"],
        "field_keys": [point.target_key for point in sheet.points if point.target_kind == "field"],
        "material_points": [
            {
                "point": point,
                "errors": errors.get(point.target_key, []),
                "files": files_sent.get(point.target_key, []),
                "word": typed.get(f"{WORD_PREFIX}{point.target_key}", ""),
                "upload_url": reverse("applications:supplement-upload", args=[case.number, point.target_key]),
            }
            for point in sheet.points
            if point.target_kind == "material"
        ],
        "errors": errors,
        "summary": [
            {"href": f"#point-{key}" if key else "", "text": text} for key, texts in errors.items() for text in texts
        ],
        "typed": typed or None,
    }
    return render(request, "applications/supplement.html", context, status=status)


@signed_in
def upload(request: HttpRequest, number: str, key: str) -> HttpResponseBase:
    """Receive a file for a point at once, so that its progress can be shown; it belongs to its sender until sent in."""
    actor = actor_of(request)
    case = cases.case_for(actor, number)
    if key not in {point.target_key for point in cases.open_supplement_points(case)}:
        raise NotFound
    try:
        stored = [
            files.receive(actor=actor, name=sent.name or "", content=sent, now=now())
            for name in request.FILES
            for sent in request.FILES.getlist(name)
        ]
    except Refusal as refusal:
        return refusal_response(request, refusal)
    if not wants_json(request) or not stored:
        return redirect("applications:supplement", number)
    file = stored[0]
    address = reverse("files:show", args=[file.id])
    return JsonResponse(
        {"id": str(file.id), "name": file.name, "size": file.size, "media_type": file.media_type, "view_url": address},
        status=201,
    )
