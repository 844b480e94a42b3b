"""How a letter reads, and when it is tried again."""

from datetime import timedelta

from django.utils.translation import gettext as _

from tongban.base.text import clean_line

TRY_AGAIN = tuple(timedelta(minutes=minutes) for minutes in (2, 5, 15, 60, 180, 360, 720, 1440))
"""Waits after the first, second … try; after the last one it is given up: about two days in all."""
WITHOUT_CARRIER = timedelta(minutes=10)
"""How soon to look again whether a carrier has been configured."""
ROUND = timedelta(minutes=2)
"""How long a worker goes on beginning letters that it has taken. They are its own for as long, and for the longest time
that one letter may last: no other worker takes them before."""
TOO_OLD = timedelta(days=3)
"""Nobody wants news by mail that are older; they stand in the message box."""
LONGEST_SUBJECT = 200
LONGEST_TEXT_MESSAGE = 300
"""Characters: about five parts of a long text message."""


def subject_line(subject: str, city: str) -> str:
    """Return the subject of a letter: one line, with the sender in front as Chinese readers expect it."""
    return clean_line(_("[%(city)s Tongban] %(subject)s") % {"city": city, "subject": subject})[:LONGEST_SUBJECT]


def letter_body(*, body: str, address: str, city: str, telephone: str) -> str:
    """Return the text of an e-mail: the news, where to see it, who sends it and whom to ask."""
    where = (
        _("See it here: %(address)s") % {"address": address} if address else _("Sign in to see it in your messages.")
    )
    foot = _("%(city)s government services. This message was sent by a machine; for questions call %(telephone)s.")
    return f"{body.strip()}\n\n{where}\n\n--\n{foot % {'city': city, 'telephone': telephone}}\n"


def text_message(*, subject: str, address: str, city: str) -> str:
    """Return a text message: who, what, where; never what the news say in full, for screens are seen by others."""
    text = _("[%(city)s Tongban] %(subject)s") % {"city": city, "subject": clean_line(subject)}
    return f"{text[:LONGEST_TEXT_MESSAGE]} {address}".strip()


def wait_after(tries: int) -> timedelta | None:
    """Return how long to wait after so many tries; None to give up."""
    return TRY_AGAIN[tries - 1] if 0 < tries <= len(TRY_AGAIN) else None
