"""Loads the demo city through the same actions that people use."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from tongban.accounts import queries as accounts
from tongban.insight import actions as insight
from tongban.ledger import actions as ledger
from tongban.sharing import actions as sharing
from tongban.site.demo.lives import play, play_asked
from tongban.site.demo.looking import look_up_for_cases, show_papers
from tongban.site.demo.offices import build_offices
from tongban.site.demo.people import Town, settle
from tongban.site.demo.publishing import publish_items
from tongban.site.demo.registers import build_registers
from tongban.site.demo.sharing import play_requests

Say = Callable[[str], None]
SEED = 20261123
CASES = 200
REGISTERS_BEFORE = timedelta(days=200)
"""Since when registers and grants are there: longer than the oldest case that is played."""


def is_loaded() -> bool:
    """Whether the demo city is there."""
    return accounts.official_by_staff_number("YT0001") is not None


def load(*, now: datetime, say: Say = lambda _words: None, cases: int = CASES) -> Town:
    """Load everything: offices, people, items, and a few hundred cases at all stages. Seconds to a minute.

    Returns who lives there. What asks registers is played afterwards (`look_around`).
    """
    random = Random(SEED)  # noqa: S311 - invented lives, not secrets
    say("offices and posts")
    posts = build_offices(now=now)
    say("people and enterprises")
    town = settle(posts, random=random, now=now)
    say("registers")
    show_papers(town, now=now)
    known = now - REGISTERS_BEFORE
    build_registers(posts, town, random=Random(SEED), now=known, today=now.date())  # noqa: S311 - invented lives
    say("requests for data")
    play_requests(posts, town, now=now)
    say("items")
    publish_items(posts, now=now)
    say(f"{cases} cases")
    play(town, random=random, now=now, number=cases)
    sharing.give_own_views(now=now)
    ledger.drain(now=now)
    say("figures")
    insight.rebuild(now=now)
    insight.reckon_usual(now=now)
    return town


def look_around(town: Town, *, now: datetime, say: Say = lambda _words: None) -> None:
    """Let offices look people up, so that nobody's log is empty. Apart from `load`: each look-up commits by itself."""
    say("look-ups")
    play_asked(town, now=now)
    look_up_for_cases(town, random=Random(SEED), now=now)  # noqa: S311 - invented lives, not secrets
    ledger.drain(now=now)
