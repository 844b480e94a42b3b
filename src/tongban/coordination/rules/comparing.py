"""How two tables of rules differ, line by line, in the reader's words. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tongban.base.errors import Words
from tongban.base.templatetags.words import listed
from tongban.coordination.rules.table import COLOURS, FOLLOWS, TOLD, WATCHES, Rules, WatchRule


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing of one rule that is another than before."""

    rule: Words
    what: str
    before: str
    after: str


def differences(before: Rules, after: Rules) -> list[Difference]:
    """Return what is different, in the order of the rules."""
    known = {rule.key: rule for rule in before.rules}
    found: list[Difference] = []
    for rule in after.rules:
        was = known.pop(rule.key, None)
        if was is None:
            found.append(Difference(WATCHES[rule.watch], _("Rule"), "", threshold_words(rule)))
        else:
            found += _of_rule(was, rule)
    return found + [Difference(WATCHES[was.watch], _("Rule"), threshold_words(was), "") for was in known.values()]


def _of_rule(before: WatchRule, after: WatchRule) -> Iterator[Difference]:
    was, now = _said(before), _said(after)
    for what, words in was.items():
        if words != now[what]:
            yield Difference(WATCHES[after.watch], what, words, now[what])


def _said(rule: WatchRule) -> dict[str, str]:
    return {
        _("On"): _("yes") if rule.active else _("no"),
        _("Threshold"): threshold_words(rule),
        _("Colour"): str(COLOURS[rule.colour]),
        _("Who is told"): listed(TOLD[one] for one in rule.tells),
        _("What follows"): str(FOLLOWS[rule.follows]),
        _("Working days for answering the order"): str(rule.order_days),
        _("Working days until the superior is told (0: never)"): str(rule.escalate_after),
    }


def threshold_words(rule: WatchRule) -> str:
    """Return when a rule holds, in words."""
    values = {"value": rule.value}
    if rule.unit == "percent":
        return _("%(value)d %% of the limit used") % values
    if rule.watch == "near_due":
        return _("%(value)d working days before it is due") % values
    if rule.unit == "working_days":
        return _("more than %(value)d working days after") % values if rule.value else _("as soon as it is late")
    if rule.unit == "times":
        return _("more than %(value)d times") % values
    if rule.unit == "characters":
        return _("reasons of fewer than %(value)d characters") % values
    return _("at once")
