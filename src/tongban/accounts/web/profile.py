"""One's own account: data, addresses, password, language, consents."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tongban.accounts import actions, queries, rules
from tongban.accounts.errors import NoCarrier
from tongban.accounts.rules import Channel
from tongban.accounts.web.answers import home_of, next_address, status_of, tried
from tongban.accounts.web.forms import ChangePasswordForm, CodeForm, EmailForm, PhoneForm, UsernameForm
from tongban.accounts.web.sessions import freshly
from tongban.accounts.web.signing_in import keep_language, with_next
from tongban.base import clock
from tongban.base.actor import Actor
from tongban.base.errors import NotFound, TooMany
from tongban.base.web import actor_of, signed_in
from tongban.base.web.keeping import keeping, kept

ADDRESS_FORMS = {"sms": PhoneForm, "email": EmailForm}
FIELDS: dict[Channel, str] = {"sms": "phone", "email": "email"}


@signed_in
@require_http_methods(["GET", "HEAD"])
def profile(request: HttpRequest) -> HttpResponse:
    """Show one's own account."""
    actor = actor_of(request)
    account, person = queries.account_of(actor), queries.person_of(actor)
    context = {
        "account": account,
        "person": person,
        "identity": queries.masked_identity(person) if person else "",
        "identity_kind": queries.identity_kind_words(person) if person else "",
        "second_factor": queries.has_second_factor(account.id),
        "consents": {consent.matter for consent in queries.consents_of(actor) if consent.withdrawn_at is None},
        "wards": queries.wards_of(actor),
        "enterprises": queries.enterprises_of(actor),
        "operates": actor.has_role("operator"),
    }
    return render(request, "accounts/profile.html", context)


@signed_in
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponseBase:
    """Change the password; this session stays, all others end."""
    form = ChangePasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actor = actor_of(request)
        account = tried(form, lambda: actions.change_password(actor=actor, **form.cleaned_data, now=clock.now()))
        if account is not None:
            update_session_auth_hash(request, account)
            messages.success(request, _("Your password is changed. Other devices are signed out."))
            return redirect("accounts:profile")
    return render(request, "accounts/password.html", {"form": form}, status=status_of(form))


@signed_in
@freshly
@keeping
@require_http_methods(["GET", "HEAD", "POST"])
def username(request: HttpRequest) -> HttpResponseBase:
    """Choose another sign-in name."""
    actor = actor_of(request)
    form = UsernameForm(request.POST or kept(request), initial={"username": queries.account_of(actor).username})
    if request.method == "POST" and form.is_valid():
        tried(
            form,
            lambda: actions.change_username(actor=actor, **form.cleaned_data, now=clock.now()),
            field="username",
        )
        if not form.errors:
            messages.success(request, _("Your sign-in name is changed."))
            return redirect("accounts:profile")
    return render(request, "accounts/username.html", {"form": form}, status=status_of(form))


@signed_in
@freshly
@keeping
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest, channel: str) -> HttpResponseBase:
    """Give, change or take out a phone or e-mail address."""
    actor, way = actor_of(request), _channel(channel)
    field = FIELDS[way]
    account = queries.account_of(actor)
    form = ADDRESS_FORMS[way](request.POST or kept(request), initial={field: getattr(account, field)})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data[field]
        tried(
            form,
            lambda: actions.change_address(actor=actor, channel=way, address=typed, now=clock.now()),
            field=field,
        )
        if not form.errors:
            if not typed:
                return redirect("accounts:profile")
            send_code_to(request, actor, way)
            return redirect("accounts:verify", way)
    context = {"form": form, "channel": way, "account": account}
    return render(request, "accounts/address.html", context, status=status_of(form))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, channel: str) -> HttpResponseBase:
    """Ask for the code that shows that an address is the reader's; send it when asked to."""
    actor, way = actor_of(request), _channel(channel)
    account = queries.account_of(actor)
    if getattr(account, f"{FIELDS[way]}_verified_at"):
        return redirect(next_address(request) or "accounts:profile")
    if not getattr(account, FIELDS[way]):
        return redirect("accounts:address", way)
    if "send" in request.POST:
        send_code_to(request, actor, way)
        return redirect(request.get_full_path())
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        tried(form, lambda: actions.verify_address(actor=actor, channel=way, code=code, now=clock.now()), field="code")
        if not form.errors:
            messages.success(request, _("Thank you, this address is yours. News of your matters will come there."))
            return redirect(next_address(request) or "accounts:profile")
    shown = rules.masked_address(way, getattr(account, FIELDS[way]))
    context = {"form": form, "channel": way, "address": shown, "next": next_address(request), "home": home_of(account)}
    return render(request, "accounts/verify.html", context, status=status_of(form))


def send_code_to(request: HttpRequest, actor: Actor, channel: Channel) -> None:
    """Send a code to the actor's address, and say so on the next page."""
    try:
        sent_to = actions.send_code(actor=actor, channel=channel, now=clock.now())
        messages.info(request, _("We have sent a code to {address}.").format(address=sent_to))
    except (TooMany, NoCarrier) as refusal:
        messages.warning(request, str(refusal))


def _channel(name: str) -> Channel:
    if name == "sms":
        return "sms"
    if name == "email":
        return "email"
    raise NotFound


@signed_in
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language of pages and messages."""
    chosen = request.POST.get("language", "")
    actions.change_language(actor=actor_of(request), language=chosen, now=clock.now())
    with translation.override(chosen):
        messages.success(request, _("Pages and messages now come in English."))
    response = redirect(with_next("accounts:profile", request))
    keep_language(response, chosen)
    return response


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def consents(request: HttpRequest) -> HttpResponseBase:
    """Show what was agreed to; give or take back."""
    actor = actor_of(request)
    if request.method == "POST":
        matter = request.POST.get("matter", "")
        action = actions.withdraw_consent if "withdraw" in request.POST else actions.give_consent
        action(actor=actor, matter=matter, now=clock.now())
        messages.success(request, _("Your choice is kept."))
        return redirect(next_address(request) or "accounts:consents")
    given = queries.consents_of(actor)
    standing = {consent.matter: consent for consent in given if consent.withdrawn_at is None}
    context = {"standing": standing, "given": given, "next": next_address(request)}
    return render(request, "accounts/consents.html", context)
