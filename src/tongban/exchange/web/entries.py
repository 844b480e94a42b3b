"""Pages of entries: draft, hand in, review, publish, compare, withdraw."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from tongban.base.actor import Actor
from tongban.base.clock import now
from tongban.base.errors import Conflict, Forbidden, Invalid
from tongban.base.templatetags.words import either, listed
from tongban.base.text import clean_line
from tongban.base.web import actor_of, keeping, kept, official_with
from tongban.exchange import actions, errors, queries
from tongban.exchange.models import Resource, ResourceVersion
from tongban.exchange.queries import entries
from tongban.exchange.rules.entries import EntryDraft
from tongban.exchange.web.entry_forms import MOST_ROWS, EntryTable
from tongban.exchange.web.entry_words import told_changes
from tongban.exchange.web.fields import line
from tongban.organisations import queries as organisations

PAGE_SIZE = 25
LONGEST_SEARCH = 60
State = ResourceVersion.State


class ReviewForm(forms.Form):
    """What the reviewer says."""

    word = line(
        gettext_lazy("What is to be mended"),
        gettext_lazy("Needed when the entry is sent back. The office that drafted it reads it."),
        longest=1000,
        rows=3,
    )


@official_with("steward")
@require_safe
def listed_entries(request: HttpRequest) -> HttpResponse:
    """List the entries of one's office, each with its newest version; of all offices, for reviewers."""
    actor, state = actor_of(request), request.GET.get("state", "")
    state = state if state in State.values else ""
    words = clean_line(request.GET.get("q", ""))[:LONGEST_SEARCH]
    found = entries.entries(actor, state=state, words=words)
    context = {
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page", 1)),
        "state": state,
        "states": State.choices,
        "words": words,
        "waiting": entries.waiting_for_review(actor),
    }
    return render(request, "exchange/entries.html", context)


@official_with("steward")
@keeping
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponseBase:
    """Draft the first version of a new entry."""
    providers = _providers(actor_of(request))
    if not providers:
        raise errors.NotYours
    table = EntryTable(None, providers=providers, sent=request.POST if request.method == "POST" else kept(request))
    typed = table.entry() if table.is_judged else None
    if request.method == "POST" and typed is not None:
        provider_id = UUID(table.whole.cleaned_data["provider"] or providers[0][0])
        made = _done(request, table, typed, provider_id, None)
        if made is not None:
            return redirect("exchange:entry", made.resource.slug)
    return _form_page(request, table, None)


def _providers(actor: Actor) -> list[tuple[str, str]]:
    own = queries.stewarded(actor)
    return [(str(one.id), either(one.name, one.name_en)) for one in organisations.organisations().filter(id__in=own)]


@official_with("steward")
@keeping
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, entry: str) -> HttpResponseBase:
    """Draft the next version of an entry, beginning with what the newest one says."""
    found = entries.entry_for(actor_of(request), entry)
    newest = entries.versions_of(found)[0]
    if newest.state == State.IN_REVIEW or not queries.stewards(actor_of(request), found.provider_id):
        messages.warning(request, _("This entry is not to be changed by you now: it waits for its review."))
        return redirect("exchange:entry", found.slug)
    standing = entries.entry_of(newest)
    if len(standing.items) > MOST_ROWS:
        messages.warning(request, _("This entry has more items than fit on a page. Please ask the operator."))
        return redirect("exchange:entry", found.slug)
    sent = request.POST if request.method == "POST" else kept(request)
    table = EntryTable(standing, seen=newest.id, sent=sent)
    typed = table.entry() if table.is_judged else None
    if request.method == "POST" and typed is not None:
        seen = table.whole.cleaned_data["seen"] or newest.id
        if _done(request, table, typed, found.provider_id, seen) is not None:
            return redirect("exchange:entry", found.slug)
    return _form_page(request, table, found)


def _done(
    request: HttpRequest, table: EntryTable, typed: EntryDraft, provider_id: UUID, seen: UUID | None
) -> ResourceVersion | None:
    """Draft, and hand in if that is wanted; where it is refused, say so beside the fields."""
    actor, at = actor_of(request), now()
    try:
        if seen is None:
            made = actions.begin_resource(actor=actor, provider_id=provider_id, draft=typed, now=at)
        else:
            made = actions.draft_resource(actor=actor, provider_id=provider_id, draft=typed, after=seen, now=at)
        messages.success(request, _("Version %(number)s is drafted.") % {"number": made.number})
        if table.step == "submit":
            actions.submit_resource(actor=actor, version_id=made.id, now=at)
            messages.success(request, _("It waits for its review by the service centre."))
    except Invalid as invalid:
        table.take_in(invalid.fields)
    except Conflict:
        sentence = _("Somebody has changed this entry meanwhile. Please open it in another tab and compare.")
        table.take_in({"": [sentence]})
    else:
        return made
    return None


def _form_page(request: HttpRequest, table: EntryTable, found: Resource | None) -> HttpResponse:
    wrong = table.is_judged and any(form.errors for form in table.all_forms)
    context = {"form": table, "resource": found}
    return render(request, "exchange/entry_form.html", context, status=422 if wrong else 200)


@official_with("steward")
@keeping
@require_http_methods(["GET", "HEAD", "POST"])
def life(request: HttpRequest, entry: str) -> HttpResponseBase:
    """Show an entry with all its versions; hand it in, review it, publish it, withdraw it."""
    found = entries.entry_for(actor_of(request), entry)
    form = ReviewForm(request.POST if request.method == "POST" else kept(request))
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, _act(request, found, form.cleaned_data["word"]))
        except Invalid as invalid:
            for sentence in invalid.fields.get("word", []):
                form.add_error("word", sentence)
            return _page(request, found, form, status=invalid.status)
        except errors.LeadTaken as taken:
            data = listed(taken.details["data"])  # type: ignore[arg-type]  # names of data
            messages.warning(request, f"{taken} {data}")
        except (Conflict, Forbidden) as refused:
            messages.warning(request, str(refused))
        return redirect("exchange:entry", found.slug)
    return _page(request, found, form, status=422 if request.method == "POST" else 200)


def _act(request: HttpRequest, found: Resource, word: str) -> str:
    """Do what the button says, on the version that was seen; return what to say of it."""
    actor, at, step = actor_of(request), now(), request.POST.get("step", "")
    if step == "withdraw":
        actions.withdraw_resource(actor=actor, resource_id=found.id, now=at)
        return _("The resource is offered no more.")
    seen = request.POST.get("version", "")
    version = next((one for one in entries.versions_of(found) if str(one.id) == seen), None)
    if version is None:
        raise errors.NotInThisState
    if step == "submit":
        actions.submit_resource(actor=actor, version_id=version.id, now=at)
        return _("It waits for its review by the service centre.")
    if step == "publish":
        actions.publish_resource(actor=actor, version_id=version.id, now=at)
        return _("Version %(number)s is in force.") % {"number": version.number}
    actions.send_back_resource(actor=actor, version_id=version.id, word=word, now=at)
    return _("The entry was sent back to be mended.")


def _page(request: HttpRequest, found: Resource, form: ReviewForm, *, status: int = 200) -> HttpResponse:
    actor, versions = actor_of(request), entries.versions_of(found)
    newest = versions[0]
    says = entries.entries_of(versions)
    older, newer = _compared(request, versions)
    context = {
        "resource": found,
        "versions": versions,
        "version": newest,
        "credit_code": organisations.credit_codes([found.provider_id]).get(found.provider_id, ""),
        "items": list(newest.items.order_by("position")),
        "older": older,
        "newer": newer,
        "changes": told_changes(says[older.id], says[newer.id]) if older and newer else None,
        "form": form,
        "leads": entries.led_by_others(newest) if newest.state in {State.DRAFT, State.IN_REVIEW} else (),
        "resting": entries.grants_that_would_rest(found) if found.in_force_id else 0,
        "may_keep": queries.stewards(actor, found.provider_id),
        "may_review": queries.reviews(actor) and newest.drafted_by_id != actor.official_id,
    }
    return render(request, "exchange/entry.html", context, status=status)


def _compared(
    request: HttpRequest, versions: list[ResourceVersion]
) -> tuple[ResourceVersion | None, ResourceVersion | None]:
    """Return the two versions to compare: those that were chosen, else the newest with the one in force or before."""
    by_number = {str(one.number): one for one in versions}
    chosen = by_number.get(request.GET.get("older", "")), by_number.get(request.GET.get("newer", ""))
    if all(chosen):
        return chosen
    others = [one for one in versions[1:] if one.state == State.PUBLISHED] or versions[1:2]
    return (others[0], versions[0]) if others else (None, None)
