"""The table of rules: what is in force, a form for whoever may change it, comparison before publishing, history."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tongban.base.clock import now
from tongban.base.errors import Conflict, Invalid, NotFound
from tongban.base.web import actor_of, keeping, kept, official_with
from tongban.coordination import actions, queries
from tongban.coordination.models import RuleTable
from tongban.coordination.rules.comparing import differences
from tongban.coordination.rules.table import Rules
from tongban.coordination.web.forms import RulesForm


@official_with("supervisor")
@keeping
def rules(request: HttpRequest) -> HttpResponseBase:
    """Show the rules in force; compare and publish a changed table."""
    table = _standing()
    base, typed = queries.rules_in(table), request.POST if request.method == "POST" else kept(request)
    form = RulesForm(typed, base=base, version=table.version)
    if request.method != "POST" or not form.is_valid():
        return _page(request, table, form, status=422 if request.method == "POST" else 200)
    try:
        changed = form.rules()
        if request.POST.get("action") != "publish":
            return _page(request, table, form, compared=changed)
        published = actions.publish_rules(
            actor=actor_of(request),
            rules=changed,
            source=form.text("source"),
            known_version=form.cleaned_data["known_version"],
            now=now(),
        )
    except Invalid as invalid:
        form.take_in(invalid)
        return _page(request, table, form, status=invalid.status)
    except Conflict as conflict:
        messages.warning(request, str(conflict))
        return _page(request, table, form, status=conflict.status)
    messages.success(request, _("Version %(version)d is in force.") % {"version": published.version})
    return redirect("coordination:rules")


def _standing() -> RuleTable:
    table = queries.in_force()
    if table is None:
        raise NotFound
    return table


def _page(
    request: HttpRequest, table: RuleTable, form: RulesForm, *, compared: Rules | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "table": table,
        "form": form,
        "may_change": queries.may_change_rules(actor_of(request)),
        "is_compared": compared is not None,
        "differences": differences(queries.rules_in(table), compared) if compared else (),
        "versions": queries.versions(),
    }
    return render(request, "coordination/rules.html", context, status=status)


@official_with("supervisor")
def version(request: HttpRequest, version: int) -> HttpResponse:
    """Show a version, and how it differs from the one before."""
    table = queries.table_of_version(version)
    before = queries.table_of_version(version - 1) if version > 1 else None
    context = {
        "table": table,
        "rules": queries.rules_in(table).rules,
        "before": before,
        "differences": differences(queries.rules_in(before), queries.rules_in(table)) if before else (),
    }
    return render(request, "coordination/version.html", context)
