"""The table of clocks: which of them a type of item has, what extends them, and what the law deems at their end.

Each jurisdiction keeps it as data, by version (`models.ClockTable`). The two tables below come with the product: the
law on permits for permits, item type 01; for every other type only its own law's limits and the promise (facts §3).

Sources: 行政许可法 art. 32 (five days for naming what is missing, else deemed accepted), art. 42 (twenty days, ten more
with the head's approval; handled jointly forty-five, fifteen more), art. 44 (ten days for delivery), art. 45 (special
procedures do not count), art. 50 (renewal asked for thirty days before, no decision in time: deemed renewed).
"""

import re
from typing import Literal

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, model_validator

from tongban.base.errors import Words
from tongban.calendar.rules import Limit, Unit
from tongban.calendar.rules.limits import IN_HOURS
from tongban.cases.kinds import TermLimit, Terms

PERMIT = "01"
PASSED_ON = "passed_on"
LAW = "《中华人民共和国行政许可法》"
FEE_UNPAID = "待申请人缴费"
"""Why a clock stands while a fee is owed, as it is kept; `queries.clocks` says it in the reader's language."""

Begins = Literal["receipt", "acceptance", "decision", "step"]
Own = Literal["", "statutory", "promised", "policy", "validity"]
AtEnd = Literal["", "deemed_accepted", "deemed_renewed"]


_BEGUN: dict[str, Begins] = {
    "submitted": "receipt", "supplement": "receipt", "review": "acceptance", "suspended": "acceptance",
}  # fmt: skip
"""With what the clocks began that are open in a state; after it, with the decision."""


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Prolonging(_Shape):
    """By how much a limit may be extended, how often, and by which law."""

    value: int = Field(ge=1, le=1000)
    unit: Unit = "working_day"
    times: int = Field(default=1, ge=1, le=10)
    basis: str = ""


class ClockRule(_Shape):
    """A clock: from when, how long, whether the applicant is told, and what happens to it.

    `own` names the limit of the matter itself, which comes first; `limit` is the law's where the matter has none. With
    neither there is no clock. "validity" is the last day of the result that is to be renewed (`rules.renewals`). A
    `fallback` runs only where no other clock of the case begins with it.
    """

    kind: str = Field(min_length=1, max_length=20)
    begins: Begins
    own: Own = ""
    limit: TermLimit | None = None
    told: bool = False
    stops: bool = True
    """Whether special procedures and suspensions stop it."""
    extension: Prolonging | None = None
    joint: TermLimit | None = None
    """The limit where several offices handle the case together; only one of another law goes before it."""
    joint_extension: Prolonging | None = None
    at_end: AtEnd = ""
    fallback: bool = False
    waits_for_fees: bool = Field(default=True, exclude_if=bool)
    """Whether a clock that begins with the decision stands while the applicant owes a fee (policy). What is usual is
    not written down, so that the previous release reads each table."""
    steps: tuple[str, ...] = ()
    """For clocks of a step: kinds of tasks that have it; `passed_on` is acceptance where it was passed on to."""

    @model_validator(mode="after")
    def _has_a_limit(self) -> "ClockRule":
        if not self.own and self.limit is None:
            message = f"the clock {self.kind!r} has neither a limit nor the matter's own"
            raise ValueError(message)
        if (self.begins == "step", self.kind == "step", bool(self.steps)) not in {(True,) * 3, (False,) * 3}:
            message = "a clock that begins with a step is of the kind 'step' and names its steps; no other does"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _deems_what_it_can(self) -> "ClockRule":
        """Acceptance is deemed of what was received, a renewal of a permit with a last day; nothing else ends so."""
        if self.own == "validity" and self.begins != "receipt":
            message = "the clock of the permit to be renewed begins with the receipt"
            raise ValueError(message)
        can = {"deemed_accepted": self.begins == "receipt" and self.own != "validity"}
        can |= {"deemed_renewed": self.own == "validity"}
        if not can.get(self.at_end, True):
            message = f"the clock {self.kind!r} cannot end as {self.at_end}"
            raise ValueError(message)
        return self


class ClockRules(_Shape):
    """All clocks of a type of item, and what else the law fixes for them."""

    clocks: tuple[ClockRule, ...]
    supplement_begins_anew: bool = True
    """Whether what is sent in later starts the clocks of receipt anew (policy, facts §3)."""
    procedures: tuple[str, ...] = ()
    """Special procedures whose time does not count."""
    procedures_basis: str = ""
    renewal_days: int = Field(default=30, ge=0)
    """How many days before the expiry a renewal has to be asked for, to be deemed renewed."""

    @model_validator(mode="after")
    def _each_once(self) -> "ClockRules":
        named = [(rule.kind, rule.begins, rule.steps) for rule in self.clocks]
        if len(set(named)) < len(named):
            message = "a clock is named twice"
            raise ValueError(message)
        return self

    def beginning(self, begins: Begins) -> tuple[ClockRule, ...]:
        """Return the clocks that begin with something."""
        return tuple(rule for rule in self.clocks if rule.begins == begins)

    def rule_of_step(self, step: str) -> ClockRule | None:
        """Return the rule for a kind of task; one that was passed on has that of its kind where it has none itself."""
        rules = {name: rule for rule in self.clocks for name in rule.steps}
        return rules.get(step) or (rules.get("acceptance") if step == PASSED_ON else None)

    def rule_of(self, kind: str, begins: Begins | None = None) -> ClockRule | None:
        """Return the rule of a kind of clock; None for one that the table does not know.

        One kind may begin with the receipt and again with the acceptance: then the one that begins so is meant.
        """
        rules = [rule for rule in self.clocks if rule.kind == kind]
        return next((rule for rule in rules if rule.begins == begins), rules[0] if rules else None)

    def rule_in(self, kind: str, state: str) -> ClockRule | None:
        """Return the rule by which a clock of this kind stands open in a case in this state."""
        return self.rule_of(kind, _BEGUN.get(state, "decision"))

    @property
    def steps_named_twice(self) -> frozenset[str]:
        """Steps that two clocks name. Older versions may have some: there the later clock counts."""
        named = [step for rule in self.clocks for step in rule.steps]
        return frozenset(step for step in named if named.count(step) > 1)

    @property
    def told(self) -> frozenset[str]:
        """Kinds of clocks that the applicant is shown."""
        return frozenset(rule.kind for rule in self.clocks if rule.told)


def limit_of(rule: ClockRule, terms: Terms, *, joint: bool = False) -> TermLimit | None:
    """Return how long a clock is for these terms: the matter's own limit first, else the law's.

    Handled jointly, the law's limit for that takes the place of both, unless the matter's own is of another law.
    """
    own = {"statutory": terms.statutory, "promised": terms.promised, "policy": terms.policy_limit}.get(rule.own)
    if joint and rule.joint is not None and (own is None or not is_of_another_law(own, rule.joint)):
        return rule.joint
    return rule.limit if own is None else own


def is_of_another_law(own: TermLimit, joint: TermLimit) -> bool:
    """Whether a matter's own limit is laid down elsewhere than the limit for joint handling, by what it names.

    行政许可法 art. 42: twenty days, or forty-five where offices handle it together; "where laws or regulations provide
    otherwise, those apply". A guide that names that very law, or none, states the limit for one office alone.
    """
    general, named = _laws_in(joint.basis), _laws_in(own.basis)
    if not named:
        return bool(own.basis.strip()) and not any(law in own.basis for law in general)
    return bool(named - general)


def _laws_in(basis: str) -> set[str]:
    """Return the laws that a basis names 《…》, without the name of the state."""
    return {name.removeprefix("中华人民共和国") for name in re.findall(r"《([^》]+)》", basis)}


def extension_of(rule: ClockRule, *, joint: bool, unit: str) -> Prolonging | None:
    """Return by how much a clock may be extended whose limit is in this unit.

    A limit in hours has no extension in days, nor the other way round (docs/law/counting-time.md): it stays as it is.
    """
    found = rule.joint_extension if joint and rule.joint_extension is not None else rule.extension
    return found if found is not None and can_be_added(found, unit) else None


def can_be_added(prolonging: Prolonging, unit: str) -> bool:
    """Whether an extension can be added to a limit in a unit: hours to the same hours only, days to any days."""
    return prolonging.unit == unit or not IN_HOURS & {prolonging.unit, unit}


def as_limit(term: TermLimit | Prolonging) -> Limit:
    """Return a limit of the terms or the table as one to reckon with."""
    return Limit(term.value, term.unit)


NOTICE = TermLimit(value=5, unit="working_day", basis=f"{LAW}第三十二条")
PERMIT_DEFAULT = TermLimit(value=20, unit="working_day", basis=f"{LAW}第四十二条")
JOINT = TermLimit(value=45, unit="working_day", basis=f"{LAW}第四十二条第二款")
DELIVERY = TermLimit(value=10, unit="working_day", basis=f"{LAW}第四十四条")
POLICY_ACCEPTANCE = TermLimit(value=5, unit="working_day")
POLICY_DECISION = TermLimit(value=20, unit="working_day")
"""The two policy limits order the work and are watched by supervisors; nobody is promised them."""

_EXTENSION = Prolonging(value=10, basis=f"{LAW}第四十二条")
_JOINT_EXTENSION = Prolonging(value=15, basis=f"{LAW}第四十二条")
_PROMISED = ClockRule(kind="promised", begins="acceptance", own="promised", told=True)
_PASSED_ON = ClockRule(kind="step", begins="step", steps=(PASSED_ON,), limit=TermLimit(value=2, unit="working_day"))
"""Who receives a case that was passed on has a clock of its own (policy): the law's began when it came in elsewhere."""
_POLICY = ClockRule(kind="policy", begins="acceptance", own="policy", limit=POLICY_DECISION, fallback=True)

PERMITS = ClockRules(
    clocks=(
        ClockRule(
            kind="notice", begins="receipt", limit=NOTICE, told=True, stops=False, at_end="deemed_accepted"
        ),
        ClockRule(
            kind="statutory",
            begins="acceptance",
            own="statutory",
            limit=PERMIT_DEFAULT,
            told=True,
            extension=_EXTENSION,
            joint=JOINT,
            joint_extension=_JOINT_EXTENSION,
        ),
        _PROMISED.model_copy(update={"extension": _EXTENSION, "joint_extension": _JOINT_EXTENSION}),
        ClockRule(
            kind="renewal", begins="receipt", own="validity", told=True, stops=False, at_end="deemed_renewed"
        ),
        ClockRule(kind="delivery", begins="decision", limit=DELIVERY, told=True, stops=False),
        _PASSED_ON,
    ),
    procedures=(
        "hearing", "tender", "auction", "inspection", "test", "quarantine", "appraisal", "expert_review",
    ),
    procedures_basis=f"{LAW}第四十五条",
)  # fmt: skip

OTHERS = ClockRules(
    clocks=(
        ClockRule(kind="policy", begins="receipt", limit=POLICY_ACCEPTANCE),
        ClockRule(kind="statutory", begins="acceptance", own="statutory", told=True),
        _PROMISED,
        _POLICY,
        _PASSED_ON,
    ),
)

SHIPPED: dict[str, tuple[ClockRules, str]] = {
    PERMIT: (PERMITS, f"{LAW}第三十二条、第四十二条、第四十四条、第四十五条、第五十条"),
    "": (OTHERS, "各事项自身的法律、法规、规章规定和承诺"),
}
"""Tables that come with the product, by type of item, each with its source."""


NAMES: dict[str, Words] = {PERMIT: _("Permits (01)"), "": _("All other types")}
"""What types of items are called on the pages of these tables."""


def ship(item_type: str, words: Words, rules: ClockRules, source: str) -> None:
    """Let a kind of case of a room above come with its table; raises ValueError where the type has one."""
    if SHIPPED.setdefault(item_type, (rules, source)) != (rules, source):
        message = f"type of item {item_type!r} has a table of clocks already"
        raise ValueError(message)
    NAMES[item_type] = words
