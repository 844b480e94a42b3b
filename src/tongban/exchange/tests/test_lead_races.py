"""Two officials of the service centre agree at once to two proposals about one datum."""

import pytest

from tongban.cases.tests.people import office
from tongban.cases.tests.test_races import together
from tongban.exchange import actions, errors
from tongban.exchange.models import Resource, ResourceItem
from tongban.exchange.tests.test_quality import another, plain, published
from tongban.registers.tests.town import NOW, make_town


@pytest.mark.django_db(transaction=True)
def test_of_two_proposals_agreed_at_once_one_office_leads() -> None:
    town = make_town()
    proposals = []
    for slug in ("pupils", "workers"):
        at = office(f"云澜市{slug}局", slug, roles=("steward",))
        steward = at.staff("steward", slug)
        published(town, slug, at, steward, fields=(plain("own_name", "person.name"),))
        proposal = actions.propose_lead(
            actor=steward.actor,
            datum="person.name",
            resource_id=Resource.objects.get(slug=slug).id,
            grounds="法定职责",
            now=NOW,
        )
        proposals.append(proposal.id)
    who = (town.reviewer, another(town))
    ended = together(
        *(
            lambda one=one, by=by: actions.agree_lead(actor=by.actor, proposal_id=one, word="", now=NOW)
            for one, by in zip(proposals, who, strict=True)
        )
    )
    assert {type(one) for one in ended if one} <= {errors.NotInThisState}
    leading = ResourceItem.objects.filter(datum="person.name", in_force=True, is_lead=True)
    assert leading.count() == 1
