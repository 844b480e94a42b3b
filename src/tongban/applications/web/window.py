"""The window: a clerk takes in a matter for somebody without account or telephone. The same case as online."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from tongban.accounts import actions as accounts
from tongban.applications import actions, queries
from tongban.applications.errors import NotApplicable
from tongban.applications.models import Draft
from tongban.applications.web.forms import WindowForm
from tongban.applications.web.pages import english
from tongban.base.clock import now
from tongban.base.errors import Refusal
from tongban.base.web import actor_of, keeping, kept, official_with
from tongban.catalogue import queries as catalogue


@official_with("window")
def desk(request: HttpRequest) -> HttpResponse:
    """Find the matter, or go on with one begun here."""
    words = request.GET.get("q", "")
    context: dict[str, object] = {
        "words": words,
        "rows": [hit.row for hit in catalogue.search(words, limit=20).hits] if words.strip() else [],
        "searched": bool(words.strip()),
        "drafts": queries.window_drafts(actor_of(request))[:50],
    }
    return render(request, "applications/window.html", context)


@official_with("window")
@keeping
def take_in(request: HttpRequest, code: str) -> HttpResponseBase:
    """See the identity, note who came, begin."""
    actor, item = actor_of(request), catalogue.item(code)
    if not item.applicable or item.current is None:
        raise NotApplicable
    guide = catalogue.guide_of(item.current.id)
    form = WindowForm(
        request.POST or kept(request), audiences=guide.audiences, situations=guide.situations, english=english()
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                draft = _begin(request, form, code)
                return redirect("applications:draft", draft.id)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
    post = next(post for post in actor.posts if "window" in post.roles)
    context = {"form": form, "item": item, "guide": guide, "post": post}
    return render(request, "applications/take_in.html", context, status=status)


def _begin(request: HttpRequest, form: WindowForm, code: str) -> Draft:
    actor, data = actor_of(request), form.cleaned_data
    person = accounts.register_person(
        actor=actor,
        name=data["name"],
        identity_kind=data["identity_kind"],
        identity_number=data["identity_number"],
        phone=data["phone"],
        assurance="seen",
        now=now(),
    )
    enterprise = None
    if data["applicant_kind"] == "enterprise":
        enterprise = accounts.register_enterprise_at_window(
            actor=actor, name=data["enterprise_name"], credit_code=data["credit_code"], came=person, now=now()
        )
    return actions.begin_at_window(
        actor=actor,
        post_id=next(post.id for post in actor.posts if "window" in post.roles),
        item_code=code,
        person_id=person.id,
        enterprise_id=enterprise.id if enterprise else None,
        proxy=form.proxy(),
        situation=form.situation(),
        now=now(),
    )
