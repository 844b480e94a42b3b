"""The gate from outside: what it answers, what it refuses and why, and that both stand in the log."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.standing import standing

from tongban.base.actor import NOBODY
from tongban.cases.models import Recusal
from tongban.cases.tests.people import open_task, resident
from tongban.exchange import actions, errors
from tongban.exchange.events import WHOLE_JURISDICTION
from tongban.exchange.models import LookUp, LookUpAnswer
from tongban.exchange.rules.calls import About, CaseReference, Secrecy, StandingReference
from tongban.ledger.models import Event
from tongban.registers.tests.town import NOW, Town, after

LOG = {"exchange_lookup", "ledger_event"}


def refused(town: Town, call: Any, code: str, *, by: Any = None, now: Any = NOW, logged: str = "") -> LookUp:
    """Ask, and check that it is refused with a code, that the log says so, and that nothing else has changed."""
    before = standing()
    with pytest.raises(errors.LookUpRefused) as caught:
        town.ask(call, by=by, now=now)
    after_it = standing()
    assert caught.value.code == code
    assert str(caught.value)
    assert {table for table in after_it if after_it[table] != before[table]} <= LOG
    row = LookUp.objects.latest("id")
    assert row.refused == (logged or code)
    event = Event.objects.filter(kind="exchange.looked_up").latest("id")
    assert (event.subject_id, event.data["outcome"]) == (row.id, logged or code)
    return row


def test_it_answers_exactly_what_was_asked_and_logs_it(town: Town) -> None:
    grant, number = town.grant("name", "birth_date", "religion"), town.case()
    answer = town.ask(town.call(number, "birth_date", "religion"))
    assert answer.values == {"birth_date": "1990-03-07", "religion": "无"}
    assert (answer.provider, answer.resource) == ("云澜市公安局", "population")
    row = LookUp.objects.select_related("answer").get(id=answer.look_up_id)
    assert (row.grant_id, row.refused, row.fields) == (grant.id, "", ["birth_date", "religion"])
    assert (row.reference_kind, row.reference) == ("case", number)
    assert (row.post, row.official_id) == (town.asking.posts["acceptance"], town.staff["acceptance"].official_id)
    assert (row.answer.outcome, row.answer.records, row.answer.cut) == ("answered", 1, [])
    event = Event.objects.get(kind="exchange.looked_up")
    assert (event.subject_id, event.data["chain"]) == (row.id, str(row.subject_key))
    assert "林" not in str(event.data)
    assert "1990" not in str(event.data)


def test_it_takes_few_messages(town: Town) -> None:
    town.grant("name", rate_per_minute=5000)
    call = town.call(town.case(), "name")
    town.ask(call)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        town.ask(call)
    sent = [one["sql"] for one in asked if "SAVEPOINT" not in one["sql"]]
    assert len(sent) <= 5, sent  # the fifth takes a lot of permits, once in many look-ups


def test_somebody_known_here_may_be_named_by_id(town: Town) -> None:
    town.grant("name")
    about = About(kind="person", id=town.lin.person_id)
    assert town.ask(town.call(town.case(), about=about)).values == {"name": "林知夏"}


def test_a_stranger_to_the_register_is_answered_with_nothing(town: Town) -> None:
    town.grant("name")
    other = resident("何无")
    answer = town.ask(town.call(town.case(other), about=town.about(other)))
    assert answer.records == ()
    assert LookUpAnswer.objects.get(look_up_id=answer.look_up_id).outcome == "nothing_found"


def test_without_grant(town: Town) -> None:
    assert refused(town, town.call(town.case()), "no_grant").resource is None


def test_a_grant_of_another_office_reads_like_none(town: Town) -> None:
    grant = town.grant("name", consumer_id=town.keeper.organisation.id)
    refused(town, town.call(town.case()), "no_grant")
    refused(town, town.call(town.case(), grant_id=grant.id, resource=""), "no_grant")


def test_a_field_that_was_not_granted(town: Town) -> None:
    town.grant("name")
    assert refused(town, town.call(town.case(), "name", "address"), "field_not_granted").fields == ["name", "address"]


def test_another_purpose(town: Town) -> None:
    town.grant("name")
    refused(town, town.call(town.case(), purpose="curiosity"), "wrong_purpose")


def test_before_and_after_its_time(town: Town) -> None:
    town.grant("name", valid_from=after(days=1), valid_until=after(days=2))
    call = town.call(town.case())
    refused(town, call, "grant_not_begun")
    refused(town, call, "expired_grant", now=after(days=2))


def test_suspended_resumed_and_withdrawn(town: Town) -> None:
    grant, call = town.grant("name"), town.call(town.case())
    actions.suspend_grant(actor=town.steward.actor, grant_id=grant.id, word="核查中", now=NOW)
    refused(town, call, "suspended_grant")
    actions.resume_grant(actor=town.steward.actor, grant_id=grant.id, now=NOW)
    assert town.ask(call).values
    actions.withdraw_grant(actor=town.steward.actor, grant_id=grant.id, word="不再需要", now=NOW)
    refused(town, call, "no_grant")


def test_a_resource_that_was_withdrawn(town: Town) -> None:
    town.grant("name")
    call = town.call(town.case())
    actions.withdraw_resource(actor=town.steward.actor, resource_id=town.register.resource_id, now=NOW)
    refused(town, call, "resource_not_in_force")


def test_without_reference(town: Town) -> None:
    town.grant("name")
    refused(town, town.call("", reference=None), "reference_missing")
    refused(town, town.call("", reference=StandingReference("statistics")), "reference_missing")


def test_a_case_that_is_not_there(town: Town) -> None:
    town.grant("name")
    refused(town, town.call("20260302-AAAAAAAA"), "case_unknown")
    refused(town, town.call("1", reference=CaseReference("1", kind="unheard_of")), "case_unknown")


def test_a_case_of_others_reads_like_none_and_is_told_apart_in_the_log(town: Town) -> None:
    town.grant("name")
    number = town.case()
    for role in ("review", "supervisor"):
        colleague = town.asking.staff(role).actor
        refused(town, town.call(number), "case_unknown", by=colleague, logged="case_not_yours")
    Recusal.objects.create(
        case=open_task_of(number).case, official_id=town.staff["acceptance"].official_id, reason="亲属", at=NOW
    )
    refused(town, town.call(number), "case_unknown", logged="case_not_yours")


def open_task_of(number: str) -> Any:
    """Return the open acceptance task of a case."""
    from tongban.cases.models import Case  # noqa: PLC0415 - only here

    return open_task(Case.objects.get(number=number), "acceptance")


def test_a_case_that_has_ended(town: Town) -> None:
    from tongban.cases import actions as cases  # noqa: PLC0415 - only here

    town.grant("name")
    number = town.case()
    cases.withdraw(actor=town.lin.actor, case=open_task_of(number).case, reason="", now=NOW)
    refused(town, town.call(number), "case_not_open")


def test_a_case_about_somebody_else(town: Town) -> None:
    town.grant("name")
    refused(town, town.call(town.case(resident("何无"))), "case_about_another")


def test_a_case_of_another_matter(town: Town) -> None:
    town.grant("name", items_served=("X2",))
    refused(town, town.call(town.case()), "case_of_another_item")
    assert town.ask(town.call(town.case(item_code="X2"))).values


def test_another_kind_of_subject(town: Town) -> None:
    town.grant("name")
    about = About(kind="enterprise", number="91430102MA4000001" + "X")
    with pytest.raises(errors.SubjectUnknown):
        town.ask(town.call(town.case(), about=about))
    from tongban.accounts.tests.people import credit_code  # noqa: PLC0415 - only here

    about = About(kind="enterprise", number=credit_code())
    refused(town, town.call(town.case(), about=about), "wrong_subject_kind")


@pytest.mark.parametrize(
    "changes",
    [
        {"fields": ()},
        {"fields": ("name", "name")},
        {"fields": ("Name; DROP TABLE",)},
        {"fields": tuple(f"f{number}" for number in range(201))},
        {"purpose": "为什么"},
        {"resource": "../../etc"},
        {"reference": CaseReference("1 OR 1=1")},
        {"reference": CaseReference("x" * 61)},
    ],
)
def test_a_malformed_call_is_refused_and_nothing_of_it_is_kept(town: Town, changes: dict[str, Any]) -> None:
    town.grant("name")
    row = refused(town, town.call(town.case(), **changes), "malformed_call")
    assert (row.fields, row.purpose, row.reference, row.subject_key) == ([], "", "", None)


@pytest.mark.parametrize("number", ["", "1", "43010219900307001A", "林知夏", "9" * 500])
def test_a_number_that_cannot_be(town: Town, number: str) -> None:
    town.grant("name")
    refused(town, town.call(town.case(), about=About(kind="person", number=number)), "subject_unknown")


def test_nobody_and_a_resident_are_refused(town: Town) -> None:
    town.grant("name")
    refused(town, town.call(town.case()), "no_grant", by=NOBODY)
    refused(town, town.call(town.case()), "no_grant", by=town.lin.actor)


def test_a_standing_reference_is_for_stewards_where_the_grant_says_so(town: Town) -> None:
    town.grant("district", standing="statistics", purpose="counting")
    call = town.call("", "district", purpose="counting", reference=StandingReference("statistics", "2026-Q1"))
    refused(town, call, "not_a_steward")
    answer = town.ask(call, by=town.reviewer.actor)
    assert answer.values == {"district": "青溪区"}
    assert LookUp.objects.get(id=answer.look_up_id).reference == "2026-Q1"


def test_rows_are_kept_back_by_a_condition_on_a_field_that_was_not_granted(town: Town) -> None:
    number = town.case()
    near = {"field": "district", "operator": "in", "values": ["青溪区"]}
    far = {"field": "district", "operator": "in", "values": ["汀南区"]}
    town.grant("name", row_filter=[near])
    town.grant("name", row_filter=[far], purpose="elsewhere")
    assert town.ask(town.call(number)).records == ({"name": "林知夏"},)
    assert town.ask(town.call(number, purpose="elsewhere")).records == ()


def test_more_than_the_rate_in_a_minute(town: Town) -> None:
    town.grant("name", rate_per_minute=2)
    call = town.call(town.case())
    town.ask(call)
    town.ask(call)
    with pytest.raises(errors.RateExceeded) as caught:
        town.ask(call, now=NOW + timedelta(seconds=20))
    assert caught.value.retry_after == 40
    assert LookUp.objects.filter(refused="rate_exceeded").count() == 1
    assert town.ask(call, now=NOW + timedelta(seconds=60)).values


def test_secrecy_wants_a_grant_and_an_order(town: Town) -> None:
    town.grant("name")
    number = town.case()
    wanted = Secrecy(until=after(days=5), order="云检调〔2026〕1号")
    call = town.call(number, secrecy=wanted)
    with pytest.raises(errors.SecrecyNotGranted):
        town.ask(call)
    row = LookUp.objects.latest("id")
    assert row.secret_until == after(days=5)


def test_a_look_up_under_secrecy_shows_nothing_in_the_ledger(town: Town) -> None:
    town.grant("name", may_be_secret=True)
    call = town.call(town.case(), secrecy=Secrecy(until=after(days=5), order="云检调〔2026〕1号"))
    answer = town.ask(call)
    assert answer.values == {"name": "林知夏"}
    event = Event.objects.get(kind="exchange.looked_up")
    assert event.data == {
        "chain": str(WHOLE_JURISDICTION), "resource_id": None, "grant_id": None, "outcome": ""
    }  # fmt: skip
    assert (event.actor_kind, event.official_id, event.post_id) == ("system", None, None)
    actions.note_uses(now=NOW)
    assert not town.resource.grants.get().uses.exists()


def test_uses_are_reckoned_from_the_log(town: Town) -> None:
    from tongban.base.clock import now as real_now  # noqa: PLC0415 - ids are made by the real clock

    moment = real_now()
    grant = town.grant("name", "address", valid_until=moment + timedelta(days=1))
    call = town.call(town.case(), "name")
    town.ask(call, now=moment)
    town.ask(call, now=moment)
    for _again in range(2):
        actions.note_uses(now=moment)
        assert list(grant.uses.values_list("field", "times")) == [("name", 2)]


def test_the_log_stands(town: Town) -> None:
    from django.db import IntegrityError, transaction  # noqa: PLC0415 - only here

    grant = town.grant("name")
    row = LookUp.objects.get(id=town.ask(town.call(town.case())).look_up_id)
    for change in (
        lambda: LookUp.objects.filter(id=row.id).update(purpose="other"),
        lambda: LookUp.objects.filter(id=row.id).delete(),
        lambda: LookUpAnswer.objects.filter(look_up=row).update(records=0),
        lambda: type(grant).objects.filter(id=grant.id).update(fields=["name", "religion"]),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert type(grant).objects.get(id=grant.id).fields == ["name"]
