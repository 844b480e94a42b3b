"""What pages of a draft say about registers: the offer, what was filled in, what could not be had; and asking again."""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from tongban.applications import actions, queries
from tongban.applications.models import Draft, DraftAnswer, RegisterAnswer
from tongban.applications.rules.registers import PASSING, Fill, Record, name_in, told_items
from tongban.applications.web.pages import part_address
from tongban.base.clock import now
from tongban.base.errors import NotFound
from tongban.base.templatetags.words import date_words, either, listed
from tongban.base.web import actor_of, official, signed_in
from tongban.cases import queries as cases
from tongban.catalogue.kinds import Asking, Prefill
from tongban.exchange import queries as exchange
from tongban.forms import rules as form_rules


@signed_in
def choose(request: HttpRequest, draft_id: UUID, part: str) -> HttpResponseBase:
    """Note whether registers may be asked for a draft, and go back to where it was asked."""
    draft = queries.draft_for(actor_of(request), draft_id)
    if part not in {one.key for one in queries.parts_of(draft)}:
        raise NotFound
    if request.method == "POST":
        agreed = request.POST.get("registers") == "agreed"
        actions.choose_registers(actor=actor_of(request), draft_id=draft_id, agreed=agreed, now=now())
    return redirect(part_address(draft, part))


@official
def ask_again(request: HttpRequest, number: str, key: str) -> HttpResponseBase:
    """Have the register asked that answers for a material."""
    actor = actor_of(request)
    cases.case_for(actor, number)
    if request.method == "POST":
        actions.ask_again(actor=actor, number=number, material_key=key, now=now())
    return redirect(f"{reverse('cases:case', args=[number])}#materials")


def asked_part(request: HttpRequest, draft: Draft, part: str) -> dict[str, Any] | None:
    """Have registers asked what a part needs, where that was agreed to; return what its page says, None for nothing."""
    askings = queries.askings_of(draft, part)
    if not askings:
        return None
    if request.method == "GET":
        actions.ask_registers(actor=actor_of(request), draft=draft, part=part, now=now())
    rows = [row for row in queries.answers_of(draft) if row.part == part]
    offices = exchange.served({one.resource for one in askings})
    return {
        "choice": draft.registers if queries.may_ask(draft) else "unseen",
        "address": reverse("applications:registers", args=[draft.id, part]),
        "offices": listed(dict.fromkeys(either(one.provider, one.provider_en) for one in offices.values())),
        "what": listed(_what(draft, askings)),
        "notes": list(_notes(draft, part, rows)),
    }


def _what(draft: Draft, askings: Sequence[Asking]) -> list[str]:
    """Return the names of what registers may answer: questions, or materials."""
    document = queries.document_of(draft)
    filled = [one.field for one in askings if isinstance(one, Prefill)]
    spared = [one for one in queries.applying_materials(draft) if one.answered_by in askings]
    return [
        *(_label(document.field(key)) for key in dict.fromkeys(filled)),
        *(either(one.name, one.name_en) for one in spared),
    ]


def _label(asked: form_rules.FormField) -> str:
    return form_rules.in_words(asked.label, asked.label_en)


def _notes(draft: Draft, part: str, rows: Iterable[DraftAnswer]) -> Iterable[str]:
    """Say calmly of each register that could not help, once for each office."""
    if part == queries.MATERIALS:
        used = {state.told.row.look_up_id for state in queries.material_states(draft) if state.told}
    else:
        used = {fill.row.look_up_id for fill in queries.fills_for(draft, part).values()}
    said = [_note(row) for row in rows if row.look_up_id is None or row.look_up_id not in used]
    return dict.fromkeys(said)


def _note(row: RegisterAnswer) -> str:
    office = office_of(row) or _("An office")
    if row.outcome in PASSING:
        return _(
            "%(office)s does not answer at the moment. Please give it yourself, or open this page again in a minute."
        ) % {"office": office}
    if row.outcome in {"answered", "nothing_found"}:
        return _("%(office)s has nothing that we could take over. Please give it yourself, as ever.") % {
            "office": office
        }
    return _("%(office)s cannot be asked for this matter. Please give it yourself, as ever.") % {"office": office}


def filled_in(draft: Draft, step_key: str) -> dict[str, form_rules.Filled]:
    """Return what registers have filled in on a step, each with its source in words."""
    document = queries.document_of(draft)
    return {
        key: form_rules.Filled(
            value=fill.value,
            words=_source_words(document.field(key), fill, draft.values.get(key, fill.value)),
            is_fixed=fill.is_fixed,
            correct_url=correct_address(draft, fill.row, fill.item),
        )
        for key, fill in queries.fills_for(draft, step_key).items()
    }


def _source_words(asked: form_rules.FormField, fill: Fill, stands: object) -> str:
    told = source_told(fill.row)
    if fill.is_fixed or stands == fill.value:
        return _("From %(office)s, “%(resource)s”, as of %(day)s.") % told
    told["value"] = form_rules.words_of(asked, fill.value, sight="full")
    return _("You changed this. %(office)s, “%(resource)s”, has (as of %(day)s): %(value)s") % told


def source_told(row: RegisterAnswer) -> dict[str, str]:
    """Return office, resource and day of an answer in the reader's language."""
    return {"office": office_of(row), "resource": name_in(row.names, "resource"), "day": date_words(row.looked_at)}


def office_of(row: RegisterAnswer) -> str:
    """Return the office that answers for a resource, in the reader's language."""
    return name_in(row.names, "provider")


def correct_address(draft: Draft, row: RegisterAnswer, item: str) -> str:
    """Return where to say that an item is not right; empty where nobody has that page.

    Its readers are the applicant, guardians, who acts for an enterprise: not a clerk at a window, and nobody for whom
    the form only names by number.
    """
    about = queries.about_of(draft, row.about)
    if draft.window_post_id is not None or about is None or about.id is None:
        return ""
    try:
        address = reverse("sharing:correct", args=[row.resource, item])
    except NoReverseMatch:
        return ""
    return address if about.id == draft.person_id else f"{address}?{urlencode({'for': about.id})}"


def answer_shown(draft: Draft, row: RegisterAnswer, record: Record) -> dict[str, Any]:
    """Return what a page shows of an answer: from whom, when, and each item in words."""
    return {
        "office": office_of(row),
        "resource": name_in(row.names, "resource"),
        "at": row.looked_at,
        "items": [
            {"name": name, "said": said, "correct_url": correct_address(draft, row, code)}
            for code, name, said in told_items(row.names, record)
        ],
    }
