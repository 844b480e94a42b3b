"""Whoever loses an enterprise at a window names somebody for it in the same moment."""

import threading
from typing import Any

import pytest
from django.db import connection, transaction

from tongban.accounts.models import Person
from tongban.applications.tests.people import Town
from tongban.applications.tests.test_handing_over import Firm
from tongban.cases.tests.people import NOW, given, resident
from tongban.organisations import actions as organisations
from tongban.organisations.errors import EnterpriseNotYours
from tongban.organisations.models import Mandate


@pytest.mark.django_db(transaction=True)
def test_no_mandate_is_given_while_the_enterprise_is_handed_over(town: Town) -> None:
    firm, second = Firm(town), given(resident("再来"))
    person, ended = Person.objects.get(id=second.person_id), list[Any]()

    def name() -> None:
        try:
            organisations.grant_mandate(
                actor=firm.stranger.actor, enterprise_id=firm.id, name=person.name,
                identity_kind=person.identity_kind, identity_number=person.identity_number, now=NOW,
            )  # fmt: skip
        except EnterpriseNotYours as refusal:
            ended.append(refusal)
        finally:
            connection.close()

    naming = threading.Thread(target=name)
    with transaction.atomic():
        firm.hand_over()
        naming.start()
        naming.join(timeout=2)
        assert naming.is_alive(), "it waits for what the window does"
    naming.join(timeout=30)
    assert len(ended) == 1
    assert not Mandate.objects.filter(enterprise_id=firm.id, revoked_at__isnull=True).exists()
