"""Pages for item managers: the wording of each kind of paper, its preview and its history."""

from dataclasses import dataclass
from difflib import ndiff
from io import BytesIO
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.base.actor import Actor
from tongban.base.clock import now, office_date
from tongban.base.errors import Conflict, Forbidden, Invalid
from tongban.base.text import clean_line
from tongban.base.web import actor_of, keeping, kept, official_with
from tongban.organisations import queries as organisations
from tongban.papers import actions, kinds, queries
from tongban.papers.models import PaperTemplate
from tongban.papers.rules import Text
from tongban.papers.web.forms import WordingForm, as_typed
from tongban.papers.web.views import POLICY


@dataclass(frozen=True, slots=True)
class Scope:
    """For whom a wording is: an office or all, a matter or all; and whether the reader may change it."""

    kind: kinds.PaperKind
    organisation_id: UUID | None
    organisation_name: str
    item_code: str
    may_change: bool

    @property
    def address(self) -> str:
        """Return the page of this scope."""
        asked = {"office": str(self.organisation_id or ""), "item": self.item_code}
        return f"{reverse('papers:wording', args=[self.kind.name])}?{urlencode(asked)}"


def _scope(request: HttpRequest, kind: str) -> Scope:
    if kind not in kinds.wordings:
        raise Http404
    actor, asked = actor_of(request), request.GET.get("office", "")
    try:
        office_id = UUID(asked) if asked else None
    except ValueError as wrong:
        raise Http404 from wrong
    name = organisations.organisation(office_id).name if office_id else ""
    item = clean_line(request.GET.get("item", ""))[:120]
    return Scope(kinds.KINDS[kind], office_id, name, item, queries.may_word(actor, office_id))


@official_with(queries.MANAGER)
@require_safe
def wordings(request: HttpRequest) -> HttpResponse:
    """List the kinds of papers, and which wordings are in force."""
    actor, in_force = actor_of(request), queries.all_in_force()
    rows = [
        {"kind": kinds.KINDS[kind], "own": [one for one in in_force if one.kind == kind]}
        for kind in kinds.KINDS
        if kind in kinds.wordings
    ]
    return render(request, "papers/wordings.html", {"rows": rows, "offices": _offices(actor)})


def _offices(actor: Actor) -> list[tuple[UUID, str]]:
    """Return the offices whose wordings the actor may change."""
    return list(
        {
            post.organisation_id: (post.organisation_id, post.organisation_name)
            for post in actor.posts
            if queries.MANAGER in post.roles
        }.values()
    )


@official_with(queries.MANAGER)
@keeping
@require_http_methods(["GET", "HEAD", "POST"])
def wording(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Edit a wording; look at it as a paper; publish it."""
    scope = _scope(request, kind)
    history = queries.history_of_wording(kind, scope.organisation_id, scope.item_code)
    standing = next((one for one in history if one.in_force), None)
    texts = queries.texts_of(standing) if standing else queries.shipped_texts(kinds.wordings[kind])
    initial = {**as_typed(texts), "after_version": history[0].version if history else 0}
    form = WordingForm(request.POST or kept(request), initial=initial, use_required_attribute=False)
    if request.method == "POST" and form.is_valid():
        answer = _answer(request, scope, form)
        if answer is not None:
            return answer
    context = {
        "scope": scope,
        "form": form,
        "standing": standing,
        "placeholders": kinds.wordings[kind].placeholders,
        "history": _compared(history, kind),
        "offices": _offices(actor_of(request)),
    }
    return render(request, "papers/wording.html", context, status=422 if form.errors else 200)


def _answer(request: HttpRequest, scope: Scope, form: WordingForm) -> HttpResponseBase | None:
    """Show the preview or publish; None when something has to be looked at again."""
    try:
        if request.POST.get("action") == "publish":
            return _published(request, scope, form)
        return _previewed(request, scope, form)
    except Invalid as invalid:
        form.take_in(invalid)
    except Conflict as conflict:
        form.add_error(None, str(conflict))
    return None


def _published(request: HttpRequest, scope: Scope, form: WordingForm) -> HttpResponseBase:
    made = actions.publish_wording(
        actor=actor_of(request),
        kind=scope.kind.name,
        organisation_id=scope.organisation_id,
        item_code=scope.item_code,
        texts=form.texts(),
        reason=form.line("reason"),
        after_version=form.cleaned_data["after_version"],
        now=now(),
    )
    messages.success(request, _("Version %(version)d is in force for papers issued from now on.") % vars(made))
    return redirect(scope.address)


def _previewed(request: HttpRequest, scope: Scope, form: WordingForm) -> HttpResponseBase:
    actor, kind, texts = actor_of(request), scope.kind.name, form.texts()
    actions.check_wording(kind, texts)
    content = queries.sample_of(kind, scope.organisation_name or actor.posts[0].organisation_name)
    if number := form.line("case_number"):
        found = queries.example(actor, kind, number)
        if found is None:
            raise Invalid({"case_number": [_("You see no case of this number that has such a paper.")]})
        content = found
    pdf = queries.preview(kind, content, texts, office_date(now()))
    response = FileResponse(BytesIO(pdf), filename="preview.pdf", content_type="application/pdf")
    response["Content-Security-Policy"] = POLICY
    response["Cache-Control"] = "private, no-store"
    return response


def _compared(history: list[PaperTemplate], kind: str) -> list[dict[str, Any]]:
    """Return the versions, each with what it changed in the one before."""
    texts = [queries.texts_of(one) for one in history] + [queries.shipped_texts(kinds.wordings[kind])]
    return [
        {"version": one, "changes": list(changes(before, after))}
        for one, after, before in zip(history, texts, texts[1:], strict=False)
    ]


def changes(before: dict[str, Text], after: dict[str, Text]) -> list[tuple[str, str]]:
    """Return the paragraphs that went ("-") and came ("+"), in order."""
    lines = ndiff(_lines(before), _lines(after))
    return [(line[0], line[2:]) for line in lines if line[0] in "+-"]


def _lines(texts: dict[str, Text]) -> list[str]:
    chinese, english = texts["zh-hans"], texts["en"]
    return [*chinese.paragraphs, *chinese.remarks, *english.paragraphs]


@official_with(queries.MANAGER)
@require_POST
def change(request: HttpRequest, template_id: UUID, how: str) -> HttpResponse:
    """Put an earlier version into force again, or take the wording out of force."""
    actor = actor_of(request)
    template = queries.template_for(actor, template_id)
    if how == "withdraw":
        actions.withdraw_wording(actor=actor, template=template, now=now())
        messages.success(request, _("The wording is withdrawn. A wider one, or that of the product, is used now."))
    elif how == "again":
        made = actions.roll_back_wording(actor=actor, template=template, now=now())
        messages.success(request, _("Version %(version)d is in force for papers issued from now on.") % vars(made))
    else:
        raise Forbidden
    asked = {"office": str(template.organisation_id or ""), "item": template.item_code}
    return redirect(f"{reverse('papers:wording', args=[template.kind])}?{urlencode(asked)}")
