"""What papers do by the clock: PDFs are drawn ahead, so that nobody waits for them."""

import time
from datetime import timedelta

from procrastinate.contrib.django import app

from tongban.base.clock import now
from tongban.ledger import queries as ledger
from tongban.papers import actions, queries

AT_ONCE = 50
SECONDS = 4.0
"""A run ends after so many papers or seconds: drawing is work for the processor, and nobody waits for it."""
DRAWN_AHEAD = timedelta(days=2)
"""A paper that nobody has asked for by then is drawn when somebody does."""


@app.periodic(cron="* * * * *")
@app.task(name="papers.draw_ahead", queueing_lock="papers.draw_ahead")
def draw_ahead(timestamp: int) -> None:
    """Draw the papers of the last days, as long as no news wait; who asks for one gets it drawn at once.

    News that failed and are tried again, perhaps for ever, keep nobody from drawing.
    """
    ends = time.monotonic() + SECONDS
    for paper_id in queries.not_drawn(AT_ONCE, issued_after=now() - DRAWN_AHEAD):
        if time.monotonic() > ends or ledger.is_anything_fresh_owed():
            return
        actions.draw(paper_id, now())
