"""Operations: open and end a session, see who one is."""

from typing import Literal
from uuid import UUID

from django.http import HttpRequest
from django.middleware.csrf import get_token
from ninja import Router
from ninja.responses import Status
from pydantic import Field

from tongban.accounts import actions, queries
from tongban.accounts.errors import CodeWrong, SecondFactorNeeded
from tongban.accounts.models import Account
from tongban.accounts.web.sessions import leave
from tongban.accounts.web.sessions import open_session as begin_session
from tongban.accounts.web.signing_in import password_checked
from tongban.base import clock
from tongban.base.actor import Actor
from tongban.base.api import ANYBODY, SIGNED_IN, Line, Sent, Told
from tongban.base.api.shapes import Reference
from tongban.base.web import actor_of

router = Router(tags=["Session"])


class SignIn(Sent):
    """Name and password; a code where the account has a second factor."""

    name: Line = Field(description="Sign-in name, mobile number or e-mail address.", examples=["demo-lin"])
    password: Line = Field(description="Password.")
    code: Line = Field(default="", description="Code of the authenticator app, or a recovery code, where one is set.")


class SessionTold(Told):
    """The session: who acts, and the token that every change needs."""

    kind: Literal["nobody", "resident", "official"] = Field(description="Who acts.")
    name: str = Field(description="Name of who acts; empty for nobody.")
    csrf_token: str = Field(description="To be sent as X-CSRFToken with whatever changes something.")


def _told(request: HttpRequest, actor: Actor) -> SessionTold:
    kind = actor.kind if actor.kind in {"resident", "official"} else "nobody"
    return SessionTold(kind=kind, name=actor.name, csrf_token=get_token(request))


@router.get("/session", response=SessionTold, auth=ANYBODY, operation_id="read_session", summary="Read the session")
def read_session(request: HttpRequest) -> SessionTold:
    """Return who acts in this session, and its token."""
    return _told(request, actor_of(request))


@router.post("/session", response=SessionTold, auth=ANYBODY, operation_id="open_session", summary="Sign in")
def open_session(request: HttpRequest, sign_in: SignIn) -> SessionTold:
    """Sign in: sets the session cookie and returns the token. Wrong name and wrong password read the same."""
    account = password_checked(request, name=sign_in.name, password=sign_in.password)
    way = _second_factor(account, sign_in.code)
    actions.record_sign_in(account=account, way=way, now=clock.now())
    begin_session(request, account)
    return _told(request, queries.actor_by_account(account.id))


def _second_factor(account: Account, code: str) -> str:
    if not queries.has_second_factor(account.id):
        if queries.must_have_second_factor(account):
            raise SecondFactorNeeded
        return "password"
    if not code:
        raise CodeWrong(detail="This account asks for a code: send it as `code`.")
    return str(actions.check_second_factor(account=account, code=code, now=clock.now()))


@router.delete("/session", response={204: None}, auth=SIGNED_IN, operation_id="end_session", summary="Sign out")
def end_session(request: HttpRequest) -> Status[None]:
    """End the session."""
    leave(request)
    return Status(204, None)


class PostTold(Told):
    """A post by which an official acts."""

    id: UUID = Field(description="Its id.")
    name: str = Field(description="Its name.")
    organisation_id: UUID = Field(description="Id of its organisation.")
    organisation_name: str = Field(description="Name of its organisation.")
    roles: list[str] = Field(description="What the post may do.")
    as_deputy: bool = Field(description="Held for somebody who is on leave.")


class Me(Told):
    """Who one is, as far as it matters for applying or working."""

    kind: Literal["resident", "official"] = Field(description="Who acts.")
    name: str = Field(description="Name.")
    identity_kind: str = Field(description="Kind of the identity paper; empty for officials.")
    identity_number: str = Field(description="Number of the identity paper, its middle hidden.")
    language: str = Field(description="Language of messages and pages.")
    electronic_service: bool = Field(description="Whether papers may be served by electronic means.")
    wards: list[Reference] = Field(description="Children and wards for whom one may apply.")
    enterprises: list[Reference] = Field(description="Enterprises whose legal representative one is.")
    posts: list[PostTold] = Field(description="Posts by which an official acts.")


@router.get("/me", response=Me, auth=SIGNED_IN, operation_id="read_me", summary="See who one is")
def read_me(request: HttpRequest) -> Me:
    """Return one's own account; the identity number is masked."""
    actor = actor_of(request)
    account, person = queries.account_of(actor), queries.person_of(actor)
    return Me(
        kind="official" if actor.is_official else "resident",
        name=actor.name,
        identity_kind=person.identity_kind if person else "",
        identity_number=queries.masked_identity(person) if person else "",
        language=account.language,
        electronic_service=queries.consents_electronic_service(account.id),
        wards=[Reference(id=ward.id, name=ward.name) for ward in queries.wards_of(actor)],
        enterprises=[Reference(id=one.id, name=one.name) for one in queries.enterprises_of(actor)],
        posts=[
            PostTold(
                id=post.id,
                name=post.name,
                organisation_id=post.organisation_id,
                organisation_name=post.organisation_name,
                roles=sorted(post.roles),
                as_deputy=post.as_deputy,
            )
            for post in actor.posts
        ],
    )
