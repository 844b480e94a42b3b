"""Fetches the directory of members from whoever issues it. Its signature counts, not the way it came."""

import logging
from datetime import datetime
from urllib.parse import urlsplit

from tongban.exchange import errors
from tongban.exchange.actions import membership as actions
from tongban.exchange.contrib.neighbours.line import Away, Sent
from tongban.exchange.contrib.neighbours.lines_of_ours import lines
from tongban.exchange.models import KnownDirectory
from tongban.exchange.queries import membership as queries
from tongban.ledger.rules.notes import LARGEST_NOTE

logger = logging.getLogger("tongban.exchange.neighbours")
SECONDS = 10.0
OK = 200
LONGEST = 16 * LARGEST_NOTE


def fetch_directory(*, now: datetime) -> KnownDirectory | None:
    """Fetch and take the directory; None when there is none to fetch, or it cannot be had now or is unfit.

    The one that is known goes on being used until it expires: an issuer that is down stops nobody.
    """
    place = queries.membership()
    if place is None or not place.directory_address:
        return None
    parts = urlsplit(place.directory_address)
    sent = Sent(
        origin=f"{parts.scheme}://{parts.netloc}",
        method="GET",
        target=parts.path or "/",
        headers=(("accept", "text/plain"),),
    )
    try:
        answered = lines().exchange(sent, seconds=SECONDS)
        if answered.status != OK or answered.length > LONGEST:
            logger.warning("the directory was not had", extra={"pairs": {"status": answered.status}})
            return None
        return actions.take_directory(note=answered.body.read().decode(), now=now)
    except (Away, UnicodeDecodeError, errors.UnfitDescription) as unfit:
        logger.warning("the directory was not had", extra={"pairs": {"why": type(unfit).__name__}})
        return None
