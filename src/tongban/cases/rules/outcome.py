"""What people are told first about a case: how it came out, then where it is. Pure.

A permit is 准予许可 or 不予许可 (行政许可法 art. 38); any other matter is granted or not.
"""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from tongban.base.errors import Words
from tongban.cases.rules.clock_table import PERMIT

DECIDED: frozenset[str] = frozenset({"decided", "completed", "delivered"})
"""States in which there is a decision."""
COLOURS = {
    "submitted": "blue",
    "supplement": "amber",
    "review": "teal",
    "suspended": "purple",
    "decided": "green",
    "completed": "green",
    "delivered": "green",
    "not_accepted": "red",
}


class Standing(NamedTuple):
    """A word about a case, and the colour of its tag."""

    words: Words
    colour: str


def refusal_words(item_type: str) -> Words:
    """Return what a refusal is called."""
    return _("Permit refused") if item_type == PERMIT else _("Not granted")


def standing(state: str, state_words: Words, *, outcome: str = "", item_type: str = "", owes: bool = False) -> Standing:
    """Return the word for a case: a refusal before everything else, then a fee that is due, then its state."""
    if state in DECIDED and outcome == "refused":
        return Standing(refusal_words(item_type), "red")
    if state == "decided" and owes:
        return Standing(_("Waiting for payment"), "amber")
    return Standing(state_words, COLOURS.get(state, "grey"))
