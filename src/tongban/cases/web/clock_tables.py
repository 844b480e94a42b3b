"""Pages for item managers: which clocks a type of item has, by version."""

from difflib import ndiff

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tongban.base.clock import now
from tongban.base.errors import Conflict, Invalid
from tongban.base.web import actor_of, keeping, kept, official_with
from tongban.cases import actions, queries
from tongban.cases.models import ClockTable
from tongban.cases.queries.clock_tables import shipped_rules
from tongban.cases.rules.clock_table import ClockRules
from tongban.cases.web.clock_table_forms import OTHERS, Table, lines_of

MANAGER = "item_manager"


@official_with(MANAGER)
@require_safe
def tables(request: HttpRequest) -> HttpResponse:
    """List the tables in force."""
    rows = [(table, table.item_type or OTHERS, lines_of(_rules(table))) for table in queries.clock_tables()]
    return render(request, "cases/clock_tables.html", {"rows": rows, "asked": request.GET.get("type", "")})


@official_with(MANAGER)
@keeping
@require_http_methods(["GET", "HEAD", "POST"])
def table(request: HttpRequest, item_type: str) -> HttpResponseBase:
    """Edit the table of a type of item, and publish a new version."""
    actor, code = actor_of(request), "" if item_type == OTHERS else item_type
    versions = queries.versions_of_clock_table(code)
    rules = _rules(versions[0]) if versions else shipped_rules(code)
    source, version = (versions[0].source, versions[0].version) if versions else ("", 0)
    sent = request.POST if request.method == "POST" else kept(request)
    form = Table(rules, source, version, sent)
    may_publish = queries.may_publish_clocks(actor)
    if request.method == "POST" and (typed := form.rules()) is not None:
        whole = form.whole.cleaned_data
        try:
            made = actions.publish_clock_table(
                actor=actor,
                item_type=code,
                rules=typed,
                source=whole["source"],
                after_version=whole["after_version"],
                now=now(),
            )
        except Invalid as invalid:
            for name, sentences in invalid.fields.items():
                form.whole.add_error(name if name in form.whole.fields else None, sentences)
        except Conflict as conflict:
            form.whole.add_error(None, str(conflict))
        else:
            words = _("Version %(version)d is in force for cases that come in from now on; others keep theirs.")
            messages.success(request, words % {"version": made.version})
            return redirect("cases:clock-table", item_type)
    wrong = any(part.errors for part in form.all_forms if part.is_bound)
    context = {"code": code, "form": form, "history": _compared(versions), "may_publish": may_publish}
    return render(request, "cases/clock_table.html", context, status=422 if wrong else 200)


def _rules(found: ClockTable) -> ClockRules:
    return ClockRules.model_validate(found.content)


def _compared(versions: list[ClockTable]) -> list[tuple[ClockTable, list[tuple[str, str]]]]:
    """Return the versions, each with what it changed in the one before."""
    lines = [lines_of(_rules(one)) for one in versions]
    before = [*lines[1:], []]
    return [
        (one, [(line[0], line[2:]) for line in ndiff(old, new) if line[0] in "+-"])
        for one, old, new in zip(versions, before, lines, strict=True)
    ]
