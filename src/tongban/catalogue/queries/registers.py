"""What guides ask of registers, against the catalogue of data and the grants of the office."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from tongban.base.templatetags.words import listed
from tongban.catalogue.guide import Guide
from tongban.exchange import queries as exchange


def resources_of(guide: Guide) -> dict[str, exchange.Served]:
    """Return the resources in force that a guide asks, by their short names; none is asked for where it asks none."""
    slugs = {asking.resource for asking in guide.askings}
    return exchange.served(slugs) if slugs else {}


def not_granted(guide: Guide, *, organisation_id: UUID | None, item_codes: Collection[str], now: datetime) -> list[str]:
    """Return a sentence for each thing a guide asks without a grant that is good now.

    It may still be published: until the grant is there, the question stays empty and the material is handed in.
    """
    sentences = []
    for asking in guide.askings:
        granted = organisation_id is not None and exchange.is_granted(
            consumer_id=organisation_id,
            resource=asking.resource,
            purpose=asking.purpose,
            fields=asking.codes,
            item_codes=item_codes,
            now=now,
        )
        if not granted:
            told = {"items": listed(asking.codes), "resource": asking.resource, "purpose": asking.purpose}
            sentences.append(
                _("The office has no grant for %(items)s of “%(resource)s” for the purpose “%(purpose)s”.") % told
            )
    return list(dict.fromkeys(sentences))
