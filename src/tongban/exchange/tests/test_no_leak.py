"""No path leaks a field that was not granted: every pair of grant and question, sources that tell too much, many at once."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import combinations
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.standing import together

from tongban.base.actor import SYSTEM
from tongban.base.rows import Change
from tongban.exchange import actions, errors
from tongban.exchange.models import LookUp, LookUpAnswer, RateMinute, Source
from tongban.exchange.providers import SOURCES, AsOf, Row, SourceAway, SourceSettings
from tongban.exchange.rules.calls import Secrecy
from tongban.exchange.rules.rows import project, wanted_fields
from tongban.exchange.rules.subjects import Subject
from tongban.ledger.models import Event
from tongban.registers.tests.town import NOW, Town, make_town

FIELDS = ("name", "birth_date", "address", "religion")
TRUE = {"name": "林知夏", "birth_date": "1990-03-07", "address": "书院路 18 号", "religion": "无"}


def subsets(fields: Sequence[str]) -> list[tuple[str, ...]]:
    """Return all but the empty one."""
    return [chosen for size in range(1, len(fields) + 1) for chosen in combinations(fields, size)]


def test_every_question_under_every_grant(town: Town) -> None:
    """15 grants × 15 questions: answered with exactly what was asked where the grant covers it, else with nothing."""
    number = town.case()
    for place, granted in enumerate(subsets(FIELDS)):
        grant = town.grant(*granted, purpose=f"purpose_{place}", rate_per_minute=1000)
        for asked in subsets(FIELDS):
            call = town.call(number, *asked, purpose=grant.purpose)
            if set(asked) <= set(granted):
                assert town.ask(call).records == ({code: TRUE[code] for code in asked},)
            else:
                with pytest.raises(errors.FieldNotGranted) as caught:
                    town.ask(call)
                assert not any(value in str(vars(caught.value)) for value in TRUE.values())
    assert LookUp.objects.count() == 15 * 15
    assert LookUpAnswer.objects.count() == LookUp.objects.filter(refused="").count()


def test_what_is_not_shared_is_not_granted(town: Town) -> None:
    with pytest.raises(errors.NotShared) as caught:
        town.grant("name", "secret_word")
    assert caught.value.details["fields"] == {"secret_word": "《某法》第九条"}
    with pytest.raises(errors.NotComplete):
        town.grant("name", "no_such_field")


Rows = st.lists(
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 3) | st.none() | st.text(max_size=2)), max_size=5
)


@given(
    rows=Rows,
    fields=st.lists(st.sampled_from("abcd"), min_size=1, unique=True),
    conditions=st.lists(
        st.fixed_dictionaries(
            {
                "field": st.sampled_from("efgh"),
                "operator": st.sampled_from(["in", "not_in", "begins_with", "at_least", "at_most"]),
                "values": st.lists(st.integers(0, 3) | st.text(max_size=1), min_size=1, max_size=2),
            }
        ),
        max_size=2,
    ),
)
def test_a_projection_holds_what_was_asked_and_nothing_else(
    rows: list[dict[str, Any]], fields: list[str], conditions: list[dict[str, Any]]
) -> None:
    projected = project(rows, fields, conditions)
    assert all(list(record) == fields for record in projected.records)
    assert len(projected.records) <= len(rows)
    read = set(wanted_fields(fields, conditions))
    assert set(projected.added) == {name for row in rows for name in row} - read


class Talkative:
    """A source outside that answers more than asked, or not at all."""

    within = False

    def __init__(self) -> None:
        """Begin modestly."""
        self.extra: dict[str, Any] = {}
        self.away = self.killed = self.within_a_transaction = False
        self.asked: list[tuple[str, ...]] = []

    def read(
        self,
        source: SourceSettings,
        *,
        subject: Subject,
        fields: Sequence[str],
        as_of: AsOf,
        look_up_id: Any,
        before: Sequence[Change] = (),
    ) -> Sequence[Row]:
        """Answer with all that was asked, and more; what it was asked is in the log by then."""
        self.within_a_transaction = connection.in_atomic_block
        assert LookUp.objects.filter(id=look_up_id, refused="").exists()
        self.asked.append(tuple(fields))
        if self.killed:
            raise KeyboardInterrupt
        if self.away:
            raise SourceAway
        return [{**dict.fromkeys(fields, "x"), **self.extra}]


@pytest.fixture
def source() -> Iterator[Talkative]:
    """Register a talkative source."""
    if "talkative" not in SOURCES:
        SOURCES.register("talkative", Talkative())
    talkative = SOURCES["talkative"]
    assert isinstance(talkative, Talkative)
    talkative.__init__()  # type: ignore[misc]  # as new
    yield talkative
    talkative.__init__()  # type: ignore[misc]  # as new


def plugged(town: Town) -> str:
    """Let the resource be read from the talkative source; returns a case."""
    town.grant("name")
    actions.set_source(actor=SYSTEM, resource_id=town.register.resource_id, kind="talkative", settings={}, now=NOW)
    return town.case()


def test_a_source_that_answers_more_is_cut_and_the_fault_is_logged(town: Town, source: Talkative) -> None:
    source.extra = {"religion": "不该给的", "x" * 99: 1}
    answer = town.ask(town.call(plugged(town)))
    assert answer.records == ({"name": "x"},)
    row = LookUpAnswer.objects.get(look_up_id=answer.look_up_id)
    assert row.cut == ["religion", "x" * 60]
    event = Event.objects.get(kind="exchange.source_answered_more")
    assert event.data["fields"] == ["religion", "x" * 60]
    assert "不该给的" not in str(event.data)


def test_what_a_source_added_to_a_secret_look_up_is_in_no_event(town: Town, source: Talkative) -> None:
    source.extra = {"religion": "不该给的"}
    number = plugged(town)
    town.grant("name", purpose="inquiry", may_be_secret=True)
    secrecy = Secrecy(until=NOW + timedelta(days=5), order="云检调〔2026〕1号")
    answer = town.ask(town.call(number, purpose="inquiry", secrecy=secrecy))
    assert LookUpAnswer.objects.get(look_up_id=answer.look_up_id).cut == ["religion"]
    assert not Event.objects.filter(kind="exchange.source_answered_more").exists()


@pytest.mark.django_db(transaction=True)
def test_a_source_that_is_away_is_in_the_log_and_kept_no_transaction_open(
    transactional_db: None, source: Talkative
) -> None:
    town = make_town()
    source.away = True
    with pytest.raises(errors.SourceUnavailable):
        town.ask(town.call(plugged(town)))
    assert not source.within_a_transaction
    row = LookUp.objects.get()
    assert (row.refused, row.answer.outcome, row.answer.records) == ("", "source_unavailable", 0)
    assert Event.objects.get(kind="exchange.looked_up").data["outcome"] == "source_unavailable"


def test_a_source_is_not_asked_for_what_is_refused(town: Town, source: Talkative) -> None:
    number = plugged(town)
    with pytest.raises(errors.FieldNotGranted):
        town.ask(town.call(number, "name", "address"))
    assert source.asked == []


def test_a_look_up_whose_process_was_killed_is_closed_and_joins_the_record(town: Town, source: Talkative) -> None:
    source.killed = True
    with pytest.raises(KeyboardInterrupt):
        town.ask(town.call(plugged(town)))
    row = LookUp.objects.get(refused="")
    assert not LookUpAnswer.objects.exists()
    assert actions.close_unanswered(now=NOW + timedelta(minutes=9)) == 0
    assert actions.close_unanswered(now=NOW + timedelta(minutes=11)) == 1
    assert actions.close_unanswered(now=NOW + timedelta(minutes=12)) == 0
    event = Event.objects.get(kind="exchange.looked_up")
    assert (event.data["chain"], event.data["outcome"]) == (str(row.subject_key), "source_unavailable")


def test_a_resource_without_source_is_refused_and_logged(town: Town) -> None:
    town.grant("name")
    Source.objects.filter(resource=town.register.resource_id).update(kind="not_installed")
    with pytest.raises(errors.SourceUnavailable):
        town.ask(town.call(town.case()))
    assert LookUp.objects.get().refused == "source_unavailable"


def test_prefill_brings_what_it_may_and_says_what_it_may_not(town: Town) -> None:
    town.grant("name")
    number = town.case()
    calls = {"home": town.call(number), "elsewhere": town.call(number, resource="unheard-of")}
    answers, refusals = actions.prefill(calls=calls, actor=town.staff["acceptance"].actor, now=NOW)
    assert {name: answer.values for name, answer in answers.items()} == {"home": {"name": "林知夏"}}
    assert {name: refusal.code for name, refusal in refusals.items()} == {"elsewhere": "no_grant"}


def test_prefill_asks_nothing_more_once_its_time_is_over(town: Town) -> None:
    town.grant("name")
    calls = {"late": town.call(town.case())}
    answers, refusals = actions.prefill(calls=calls, actor=town.staff["acceptance"].actor, now=NOW, seconds=0)
    assert answers == {}
    assert {name: refusal.code for name, refusal in refusals.items()} == {"late": "source_unavailable"}
    assert not LookUp.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_at_once_stay_within_the_rate_and_are_all_in_the_log(transactional_db: None) -> None:
    town = make_town()
    grant = town.grant("name", rate_per_minute=20)
    call, ask = town.call(town.case()), town.ask

    def several() -> list[str]:
        found = []
        for _time in range(6):
            try:
                found.append(ask(call, now=NOW).values["name"])
            except errors.RateExceeded:
                found.append("refused")
        return found

    said = [one for some in together([several] * 8) for one in some]
    assert (said.count("林知夏"), said.count("refused")) == (20, 28)
    assert LookUp.objects.filter(refused="").count() == LookUpAnswer.objects.count() == 20
    assert LookUp.objects.filter(refused="rate_exceeded").count() == 28
    assert Event.objects.filter(kind="exchange.looked_up").count() == 48
    assert RateMinute.objects.get(grant=grant).taken == 20


@pytest.mark.django_db(transaction=True)
def test_permits_taken_in_lots_are_never_more_than_the_rate(transactional_db: None) -> None:
    town = make_town()
    grant = town.grant("name", rate_per_minute=130)
    call = town.call(town.case())
    later = NOW + timedelta(minutes=1)
    said = []
    for _time in range(135):
        try:
            said.append(town.ask(call, now=NOW).values["name"])
        except errors.RateExceeded:
            said.append("refused")
    assert said.count("refused") == 5
    assert town.ask(call, now=later).values
    taken = {row.minute: row.taken for row in RateMinute.objects.filter(grant=grant)}
    assert taken == {NOW: 130, later: 2}


@pytest.mark.django_db(transaction=True)
def test_nothing_is_answered_where_the_log_could_be_undone(transactional_db: None) -> None:
    town = make_town()
    town.grant("name")
    call = town.call(town.case())
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        town.ask(call)
    assert not LookUp.objects.exists()
