"""Every figure, defined once: what it means, what it counts among what. Tables, charts, lists, files use only this.

`among` says which finished cases a figure looks at; `counted` which of them a share counts. The list behind a figure
is the same two conditions, so that it cannot say anything else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tongban.base.errors import Words
from tongban.insight.rules.outcomes import DECIDED

Kind = Literal["count", "share", "mean", "median", "nine_in_ten", "saving"]
PERCENT = 100


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure.

    count: how many `among`. share: `counted` of `among`. mean, median, nine_in_ten: of `value` over `among`;
    nine_in_ten is the smallest number of days within which nine of ten lie. saving: by how much the sum of `value` is
    less than the sum of `of`.
    """

    key: str
    name: Words
    meaning: Words
    kind: Kind
    among: Q
    counted: Q | None = None
    value: str = ""
    of: str = ""
    unit: Literal["", "days"] = ""

    @property
    def behind(self) -> Q:
        """The cases that the list shows first: those counted, else all that it looks at."""
        return self.among & self.counted if self.counted is not None else self.among


_ALL = Q(ended_on__isnull=False)
_DECIDED = Q(outcome__in=DECIDED)
_USED = Q(days_used__isnull=False)
_PROMISED = _USED & Q(promised_days__isnull=False)
_STATUTORY = _USED & Q(statutory_days__isnull=False)
_TOLD = _USED & Q(usual_days__isnull=False)

_FIGURES = (
    Figure(
        "finished",
        _("Finished cases"),
        _(
            "Cases that were decided, not accepted, withdrawn or closed in the period. "
            "Delivery comes after that and is not looked at."
        ),
        "count",
        _ALL,
    ),
    Figure(
        "on_time",
        _("Decided on time"),
        _(
            "Of the cases decided, those decided by the promised day; where nothing is "
            "promised, by the last day of the law. Stops and extensions are in these days. "
            "What is deemed granted because nobody decided is not on time."
        ),
        "share",
        _DECIDED & (Q(kept_promise__isnull=False) | Q(kept_law__isnull=False)),
        counted=Q(kept_promise=True) | Q(kept_promise__isnull=True, kept_law=True),
    ),
    Figure(
        "within_law",
        _("Decided within the law's limit"),
        _("Of the cases decided for which the law sets a limit, those decided by its last day."),
        "share",
        _DECIDED & Q(kept_law__isnull=False),
        counted=Q(kept_law=True),
    ),
    Figure(
        "days_median",
        _("Days used, median"),
        _(
            "Working days from acceptance to decision, without the time for which the clock "
            "was stopped: half of the cases took no longer."
        ),
        "median",
        _USED,
        value="days_used",
        unit="days",
    ),
    Figure(
        "days_nine",
        _("Days used, nine of ten"),
        _("The same: nine of ten cases took no longer."),
        "nine_in_ten",
        _USED,
        value="days_used",
        unit="days",
    ),
    Figure(
        "promised_median",
        _("Days promised, median"),
        _("The promised limit of the decided cases in working days: half of them had no longer one."),
        "median",
        _PROMISED,
        value="promised_days",
        unit="days",
    ),
    Figure(
        "promised_nine",
        _("Days promised, nine of ten"),
        _("The same: nine of ten cases had no longer one."),
        "nine_in_ten",
        _PROMISED,
        value="promised_days",
        unit="days",
    ),
    Figure(
        "statutory_median",
        _("Days by law, median"),
        _("The law's limit of the decided cases in working days: half of them had no longer one."),
        "median",
        _STATUTORY,
        value="statutory_days",
        unit="days",
    ),
    Figure(
        "statutory_nine",
        _("Days by law, nine of ten"),
        _("The same: nine of ten cases had no longer one."),
        "nine_in_ten",
        _STATUTORY,
        value="statutory_days",
        unit="days",
    ),
    Figure(
        "time_saved",
        _("Time saved by the promise"),
        _(
            "By how much the promised days are fewer than the days of the law, summed over "
            "the decided cases that have both."
        ),
        "saving",
        _PROMISED & _STATUTORY,
        value="promised_days",
        of="statutory_days",
    ),
    Figure(
        "visits",
        _("Visits for a case"),
        _(
            "How often somebody came to a window, as far as known: to hand in, and to fetch "
            "the result. Mean of the cases decided."
        ),
        "mean",
        _DECIDED,
        value="visits_made",
    ),
    Figure(
        "visits_asked",
        _("Visits by the guide"),
        _("How often the guide asks applicants to come. Mean of the decided cases whose guide says it."),
        "mean",
        _DECIDED & Q(visits_asked__isnull=False),
        value="visits_asked",
    ),
    Figure(
        "no_visit",
        _("Decided without a visit"),
        _("Of the cases decided, those for which nobody had to come to a window, as far as known."),
        "share",
        _DECIDED,
        counted=Q(visits_made=0),
    ),
    Figure(
        "materials_saved",
        _("Materials spared"),
        _(
            "By how much the materials that applicants handed in are fewer than those that "
            "the guide requires in their situation, summed over the cases decided."
        ),
        "saving",
        _DECIDED & Q(materials_needed__gt=0),
        value="materials_brought",
        of="materials_needed",
    ),
    Figure(
        "materials",
        _("Materials handed in for a case"),
        _(
            "Materials that applicants handed in as a file or on paper, of those the guide "
            "requires. Mean of the cases decided whose guide requires any."
        ),
        "mean",
        _DECIDED & Q(materials_needed__gt=0),
        value="materials_brought",
    ),
    Figure(
        "online",
        _("Applied for online"),
        _("Of the finished cases, those that came in online or by interface and not at a window."),
        "share",
        _ALL,
        counted=Q(channel__in=("web", "api")),
    ),
    Figure(
        "supplements",
        _("Supplements for a case"),
        _("How often a supplement was asked for. Mean of the finished cases."),
        "mean",
        _ALL,
        value="supplements",
    ),
    Figure(
        "supplemented",
        _("Cases with a supplement"),
        _("Of the finished cases, those in which a supplement was asked for."),
        "share",
        _ALL,
        counted=Q(supplements__gt=0),
    ),
    Figure(
        "deemed",
        _("Deemed accepted"),
        _("Finished cases that counted as accepted because nobody said in time what was missing."),
        "count",
        Q(acceptance_is_deemed=True),
    ),
    Figure(
        "deemed_granted",
        _("Deemed granted"),
        _("Cases that were granted by law because nobody decided in time."),
        "count",
        Q(decision_is_deemed=True),
    ),
    Figure("refused", _("Refused"), _("Cases that were decided against the applicant."), "count", Q(outcome="refused")),
    Figure("not_accepted", _("Not accepted"), _("Cases that were not accepted."), "count", Q(outcome="not_accepted")),
    Figure("withdrawn", _("Withdrawn"), _("Cases that applicants took back."), "count", Q(outcome="withdrawn")),
    Figure(
        "lapsed",
        _("Not supplemented in time"),
        _("Cases that were closed because the supplement did not come in time."),
        "count",
        Q(outcome="lapsed"),
    ),
    Figure(
        "told_usual",
        _("Decided by the usual day"),
        _(
            "Of the decided cases whose applicant was told an expected date, those decided by"
            " the usual day. About half, when what is told is true."
        ),
        "share",
        _TOLD,
        counted=Q(days_used__lte=F("usual_days")),
    ),
    Figure(
        "told_nine",
        _("Decided by the later expected day"),
        _(
            "The same by the later day, by which nine of ten should be decided. About nine "
            "tenths, when what is told is true."
        ),
        "share",
        _TOLD,
        counted=Q(days_used__lte=F("nine_in_ten_days")),
    ),
)

FIGURES: Mapping[str, Figure] = {figure.key: figure for figure in _FIGURES}

IN_TABLE = (
    "finished",
    "on_time",
    "days_median",
    "days_nine",
    "promised_median",
    "statutory_median",
    "time_saved",
    "no_visit",
    "materials_saved",
    "online",
    "supplements",
    "deemed",
)
"""What a table by group shows; the overview and the exports have all."""

PARTS: Mapping[str, tuple[Words, tuple[str, ...]]] = {
    "time": (
        _("Time"),
        (
            "finished",
            "on_time",
            "within_law",
            "days_median",
            "days_nine",
            "promised_median",
            "promised_nine",
            "statutory_median",
            "statutory_nine",
            "time_saved",
        ),
    ),
    "way": (
        _("Ways and papers"),
        ("online", "visits", "visits_asked", "no_visit", "materials_saved", "materials", "supplements", "supplemented"),
    ),
    "ends": (_("How cases ended"), ("refused", "not_accepted", "withdrawn", "lapsed", "deemed", "deemed_granted")),
    "told": (_("What applicants were told"), ("told_usual", "told_nine")),
}
"""The overview, part by part."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a figure came to: its value (None when there is nothing to count), and how many it looked at.

    Shares and savings are parts of one. `part` is how many a share counted.
    """

    figure: Figure
    value: float | None
    among: int
    part: int | None = None
