"""Where the marks of a chart lie, in parts of a hundred of its width or height. The pages draw them as SVG."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tongban.insight.rules.figures import Counted

WHOLE = 100.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A share as a bar: how far it reaches, and what it says."""

    key: object
    words: str
    counted: Counted
    reach: float


@dataclass(frozen=True, slots=True)
class Span:
    """Days used by half and by nine of ten, beside those promised and those of the law; None where there are none."""

    key: object
    words: str
    median: Counted
    nine: Counted
    promised: Counted
    statutory: Counted
    at_median: float
    at_nine: float
    at_promised: float | None
    at_statutory: float | None


Groups = Sequence[tuple[object, str, Mapping[str, Counted]]]


def bars(groups: Groups, figure: str) -> list[Bar]:
    """Return the bars of a share, of the groups that have any case to count."""
    return [
        Bar(key, words, figures[figure], round(WHOLE * (figures[figure].value or 0.0), 2))
        for key, words, figures in groups
        if figures[figure].value is not None
    ]


def spans(groups: Groups) -> list[Span]:
    """Return the days of each group on one scale, of the groups that have decided any case."""
    shown = [one for one in groups if one[2]["days_median"].value is not None]
    scaled = ("days_nine", "promised_median", "statutory_median")
    longest = max((figures[name].value or 0.0 for _key, _words, figures in shown for name in scaled), default=0.0)
    scale = WHOLE / max(longest, 1.0)
    return [
        Span(
            key,
            words,
            figures["days_median"],
            figures["days_nine"],
            figures["promised_median"],
            figures["statutory_median"],
            _at(figures["days_median"], scale) or 0.0,
            _at(figures["days_nine"], scale) or 0.0,
            _at(figures["promised_median"], scale),
            _at(figures["statutory_median"], scale),
        )
        for key, words, figures in shown
    ]


def _at(counted: Counted, scale: float) -> float | None:
    return None if counted.value is None else round(counted.value * scale, 2)


def line(groups: Groups, figure: str) -> str:
    """Return the points of a share over time as an SVG polyline in a field of 100 by 100, its zero below."""
    known = [(place, figures[figure].value) for place, (_key, _words, figures) in enumerate(groups)]
    step = WHOLE / max(1, len(known) - 1)
    return " ".join(f"{place * step:.2f},{WHOLE - WHOLE * value:.2f}" for place, value in known if value is not None)
