"""What a table of clocks says, in lines: to be read, and to compare versions by."""

from collections.abc import Iterable, Iterator
from difflib import ndiff

from django.utils.translation import gettext as _

from tongban.base.errors import Words
from tongban.base.templatetags.words import limit_words, listed
from tongban.cases.kinds import CLOCKS, TermLimit
from tongban.cases.models import Suspension
from tongban.cases.rules.clock_table import ClockRule, ClockRules, Prolonging
from tongban.cases.web.clock_table_forms import AT_END, BEGINS, LIMITS, OWN, STEPS


def changes_between(before: ClockRules | None, after: ClockRules) -> list[tuple[str, str]]:
    """Return the lines that went ("-") and came ("+"), in order."""
    old = lines_of(before) if before else []
    return [(line[0], line[2:]) for line in ndiff(old, lines_of(after)) if line[0] in "+-"]


def lines_of(rules: ClockRules) -> list[str]:
    """Return what a table says, a line for each fact."""
    found = [line for rule in rules.clocks for line in _of_clock(rule)]
    procedures = dict(Suspension.Procedure.choices)
    named = [str(procedures.get(name, name)) for name in rules.procedures]
    anew = _("begins anew with a supplement") if rules.supplement_begins_anew else _("goes on after a supplement")
    renewal = _("A renewal is asked for at least %(days)d days before the expiry") % {"days": rules.renewal_days}
    found += [" · ".join([*named, rules.procedures_basis]), anew, renewal]
    return [line for line in found if line.strip(" ·")]


def _of_clock(rule: ClockRule) -> Iterator[str]:
    words = [clock_line(rule.kind), _words(BEGINS, rule.begins)]
    if rule.steps:
        words.append(listed(_words(STEPS, step) for step in rule.steps))
    head = " · ".join(words)
    yield f"{head} · {_words(OWN, rule.own)}"
    names = [_("Limit by law"), _("May be extended by"), _("Joint"), _("Joint, extended by")]
    for name, said in zip(LIMITS, names, strict=True):
        limit = getattr(rule, name)
        if limit is not None:
            yield f"{head} · {said} {_limit(limit)} {limit.basis}".rstrip()
    marks = [_("told")] * rule.told + [_("can be stopped")] * rule.stops + [_("fallback")] * rule.fallback
    marks += [_("stands while a fee is unpaid")] * (rule.begins == "decision" and rule.waits_for_fees)
    marks += [_words(AT_END, rule.at_end)] if rule.at_end else []
    yield " · ".join([head, *marks])


def clock_line(kind: str) -> str:
    """Return the name of a kind of clock."""
    return str(CLOCKS.get(kind, kind))


def _limit(limit: TermLimit | Prolonging) -> str:
    said = limit_words(limit.value, limit.unit)
    if isinstance(limit, TermLimit):
        return said
    often = _("at most %(times)d times") % {"times": limit.times} if limit.times > 1 else _("once")
    return f"{said} · {often}"


def _words(choices: Iterable[tuple[str, Words]], value: str) -> str:
    return str(dict(choices).get(value, value))
