"""Whom a case is about beside its applicant: whoever the answers name by number. The gate asks."""

import pytest

from tests.people import Town, drafted, resident, submitted_as
from tongban.accounts.queries import person_by_id
from tongban.accounts.tests.people import credit_code
from tongban.applications import actions
from tongban.applications.kinds import ApplicationKind
from tongban.applications.queries import prefilled
from tongban.base.clock import now
from tongban.cases.models import Case
from tongban.exchange.queries import enterprise_subject, person_subject
from tongban.exchange.rules.subjects import Subject


def _subject(person_id: object) -> Subject:
    person = person_by_id(person_id)  # type: ignore[arg-type]  # of somebody who has one
    return person_subject(person.identity_kind, person.identity_number)


@pytest.mark.django_db
def test_who_is_named_by_number_is_concerned(town: Town) -> None:
    draft, firm = drafted(town.lin), credit_code()
    actions.save_step(
        actor=town.lin.actor, draft_id=draft.id, step_key="who", typed={**prefilled(draft), "company": firm}, now=now()
    )
    draft.refresh_from_db()
    case = Case.objects.get(number=submitted_as(town.lin, draft))
    kind = ApplicationKind()
    assert kind.concerns(case.id, enterprise_subject(firm))
    assert kind.concerns(case.id, _subject(town.lin.actor.person_id))
    assert not kind.concerns(case.id, enterprise_subject(credit_code()))
    assert not kind.concerns(case.id, _subject(resident("何无").actor.person_id))
