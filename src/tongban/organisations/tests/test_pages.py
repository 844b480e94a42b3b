"""Pages of mandates, leave, and the window's accounts."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tongban.accounts import actions as accounts
from tongban.accounts import queries as persons
from tongban.accounts.models import Account, Guardianship, Official, Person
from tongban.accounts.tests.people import NOW, a_resident, credit_code, identity_number
from tongban.accounts.tests.running_out import let_session_run_out
from tongban.base import clock
from tongban.base.clock import office_date
from tongban.organisations import actions, queries
from tongban.organisations.models import Leave, Mandate
from tongban.organisations.tests.offices import a_post, an_office, holder

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tongban.accounts.tests.urls")]
OK, FOUND, FORBIDDEN, NOT_FOUND, WRONG = 200, 302, 403, 404, 422


def _enter(client: Client, account: Account) -> None:
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")


def _enter_official(client: Client, official: Official) -> None:
    _enter(client, Account.objects.get(id=official.account_id))


def test_mandates_over_pages(client: Client) -> None:
    """Named, shown masked, revoked; others find nothing."""
    account, owner = a_resident()
    enterprise = accounts.register_enterprise(actor=owner, name="云汀面馆", credit_code=credit_code(), now=NOW)
    _enter(client, account)
    assert "云汀面馆" in client.get("/profile/mandates").content.decode()
    page = f"/profile/mandates/{enterprise.id}"
    typed = {"name": "何青", "identity_kind": "resident_identity_card", "identity_number": identity_number()}
    wrong = client.post(page, typed | {"valid_until_year": "2026", "valid_until_month": "13", "valid_until_day": "1"})
    assert wrong.status_code == WRONG
    assert 'value="13"' in wrong.content.decode()
    assert client.post(page, typed)["Location"] == page
    shown = client.get(page).content.decode()
    assert "何青" in shown
    assert typed["identity_number"] not in shown
    assert client.post(page, typed).status_code == WRONG
    stranger, (other, _) = Client(), a_resident()
    _enter(stranger, other)
    mandate = Mandate.objects.get()
    assert stranger.get(page).status_code == NOT_FOUND
    assert stranger.post(f"/profile/mandates/{mandate.id}/revoke").status_code == NOT_FOUND
    assert client.post(f"/profile/mandates/{mandate.id}/revoke").status_code == FOUND
    mandate.refresh_from_db()
    assert mandate.revoked_at is not None


def test_leave_over_pages(client: Client) -> None:
    """Noted, shown to both, cancelled."""
    office = an_office()
    colleague, _ = holder([a_post(office, "review")], "周明")
    official, _ = holder([a_post(office, "approval")], "陈静")
    _enter_official(client, official)
    day = office_date(clock.now()) + timedelta(days=1)
    typed = {
        f"{end}_{part}": str(getattr(day, part))
        for end in ("first_day", "last_day")
        for part in ("year", "month", "day")
    }
    assert client.post("/office/leave", typed).status_code == WRONG
    left_alone = Client()
    _enter_official(left_alone, official)
    let_session_run_out(left_alone)
    without_session = left_alone.post("/office/leave", typed | {"deputy": str(colleague.id)})
    again = client.get(parse_qs(urlsplit(without_session["Location"]).query)["next"][0]).content.decode()
    assert f'value="{day.year}"' in again
    assert f'<option value="{colleague.id}" selected' in again
    assert not Leave.objects.exists()
    assert client.post("/office/leave", typed | {"deputy": str(colleague.id)}).status_code == FOUND
    assert "周明" in client.get("/office/leave").content.decode()
    other = Client()
    _enter_official(other, colleague)
    assert "陈静" in other.get("/office/leave").content.decode()
    leave = Leave.objects.get()
    assert other.post(f"/office/leave/{leave.id}/cancel").status_code == NOT_FOUND
    assert client.post(f"/office/leave/{leave.id}/cancel").status_code == FOUND
    assert queries.leaves_of(queries.actor_for_account(official.account_id, clock.now()), day) == []


def test_office_pages_are_for_officials(client: Client) -> None:
    """Strangers sign in first, residents may not, officials without post neither."""
    assert client.get("/office/leave").status_code == FOUND
    account, _ = a_resident()
    _enter(client, account)
    for page in ("/office/leave", "/office/accounts", "/office/accounts/person"):
        assert client.get(page).status_code == FORBIDDEN
    official, _ = holder([a_post(an_office(), "review")])
    _enter_official(client, official)
    assert client.get("/office/accounts").status_code == FORBIDDEN
    assert client.get("/profile/mandates").status_code == FORBIDDEN


def test_who_asks_is_found_in_one_message(client: Client) -> None:
    """The session, its account, and the posts of an official; also those held as deputy."""
    office = an_office()
    official, _ = holder([a_post(office, "review")])
    _, away = holder([a_post(office, "window")])
    today = office_date(clock.now())
    actions.take_leave(actor=away, deputy_id=official.id, first_day=today, last_day=today, now=clock.now())
    _enter_official(client, official)
    with CaptureQueriesContext(connection) as spent:
        page = client.get("/office/accounts")  # the window's, whose deputy they are
    assert page.status_code == OK
    tables = ("django_session", "accounts_account", "organisations_acted_by")
    asked = [one["sql"] for one in spent if any(table in one["sql"] for table in tables)]
    assert len(asked) == 1
    assert all(table in asked[0] for table in tables)


def test_accounts_at_the_window(client: Client) -> None:
    """See the paper, open an account, confirm a guardianship, register a representative."""
    clerk, _ = holder([a_post(an_office(), "window")])
    account, guardian = a_resident(name="何青")
    person = Person.objects.get(account=account)
    accounts.add_ward(
        actor=guardian, name="何小满", identity_kind="resident_identity_card", identity_number=identity_number(),
        relation="parent", now=NOW,
    )  # fmt: skip
    _enter_official(client, clerk)
    assert client.get("/office/accounts/person").status_code == NOT_FOUND
    typed = {"name": "何青", "identity_kind": "resident_identity_card", "identity_number": person.identity_number}
    assert client.post("/office/accounts", typed | {"name": "别人"}).status_code == WRONG
    assert client.post("/office/accounts", typed)["Location"] == "/office/accounts/person"
    page = client.get("/office/accounts/person").content.decode()
    assert "何小满" in page
    assert person.identity_number not in page
    ward = Guardianship.objects.get().ward_id
    assert client.post(f"/office/accounts/wards/{ward}/confirm").status_code == FOUND
    assert persons.is_guardian(person.id, ward)
    for sent in ({"addresses": "1", "phone": "13900003333"}, {"enterprise": "1", "enterprise-name": "云汀茶馆"}):
        left_alone = Client()
        _enter_official(left_alone, clerk)
        let_session_run_out(left_alone)
        without_session = left_alone.post("/office/accounts/person", sent)
        again = client.get(parse_qs(urlsplit(without_session["Location"]).query)["next"][0])
        assert again.status_code == OK
        assert list(sent.values())[1] in again.content.decode()
    assert persons.addresses_of(account.id)[1] != "13900003333"
    assert not persons.enterprises_of(guardian)
    wrong = client.post("/office/accounts/person", {"addresses": "1", "phone": "138", "email": ""})
    assert wrong.status_code == WRONG
    assert client.post("/office/accounts/person", {"addresses": "1", "phone": "13900002222"}).status_code == FOUND
    assert persons.addresses_of(account.id)[1] == "13900002222"
    firm = {"enterprise": "1", "enterprise-name": "云汀面馆", "enterprise-credit_code": credit_code()}
    assert client.post("/office/accounts/person", firm).status_code == FOUND
    assert [one.name for one in persons.enterprises_of(guardian)] == ["云汀面馆"]
