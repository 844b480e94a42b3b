"""Two officials at once: one request, one answer, one grant."""

from uuid import UUID, uuid4

import pytest

from tongban.base.actor import Actor
from tongban.base.clock import now
from tongban.cases.models import Case
from tongban.cases.tests.test_races import together
from tongban.exchange.models import Grant
from tongban.sharing import actions, queries
from tongban.sharing.errors import AnsweredAlready
from tongban.sharing.models import DataRequest
from tongban.sharing.tests.offices import LAW, Offices, make_offices

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_who_answer_at_once_exactly_one_counts() -> None:
    offices: Offices = make_offices()
    request, colleague = offices.ask(), offices.colleague(offices.giver)
    refusing = actions.Answer(reasons="不需要", law=LAW, article="第三条")
    ended = together(
        lambda: offices.answer(request, "name", "address"),
        lambda: actions.answer(actor=colleague.actor, request=request, given=refusing, now=now()),
    )
    assert [type(one) for one in ended if one] == [AnsweredAlready]
    request.refresh_from_db()
    assert request.outcome in {"granted", "refused"}
    assert Grant.objects.filter(purpose="school_place").count() == (request.outcome == "granted")


def test_a_click_that_comes_between_check_and_writing_is_the_same_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first click is done after the second has looked for its key, and before it looks for open requests."""
    offices, key = make_offices(), uuid4()
    real = queries.request_by_key
    made: list[None] = []

    def late(actor: Actor, wanted: UUID) -> DataRequest | None:
        found = real(actor, wanted)
        if not made:
            made.append(None)
            click()
        return found

    def click() -> DataRequest:
        return actions.hand_in(
            actor=offices.asker.actor,
            resource=offices.resource,
            post_id=offices.asker.post.id,
            draft=offices.draft(),
            idempotency_key=key,
            now=now(),
        )

    monkeypatch.setattr(queries, "request_by_key", late)
    assert click() == DataRequest.objects.get()


def test_two_clicks_at_once_are_one_request() -> None:
    offices, key = make_offices(), uuid4()

    def click() -> DataRequest:
        return actions.hand_in(
            actor=offices.asker.actor,
            resource=offices.resource,
            post_id=offices.asker.post.id,
            draft=offices.draft(),
            idempotency_key=key,
            now=now(),
        )

    assert together(click, click) == [None, None]
    assert DataRequest.objects.count() == Case.objects.filter(kind="data_request").count() == 1
