"""The page of how a resource is read: declare its source, try it, see how it fares."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tongban.base.clock import now
from tongban.base.errors import Conflict, Invalid
from tongban.base.web import actor_of, keeping, kept, official_with
from tongban.exchange import actions, queries
from tongban.exchange.models import Resource, Source
from tongban.exchange.web.source_forms import FORMS, KIND_WORDS, SourceForm


@official_with("steward")
@keeping
def source(request: HttpRequest, resource: str) -> HttpResponseBase:
    """Show how one's resource is read; declare its source, or try it."""
    found = queries.resource_to_declare(actor_of(request), resource)
    standing = queries.source_of(found)
    if request.method == "POST" and request.POST.get("step") == "try":
        trial = actions.try_source(actor=actor_of(request), resource_id=found.id, now=now())
        return _page(request, found, _form(request, found, standing, typed=False), trial=trial)
    form = _form(request, found, standing)
    if request.method != "POST" or not form.is_valid():
        return _page(request, found, form, status=422 if request.method == "POST" else 200)
    try:
        actions.set_source(
            actor=actor_of(request),
            resource_id=found.id,
            kind=_kind(request, standing),
            settings=form.settings(),
            secrets=form.secrets(),
            now=now(),
        )
    except Invalid as invalid:
        form.refused(invalid.fields)
        return _page(request, found, form, status=invalid.status)
    except Conflict as conflict:
        form.add_error(None, str(conflict))
        return _page(request, found, form, status=conflict.status)
    messages.success(request, _("The source is declared. Please try it now."))
    return redirect("exchange:source", found.slug)


def _kind(request: HttpRequest, standing: Source | None) -> str:
    kind = request.POST.get("kind") or request.GET.get("kind") or (standing.kind if standing else "")
    return kind if kind in FORMS else "sql"


def _form(request: HttpRequest, found: Resource, standing: Source | None, *, typed: bool = True) -> SourceForm:
    kind = _kind(request, standing)
    chosen, own = FORMS[kind], standing if standing is not None and standing.kind == kind else None
    data = (request.POST if request.method == "POST" else kept(request)) if typed else None
    return chosen(data or None, items=queries.items_to_declare(found), initial=chosen.of(own))


def _page(request: HttpRequest, found: Resource, form: SourceForm, *, status: int = 200, **more: Any) -> HttpResponse:  # noqa: ANN401 - context
    standing = queries.source_of(found)
    kind = _kind(request, standing)
    context = {
        "resource": found,
        "form": form,
        "kind": kind,
        "kinds": KIND_WORDS,
        "source": standing,
        "is_declared": standing is not None and standing.kind in FORMS,
        "is_kept_here": standing is not None and standing.kind not in FORMS,
        "may_try": standing is not None and standing.kind == kind,
        "watch": queries.watch_of(found),
        "drop": queries.drop_in_force(found),
        "now": now(),
        **more,
    }
    return render(request, "exchange/source.html", context, status=status)
