"""Each look-up is a link of its subject's chain, refused or answered; under secrecy of the whole jurisdiction's alone."""

from datetime import timedelta

import pytest

from tongban.base.clock import now
from tongban.exchange import errors
from tongban.exchange.events import WHOLE_JURISDICTION
from tongban.exchange.queries import subject_of
from tongban.exchange.rules.calls import Secrecy
from tongban.ledger import queries as ledger
from tongban.ledger.tests.test_growing import seal
from tongban.registers.tests.town import make_town


@pytest.mark.django_db(transaction=True)
def test_look_ups_are_links_of_their_subject(transactional_db: None) -> None:
    town = make_town()
    town.grant("name", may_be_secret=True)
    number = town.case()
    town.ask(town.call(number))
    with pytest.raises(errors.WrongPurpose):
        town.ask(town.call(number, purpose="curiosity"))
    town.ask(town.call(number, secrecy=Secrecy(now() + timedelta(days=1), "云检调〔2026〕1号")))
    seal(now())
    subject = subject_of(town.about())
    assert subject
    assert len(ledger.chain_of(subject.key).links) == 2
    assert len(ledger.chain_of(WHOLE_JURISDICTION).links) == 1
