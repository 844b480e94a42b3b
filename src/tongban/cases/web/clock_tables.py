"""Pages for item managers: which clocks a type of item has, by version."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tongban.base.clock import now
from tongban.base.errors import Conflict, Invalid
from tongban.base.web import actor_of, keeping, kept, official_with
from tongban.cases import actions, queries
from tongban.cases.models import ClockTable
from tongban.cases.queries.clock_tables import Trial, shipped_rules, trial_of
from tongban.cases.rules.clock_table import NAMES, ClockRules
from tongban.cases.web.clock_table_forms import BEGINS, OTHERS, STEPS, Table, with_one_more
from tongban.cases.web.clock_table_lines import changes_between, clock_line, lines_of

MANAGER = "item_manager"


@official_with(MANAGER)
@require_safe
def tables(request: HttpRequest) -> HttpResponse:
    """List the tables in force."""
    rows = [
        (table, NAMES.get(table.item_type, table.item_type), table.item_type or OTHERS, lines_of(_rules(table)))
        for table in queries.clock_tables()
    ]
    return render(request, "cases/clock_tables.html", {"rows": rows, "asked": request.GET.get("type", "")})


@dataclass(frozen=True, slots=True)
class Preview:
    """What a version would change, shown before it is published: what is published is what was shown."""

    changes: list[tuple[str, str]]
    ends: list[tuple[str, date | None, date | None]]
    seen: str


@official_with(MANAGER)
@keeping
@require_http_methods(["GET", "HEAD", "POST"])
def table(request: HttpRequest, item_type: str) -> HttpResponseBase:
    """Edit the table of a type of item, look at what that changes, and publish a new version."""
    code = "" if item_type == OTHERS else item_type
    versions = queries.versions_of_clock_table(code)
    rules = _rules(versions[0]) if versions else shipped_rules(code)
    source, version = (versions[0].source, versions[0].version) if versions else ("", 0)
    form = Table(rules, source, version, _sent(request))
    preview, at = None, now()
    if request.method == "POST" and request.POST.get("step") != "add" and (typed := form.rules()) is not None:
        preview = _previewed(rules, typed, code, version, at)
        if request.POST.get("step") == "do" and request.POST.get("seen") == preview.seen:
            if _published(request, form, code, typed, at):
                return redirect("cases:clock-table", item_type)
            preview = None
    wrong = any(part.errors for part in form.all_forms if part.is_bound)
    context = {
        "named": NAMES.get(code),
        "code": code,
        "form": form,
        "preview": preview,
        "history": _compared(versions),
        "may_publish": queries.may_publish_clocks(actor_of(request)),
    }
    return render(request, "cases/clock_table.html", context, status=422 if wrong else 200)


def _sent(request: HttpRequest) -> "QueryDict | None":
    sent = request.POST if request.method == "POST" else kept(request)
    return with_one_more(sent) if sent and sent.get("step") == "add" else sent


def _published(request: HttpRequest, form: Table, code: str, rules: ClockRules, at: datetime) -> bool:
    """Put the table into force; where that is refused, say so beside the fields."""
    whole = form.whole.cleaned_data
    try:
        made = actions.publish_clock_table(
            actor=actor_of(request),
            item_type=code,
            rules=rules,
            source=whole["source"],
            after_version=whole["after_version"],
            now=at,
        )
    except Invalid as invalid:
        for name, sentences in invalid.fields.items():
            form.whole.add_error(name if name in form.whole.fields else None, sentences)
    except Conflict as conflict:
        form.whole.add_error(None, str(conflict))
    else:
        words = _("Version %(version)d is in force for cases that come in from now on; others keep theirs.")
        messages.success(request, words % {"version": made.version})
        return True
    return False


def _previewed(before: ClockRules, after: ClockRules, code: str, version: int, at: datetime) -> Preview:
    trials = trial_of(before, after, item_type=code, at=at)
    ends = [(_trial_words(one), one.before, one.after) for one in trials]
    whole = f"{version} {after.model_dump_json()}"
    return Preview(changes_between(before, after), ends, hashlib.sha256(whole.encode()).hexdigest())


def _trial_words(trial: Trial) -> str:
    words = dict(STEPS)[trial.step] if trial.step else dict(BEGINS)[trial.begins]
    return f"{clock_line(trial.kind)} · {words}"


def _rules(found: ClockTable) -> ClockRules:
    return ClockRules.model_validate(found.content)


def _compared(versions: list[ClockTable]) -> list[tuple[ClockTable, list[tuple[str, str]]]]:
    """Return the versions, each with what it changed in the one before."""
    rules = [_rules(one) for one in versions]
    before = [*rules[1:], None]
    return [(one, changes_between(old, new)) for one, old, new in zip(versions, before, rules, strict=False)]
