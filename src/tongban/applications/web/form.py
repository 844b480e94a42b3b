"""The steps of the form, and the way of delivery."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from tongban.applications import actions, queries
from tongban.applications.errors import StaleDraft
from tongban.applications.models import Draft
from tongban.applications.web.forms import DeliveryForm
from tongban.applications.web.pages import draft_context, part_address
from tongban.applications.web.registers import asked_part, filled_in
from tongban.base.clock import now
from tongban.base.errors import Invalid, NotFound
from tongban.base.web import actor_of, keeping, kept, signed_in
from tongban.forms import rules as form_rules


@signed_in
def resume(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Go to the first part that is not done yet."""
    draft = queries.draft_for(actor_of(request), draft_id)
    return redirect(part_address(draft, queries.next_part(draft)))


@signed_in
@keeping
def step(request: HttpRequest, draft_id: UUID, step: str) -> HttpResponseBase:
    """Show a step of the form; save it."""
    draft = queries.draft_for(actor_of(request), draft_id)
    document = queries.document_of(draft)
    if step not in {one.key for one in document.steps}:
        raise NotFound
    if step not in {part.key for part in queries.parts_of(draft)}:
        return redirect(part_address(draft, queries.next_part(draft)))
    if request.method != "POST":
        again = kept(request)
        typed = form_rules.typed_from(document.step(step), again.getlist) if again else None
        return _show_step(request, draft, step, typed=typed)
    typed = form_rules.typed_from(document.step(step), request.POST.getlist)
    try:
        saved = actions.save_step(
            actor=actor_of(request),
            draft_id=draft_id,
            step_key=step,
            typed=typed,
            revision=_revision(request),
            now=now(),
        )
    except StaleDraft as stale:
        return _show_step(request, draft, step, typed=typed, notice=str(stale), status=stale.status)
    if saved.errors:
        return _show_step(request, saved.draft, step, typed=typed, errors=saved.errors, status=422)
    if "later" in request.POST:
        return redirect("applications:drafts")
    return redirect(part_address(saved.draft, queries.next_part(saved.draft, after=step)))


def _revision(request: HttpRequest) -> int | None:
    text = request.POST.get("revision", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None  # noqa: PLR2004 - fits an integer column


def _show_step(
    request: HttpRequest,
    draft: Draft,
    step: str,
    *,
    typed: dict[str, Any] | None = None,
    errors: dict[str, list[str]] | None = None,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    document = queries.document_of(draft)
    values = queries.prefilled(draft)
    registers = asked_part(request, draft, step)
    filled = filled_in(draft, step) if registers else {}
    values |= {key: one.value for key, one in filled.items() if one.is_fixed or key not in draft.values}
    context = draft_context(request, draft, step) | {
        "document": document,
        "registers": registers,
        "filled": filled,
        "step": document.step(step),
        "values": values,
        "typed": typed,
        "errors": errors or {},
        "form_context": {**queries.context_of(draft), "form": values},
        "notice": notice,
    }
    return render(request, "applications/step.html", context, status=status)


@signed_in
@keeping
def delivery(request: HttpRequest, draft_id: UUID) -> HttpResponseBase:
    """Choose how the result should arrive."""
    actor = actor_of(request)
    draft = queries.draft_for(actor, draft_id)
    electronic = queries.electronic_consent(draft)
    initial = draft.delivery or _known_delivery(draft, electronic=electronic)
    form = DeliveryForm(request.POST or kept(request), electronic=electronic, initial=initial)
    status = 200
    if request.method == "POST":
        form.is_valid()
        try:
            saved = actions.save_delivery(
                actor=actor, draft_id=draft_id, typed={k: str(v) for k, v in request.POST.items()}, now=now()
            )
            return redirect(part_address(saved, queries.next_part(saved, after=queries.DELIVERY)))
        except Invalid as wrong:
            status = wrong.status
            form.errors.clear()
            for name, sentences in wrong.fields.items():
                form.add_error(name, sentences)
    context = draft_context(request, draft, queries.DELIVERY) | {"form": form, "electronic": electronic}
    return render(request, "applications/delivery.html", context, status=status)


def _known_delivery(draft: Draft, *, electronic: bool) -> dict[str, object]:
    known = queries.known_values(draft)
    way = "online" if electronic else "window"
    return {"way": way, "recipient": draft.person.name, "phone": known["submitter.phone"]}
