"""What a window does for somebody's account, with the identity paper on the desk."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tongban.accounts import actions, queries
from tongban.accounts.models import Enterprise, Person
from tongban.accounts.rules import PERSON_SEEN
from tongban.accounts.web.answers import status_of, tried
from tongban.accounts.web.family import RELATION_WORDS
from tongban.accounts.web.forms import IdentityForm, WindowAddressForm, WindowEnterpriseForm
from tongban.base import clock, identifiers
from tongban.base.errors import NotFound
from tongban.base.identifiers import WrongIdentifier
from tongban.base.web import actor_of, keeping, kept, official_with


@official_with("window")
@keeping
@sensitive_post_parameters("identity_number")
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest) -> HttpResponseBase:
    """Note the identity paper that was seen."""
    form = IdentityForm(request.POST or kept(request))
    if request.method == "POST" and form.is_valid():
        see = partial(
            actions.register_person, actor=actor_of(request), **form.cleaned_data, assurance="seen", now=clock.now()
        )
        person = tried(form, see)
        if person is not None:
            request.session[PERSON_SEEN] = str(person.id)
            return redirect("accounts:window-person")
    return render(request, "accounts/window_desk.html", {"form": form}, status=status_of(form))


def _seen(request: HttpRequest) -> Person:
    return queries.person_by_id(UUID(request.session.get(PERSON_SEEN, "0" * 32)))


@official_with("window")
@keeping
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest) -> HttpResponseBase:
    """Give the person seen an account, or their account a new address."""
    seen = _seen(request)
    sent = request.POST or kept(request) or QueryDict()
    form = WindowAddressForm(sent if "addresses" in sent else None)
    if request.method == "POST" and form.is_bound and form.is_valid():
        change = partial(
            actions.open_account_at_window,
            actor=actor_of(request),
            person_id=seen.id,
            **form.cleaned_data,
            now=clock.now(),
        )
        if tried(form, change) is not None:
            messages.success(request, _("Done. The person sets a password under “Recover” with a code."))
            return redirect("accounts:window-person")
    enterprise = WindowEnterpriseForm(sent if "enterprise" in sent else None, prefix="enterprise")
    if (
        request.method == "POST"
        and enterprise.is_bound
        and enterprise.is_valid()
        and _register(request, seen, enterprise)
    ):
        return redirect("accounts:window-person")
    return _show(request, seen, form, enterprise)


def _register(request: HttpRequest, seen: Person, form: WindowEnterpriseForm) -> bool:
    register = partial(
        actions.register_enterprise,
        actor=actor_of(request),
        **form.cleaned_data,
        representative_id=seen.id,
        now=clock.now(),
    )
    enterprise = tried(form, register)
    if enterprise is not None:
        words = _("{name} is registered with this legal representative.")
        messages.success(request, words.format(name=enterprise.name))
    return enterprise is not None


def _show(
    request: HttpRequest, seen: Person, form: WindowAddressForm, enterprise: WindowEnterpriseForm
) -> HttpResponse:
    account = queries.account_of_person(seen.id)
    context = {
        "person": seen,
        "identity": queries.masked_identity(seen),
        "identity_kind": queries.identity_kind_words(seen),
        "account": account,
        "second_factor": account is not None and queries.has_second_factor(account.id),
        "form": form,
        "enterprise_form": enterprise,
        "held_by_another": _held_by_another(seen, enterprise),
        "guardianships": [
            {"held": held, "relation": RELATION_WORDS[held.relation], "identity": queries.masked_identity(held.ward)}
            for held in queries.guardianships_of(seen.id)
        ],
    }
    status = max(status_of(form), status_of(enterprise))
    return render(request, "accounts/window_person.html", context, status=status)


def _held_by_another(seen: Person, form: WindowEnterpriseForm) -> Enterprise | None:
    """Return the enterprise that could not be registered because somebody else has it."""
    if not form.errors or not form.cleaned_data.get("credit_code"):
        return None
    try:
        found = queries.enterprise_by_code(identifiers.credit_code(form.cleaned_data["credit_code"]))
    except WrongIdentifier:
        return None
    return found if found is not None and found.legal_representative_id not in {None, seen.id} else None


@official_with("window")
@require_POST
def confirm_guardianship(request: HttpRequest, ward_id: UUID) -> HttpResponse:
    """Note that the papers of a guardianship were seen."""
    seen = _seen(request)
    actions.confirm_guardianship(actor=actor_of(request), guardian_id=seen.id, ward_id=ward_id, now=clock.now())
    messages.success(request, _("The guardianship is confirmed."))
    return redirect("accounts:window-person")


@official_with("window")
@require_POST
def reset_second_factor(request: HttpRequest) -> HttpResponse:
    """Take out the lost app of the person seen."""
    account = queries.account_of_person(_seen(request).id)
    if account is None:
        raise NotFound
    actions.reset_second_factor(actor=actor_of(request), account_id=account.id, now=clock.now())
    messages.success(request, _("The authenticator app is taken out. Signing in asks for the password only."))
    return redirect("accounts:window-person")
