"""The page of one subject. The register's own office passes the gate, too: nothing is shown that was not logged."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from tongban.base.clock import now
from tongban.base.errors import Conflict, Invalid, NotFound, Words
from tongban.base.templatetags.words import either
from tongban.base.web import actor_of, keeping, kept, official
from tongban.exchange import actions as exchange
from tongban.exchange import queries as grants
from tongban.exchange.errors import LookUpRefused
from tongban.exchange.rules.calls import Answer, Call, CaseReference, StandingReference
from tongban.exchange.rules.entries import ItemDraft
from tongban.registers import actions, queries
from tongban.registers.models import Register
from tongban.registers.rules import schemas
from tongban.registers.web.subject_forms import AskForm, CorrectForm, EndForm, RecordForm

_Changing = RecordForm | CorrectForm | EndForm


@dataclass(slots=True)
class _Page:
    """What the page shows."""

    register: Register
    fields: tuple[ItemDraft, ...]
    ask: AskForm
    changing: dict[str, _Changing]
    may_keep: bool
    answer: Answer | None = None
    status: int = 200
    is_kept: bool = False
    """What was typed before the session expired is offered again; it is not looked up before it is sent."""


@official
@keeping
@require_http_methods(["GET", "HEAD", "POST"])
def subject(request: HttpRequest, register: str) -> HttpResponseBase:
    """Ask for whom and why; show what the gate answers; let the keeper record, correct and end.

    What is asked is posted, so that no number stands in an address.
    """
    actor, at = actor_of(request), now()
    found = queries.register_by_code(register)
    usable = grants.grants_to_use(actor, found.resource_id, at)
    sent = request.POST if request.method == "POST" else kept(request)
    step = str(sent.get("step", "")) if sent else ""
    fields = schemas.read(queries.newest_schema(found).fields)
    may_keep = grants.stewards(actor, found.keeper_id)
    changing = {name: _form(name, sent if name == step else None, fields) for name in _FORMS} if may_keep else {}
    page = _Page(found, fields, AskForm(sent, found, usable), changing, may_keep)
    if request.method == "POST":
        _act(request, page, step)
    page.is_kept = request.method != "POST" and sent is not None and page.ask.is_valid()
    return _shown(request, page, has_grants=bool(usable))


_FORMS: dict[str, type[_Changing]] = {"record": RecordForm, "correct": CorrectForm, "end": EndForm}


def _form(name: str, sent: QueryDict | None, fields: tuple[ItemDraft, ...]) -> _Changing:
    if name == "end":
        return EndForm(sent, prefix=name)
    return (RecordForm if name == "record" else CorrectForm)(sent, fields, prefix=name)


def _act(request: HttpRequest, page: _Page, step: str) -> None:
    """Change what is to be changed, then ask the gate."""
    if not page.ask.is_valid():
        page.status = 422
        return
    form = page.changing.get(step)
    if form is not None and not _changed(request, page, step, form):
        page.status = 422
    try:
        page.answer = exchange.look_up(call=_call(page.ask), actor=actor_of(request), now=now())
    except LookUpRefused as refused:
        page.ask.add_error(_BESIDE.get(refused.code), str(refused))
        page.status = refused.status


_BESIDE = {
    "reference_missing": "case",
    "case_unknown": "case",
    "case_not_open": "case",
    "case_about_another": "case",
    "case_of_another_item": "case",
    "subject_unknown": "number",
}
"""Beside which field a refusal of the gate is said; others stand above the form."""


def _call(ask: AskForm) -> Call:
    """Return the call: all that the grant names of what is in force, for the case, or to keep the register."""
    grant, number = ask.chosen, ask.cleaned_data["case"].strip()
    reference = CaseReference(number) if number else None
    in_force = set(ask.register.resource.field_codes)
    return Call(
        about=ask.about,
        fields=tuple(code for code in grant.fields if code in in_force),
        purpose=grant.purpose,
        reference=reference or (StandingReference(grant.standing) if grant.standing else None),
        grant_id=grant.id,
        valid_on=ask.cleaned_data["day"],
    )


def _changed(request: HttpRequest, page: _Page, step: str, form: _Changing) -> bool:
    """Record, correct or end; whether that was done."""
    if not form.is_valid():
        return False
    values = form.values() if isinstance(form, RecordForm | CorrectForm) else {}
    if form.errors:
        return False
    typed = form.cleaned_data
    given: dict[str, Any] = {
        "actor": actor_of(request), "register_id": page.register.id, "about": page.ask.about, "key": typed["key"],
        "now": now(),
    }  # fmt: skip
    try:
        if step == "record":
            actions.record(**given, values=values, valid_from=typed["valid_from"])
        elif step == "correct":
            actions.correct(**given, values=values, on=typed["on"])
        else:
            actions.end(**given, valid_to=typed["valid_to"])
    except Invalid as invalid:
        form.take_in(invalid.fields)
        return False
    except (Conflict, NotFound) as refused:
        form.take_in({"": [str(refused)]})
        return False
    messages.success(request, str(_DONE[step]))
    page.changing[step] = _form(step, None, page.fields)
    return True


_DONE: dict[str, Words] = {
    "record": gettext_lazy("It is recorded."),
    "correct": gettext_lazy("It is corrected."),
    "end": gettext_lazy("It is noted that it has ended."),
}


def _shown(request: HttpRequest, page: _Page, *, has_grants: bool) -> HttpResponse:
    names = {item.code: either(item.name, item.name_en) for item in page.fields}
    answer = page.answer
    records = (
        [[(names.get(code, code), value) for code, value in one.items()] for one in answer.records] if answer else []
    )
    context = {
        "register": page.register,
        "ask": page.ask,
        "all_forms": [page.ask, *page.changing.values()],
        "has_grants": has_grants,
        "may_keep": page.may_keep,
        "answer": answer,
        "grant": page.ask.chosen if answer else None,
        "records": records,
        "stretches": queries.stretches_on(page.register, page.ask.about) if answer and page.may_keep else [],
        "changing": page.changing if answer or page.is_kept else {},
        "asked_again": _asked_again(page.ask) if answer or page.is_kept else [],
    }
    return render(request, "registers/subject.html", context, status=page.status)


def _asked_again(ask: AskForm) -> list[tuple[str, str]]:
    """Return what was asked as hidden fields of the forms below: a change is followed by the same look-up."""
    day = ask.cleaned_data["day"]
    typed = {name: ask.cleaned_data.get(name, "") for name in ("identity_kind", "number", "grant", "case")}
    return [(f"ask-{name}", str(value)) for name, value in (typed | {"day": day.isoformat() if day else ""}).items()]
