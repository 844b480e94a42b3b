"""What papers do by the clock: PDFs are drawn ahead, so that nobody waits for them."""

from procrastinate.contrib.django import app

from tongban.base.clock import now
from tongban.papers import actions, queries

AT_ONCE = 50
"""Papers drawn in one run; a run takes a few seconds."""


@app.periodic(cron="* * * * *")
@app.task(name="papers.draw_ahead", queueing_lock="papers.draw_ahead")
def draw_ahead(timestamp: int) -> None:
    """Draw the papers that have no PDF yet."""
    for paper_id in queries.not_drawn(AT_ONCE):
        actions.draw(paper_id, now())
