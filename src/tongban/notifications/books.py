"""What must agree in the post office: each letter once, none forgotten."""

from datetime import timedelta

from tongban.base.books import Disagreements, Look, ask, comparison

FORGOTTEN = timedelta(minutes=15)
"""A letter that is due is tried within the minute; without a carrier it is put off each time it is tried."""


@comparison("notifications.once", holds="Each message has one letter at most of each kind")
def once(look: Look) -> Disagreements:
    """Find doubles; that a message is there once for its key, the table sees to."""
    return ask(
        look,
        """
        SELECT count(*) || ' letters by ' || channel || ' for message ' || message_id
        FROM notifications_carriage WHERE message_id IS NOT NULL
        GROUP BY message_id, channel HAVING count(*) > 1
        """,
    )


@comparison("notifications.carried", holds="No letter has been due for more than a quarter of an hour")
def carried(look: Look) -> Disagreements:
    """Find letters that nobody tries any more."""
    return ask(
        look,
        """
        SELECT 'letter ' || id || ' by ' || channel || ' was due at '
            || to_char(next_try_at, 'YYYY-MM-DD HH24:MI:SS') || ', tries: ' || tries
        FROM notifications_carriage WHERE state = 'waiting' AND next_try_at < %(forgotten)s
        """,
        {"forgotten": look.settled_by - FORGOTTEN},
    )


@comparison("notifications.states", holds="A letter that was sent says when, and no other does")
def states(look: Look) -> Disagreements:
    """Compare states with their dates."""
    return ask(
        look,
        """
        SELECT 'letter ' || id || ' is ' || state || CASE WHEN sent_at IS NULL THEN ' without' ELSE ' with' END
            || ' a date of sending'
        FROM notifications_carriage WHERE (state = 'sent') <> (sent_at IS NOT NULL)
        """,
    )
