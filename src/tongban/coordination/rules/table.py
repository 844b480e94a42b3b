"""The table of rules 督办规则表: what is watched, when, in which colour, who is told, what follows.

Rules differ by place, so the table is data by version (`models.RuleTable`); `PRESET` comes with the product. Sources:
行政许可法 arts. 32 (all that is missing is named at once), 38 (reasons of a refusal), 42, 44 (time limits); 国务院
《政务服务“好差评”制度》(bad ratings are answered; locally within 15 working days).
"""

from collections.abc import Mapping
from typing import Literal

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, model_validator

from tongban.base.errors import Words

Watch = Literal[
    "near_due", "step_late", "whole_late", "undelivered", "second_supplement", "passed_around", "passed_on_late",
    "no_reasons", "step_skipped", "deemed_accepted", "bad_rating",
]  # fmt: skip
Colour = Literal["green", "yellow", "red"]
Told = Literal["holder", "post", "head", "supervisor"]
Follows = Literal["nothing", "reminder", "order"]
Unit = Literal["working_days", "percent", "times", "characters", ""]

BY_CLOCK: frozenset[str] = frozenset({"near_due", "step_late", "whole_late", "undelivered"})
"""Watches of running clocks; each clock has one warning at a time, the furthest."""
LASTING: frozenset[str] = frozenset(
    {"second_supplement", "passed_around", "passed_on_late", "no_reasons", "step_skipped", "deemed_accepted"}
)
"""What has happened stays so: such a warning stands until a supervisor has settled it, and does not come again."""
UNITS: Mapping[str, tuple[Unit, ...]] = {
    "near_due": ("working_days", "percent"),
    "step_late": ("working_days",),
    "whole_late": ("working_days",),
    "undelivered": ("working_days",),
    "second_supplement": ("",),
    "passed_around": ("times",),
    "passed_on_late": ("working_days",),
    "no_reasons": ("characters",),
    "step_skipped": ("",),
    "deemed_accepted": ("",),
    "bad_rating": ("working_days",),
}
"""What the threshold of a watch is counted in; the first is the usual one."""

WATCHES: Mapping[str, Words] = {
    "near_due": _("Near due"),
    "step_late": _("Step late"),
    "whole_late": _("Whole case late"),
    "undelivered": _("Result not delivered in time"),
    "second_supplement": _("Second supplement asked for"),
    "passed_around": _("Passed around"),
    "passed_on_late": _("Passed on late"),
    "no_reasons": _("Refused without reasons"),
    "step_skipped": _("Step skipped"),
    "deemed_accepted": _("Deemed accepted by law"),
    "bad_rating": _("Bad rating not answered"),
}
COLOURS: Mapping[str, Words] = {"green": _("Green"), "yellow": _("Yellow"), "red": _("Red")}
TOLD: Mapping[str, Words] = {
    "holder": _("Who holds the task"),
    "post": _("Everybody at the post"),
    "head": _("The head"),
    "supervisor": _("The supervisor"),
}
FOLLOWS: Mapping[str, Words] = {
    "nothing": _("Nothing more"),
    "reminder": _("A reminder"),
    "order": _("A reminder and a supervision order"),
}


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WatchRule(_Shape):
    """One line of the table.

    `value` is counted in `unit`: working days before the due day (near due) or after it, percent of the limit used,
    times, or characters of reasons. `escalate_after`: working days until the superior is told; 0 = never.
    """

    key: str = Field(pattern=r"^[a-z][a-z_]{1,39}$")
    watch: Watch
    value: int = Field(default=0, ge=0, le=400)
    unit: Unit = ""
    colour: Colour = "yellow"
    tells: tuple[Told, ...] = ()
    follows: Follows = "reminder"
    order_days: int = Field(default=3, ge=1, le=60)
    """Working days for answering the order."""
    escalate_after: int = Field(default=0, ge=0, le=60)
    active: bool = True

    @model_validator(mode="after")
    def _fits(self) -> "WatchRule":
        if self.unit not in UNITS[self.watch]:
            message = f"{self.key}: {self.watch} is not counted in {self.unit!r}"
            raise ValueError(message)
        if self.unit == "percent" and not 0 < self.value < 100:  # noqa: PLR2004 - percent
            message = f"{self.key}: between 1 and 99 percent"
            raise ValueError(message)
        return self

    @property
    def is_lasting(self) -> bool:
        """Whether what it watches for stays so."""
        return self.watch in LASTING

    def is_about_clock(self, kind: str) -> bool:
        """Whether it watches clocks of this kind; a kind that another kind of case has is one of the whole."""
        match self.watch:
            case "near_due":
                return True
            case "step_late":
                return kind == "step"
            case "undelivered":
                return kind == "delivery"
            case "whole_late":
                return kind not in {"step", "delivery"}
        return False


class Rules(_Shape):
    """The whole table."""

    rules: tuple[WatchRule, ...]

    @model_validator(mode="after")
    def _each_once(self) -> "Rules":
        keys = [rule.key for rule in self.rules]
        if len(set(keys)) < len(keys):
            message = "a rule is named twice"
            raise ValueError(message)
        return self

    @property
    def active(self) -> tuple[WatchRule, ...]:
        """The rules that are on."""
        return tuple(rule for rule in self.rules if rule.active)

    def rule(self, key: str) -> WatchRule | None:
        """Return a rule by its key."""
        return next((rule for rule in self.rules if rule.key == key), None)


_NEAR: tuple[Told, ...] = ("holder", "post")
_ABOVE: tuple[Told, ...] = ("head", "supervisor")
_ALL: tuple[Told, ...] = ("holder", "post", "head", "supervisor")

PRESET = Rules(
    rules=(
        WatchRule(key="near_due", watch="near_due", value=1, unit="working_days", tells=_NEAR),
        WatchRule(key="step_late", watch="step_late", unit="working_days", tells=("holder", "post", "head")),
        WatchRule(key="step_very_late", watch="step_late", value=3, unit="working_days", colour="red", tells=_ALL),
        WatchRule(key="whole_late", watch="whole_late", unit="working_days", colour="red", tells=_ALL),
        WatchRule(
            key="whole_very_late", watch="whole_late", value=3, unit="working_days", colour="red", tells=_ALL,
            follows="order", order_days=3, escalate_after=5,
        ),
        WatchRule(key="undelivered", watch="undelivered", unit="working_days", tells=("post", "head", "supervisor")),
        WatchRule(key="second_supplement", watch="second_supplement", tells=_ABOVE),
        WatchRule(key="passed_around", watch="passed_around", value=2, unit="times", tells=_ABOVE),
        WatchRule(key="passed_on_late", watch="passed_on_late", value=2, unit="working_days", tells=_ABOVE),
        WatchRule(
            key="no_reasons", watch="no_reasons", value=10, unit="characters", colour="red", tells=_ALL,
            follows="order", order_days=3,
        ),
        WatchRule(key="step_skipped", watch="step_skipped", colour="red", tells=_ABOVE),
        WatchRule(key="deemed_accepted", watch="deemed_accepted", colour="red", tells=_ABOVE),
        WatchRule(key="bad_rating_soon", watch="bad_rating", value=10, unit="working_days", tells=("post", "head")),
        WatchRule(
            key="bad_rating", watch="bad_rating", value=15, unit="working_days", colour="red",
            tells=("post", "head", "supervisor"), follows="order", order_days=5,
        ),
    )
)  # fmt: skip
PRESET_SOURCE = "《中华人民共和国行政许可法》第三十二条、第三十八条、第四十二条、第四十四条；政务服务“好差评”制度"
