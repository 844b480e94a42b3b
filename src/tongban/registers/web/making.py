"""Pages on which registers are made of entries of the catalogue, and follow them: without programming."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tongban.base.clock import now
from tongban.base.errors import Conflict, Invalid, NotFound
from tongban.base.templatetags.words import either
from tongban.base.web import actor_of, keeping, official, official_with
from tongban.exchange import queries as exchange
from tongban.exchange.queries import entries
from tongban.exchange.queries.quality import records_counted
from tongban.exchange.rules.entries import ItemDraft
from tongban.registers import actions, queries
from tongban.registers.models import Register, RegisterSchema
from tongban.registers.rules import schemas

STEWARD = "steward"


@official
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """List the registers with their keepers, and the entries of one's office of which one can be made."""
    actor, found = actor_of(request), queries.registers()
    counted = records_counted([one.resource_id for one in found])
    makeable = entries.without_source(actor) if actor.has_role(STEWARD) else []
    context = {"registers": [(one, counted.get(one.resource_id)) for one in found], "makeable": makeable}
    return render(request, "registers/registers.html", context)


@official_with(STEWARD)
@keeping
@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest, entry: str) -> HttpResponseBase:
    """Show what a register of an entry would hold, and make it."""
    actor = actor_of(request)
    found = entries.entry_for(actor, entry)
    version = found.in_force
    if version is None or not exchange.stewards(actor, found.provider_id) or entries.is_read(found.id):
        raise NotFound
    version.resource = found
    if request.method == "POST":
        try:
            made = actions.make_register_of(
                actor=actor,
                resource_id=found.id,
                seen=_id(request.POST.get("seen", "")),
                names_subjects=request.POST.get("names_subjects") == "on",
                now=now(),
            )
        except Conflict as conflict:
            messages.warning(request, str(conflict))
            return redirect("registers:make", found.slug)
        messages.success(request, _("The register is made. It can be filled now."))
        return redirect("registers:register", made.code)
    context = {"resource": found, "version": version, "fields": entries.entry_of(version).items}
    return render(request, "registers/make.html", context)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


@official
@keeping
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, register: str) -> HttpResponseBase:
    """Show a register and the versions of its schema; let it follow its entry, after a look at what that changes."""
    found, actor = queries.register_by_code(register), actor_of(request)
    may_keep = exchange.stewards(actor, found.keeper_id)
    if request.method == "POST":
        if not may_keep:
            raise NotFound
        return _followed(request, found)
    versions = queries.schemas_of(found)
    context = {
        "register": found,
        "records": records_counted([found.resource_id]).get(found.resource_id),
        "fields": schemas.read(versions[0].fields),
        "history": _compared(versions),
        "may_keep": may_keep,
        **(_ahead(found, versions[0]) if may_keep else {}),
    }
    return render(request, "registers/register.html", context)


def _followed(request: HttpRequest, found: Register) -> HttpResponseBase:
    try:
        made = actions.follow_entry(
            actor=actor_of(request), register_id=found.id, seen=_id(request.POST.get("seen", "")), now=now()
        )
    except Invalid as invalid:
        messages.warning(request, " ".join(sentence for said in invalid.fields.values() for sentence in set(said)))
    except Conflict as conflict:
        messages.warning(request, str(conflict))
    else:
        words = _("Version %(number)s of the schema is in force. What was recorded before stays as it is.")
        messages.success(request, words % {"number": made.version})
    return redirect("registers:register", found.code)


def _ahead(found: Register, newest: RegisterSchema) -> dict[str, object]:
    """Return what the entry in force says otherwise than the schema, and what of it cannot be followed."""
    resource = entries.resource_by_id(found.resource_id)
    if resource.in_force is None:
        return {"entry": None}
    before, after = schemas.read(newest.fields), entries.entry_of(resource.in_force).items
    stopped = {int(place.partition(".")[2]) for place in schemas.problems(before, after)}
    return {
        "entry": resource.in_force,
        "ahead": [(mark, _words(item)) for mark, item in schemas.changes(before, after)],
        "stopped": [_words(after[place]) for place in sorted(stopped)],
    }


def _compared(versions: Sequence[RegisterSchema]) -> list[tuple[RegisterSchema, list[tuple[str, str]]]]:
    """Return the versions, each with what it changed in the one before."""
    fields = [schemas.read(one.fields) for one in versions]
    before = [*fields[1:], ()]
    return [
        (one, [(mark, _words(item)) for mark, item in schemas.changes(old, new)])
        for one, old, new in zip(versions, before, fields, strict=True)
    ]


def _words(item: ItemDraft) -> str:
    """Return a field in a line."""
    return f"{either(item.name, item.name_en)} ({item.code})"
