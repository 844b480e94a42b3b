"""The arithmetic of the bench: percentiles, medians of runs, ratios, verdicts. No clock, no machine."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, median, stdev

Figures = dict[str, float]
"""Name of a figure (`rate`, `p95_ms`, `of_limit` …) → its value."""


@dataclass(frozen=True, slots=True)
class Run:
    """One stretch under load: answers that were right, how long each took in seconds, and what was wrong."""

    seconds: float
    took: Sequence[float]
    faults: tuple[str, ...] = ()
    own_cpu: float = 0.0
    server_cpu: Mapping[str, float] | None = None
    yardsticks: Mapping[str, float] = field(default_factory=dict)
    """What the machine could do at most before and after this run, a second; empty when it was not measured."""

    @property
    def rate(self) -> float:
        """Right answers a second."""
        return len(self.took) / self.seconds if self.seconds else 0.0


def percentile(values: Iterable[float], share: float) -> float:
    """Return the smallest value that at least `share` of all do not exceed (nearest rank); infinite without values."""
    ordered = sorted(values)
    if not ordered:
        return math.inf
    return ordered[max(math.ceil(len(ordered) * share), 1) - 1]


def figures_of(runs: Sequence[Run]) -> Figures:
    """Return the figures of a job: the median of its runs for each, so that one disturbed run does not decide."""
    answers = sum(len(run.took) for run in runs)
    found = {
        "rate": median(run.rate for run in runs),
        "p50_ms": median(percentile(run.took, 0.50) for run in runs) * 1000,
        "p95_ms": median(percentile(run.took, 0.95) for run in runs) * 1000,
        "p99_ms": median(percentile(run.took, 0.99) for run in runs) * 1000,
        "answers": answers,
        "faults": sum(len(run.faults) for run in runs),
        "client_cpu_ms": 1000 * sum(run.own_cpu for run in runs) / max(answers, 1),
    }
    for part in sorted({part for run in runs for part in run.server_cpu or {}}):
        spent = sum((run.server_cpu or {}).get(part, 0.0) for run in runs)
        found[f"{part}_cpu_ms"] = 1000 * spent / max(answers, 1)
    return found | _shares(runs)


def _shares(runs: Sequence[Run]) -> Figures:
    """Return the rate as a share of each yardstick beside it (`of_limit` …), and that yardstick (`limit_beside` …)."""
    found = {}
    for name in sorted({name for run in runs for name, value in run.yardsticks.items() if value}):
        measured = [(run.rate, run.yardsticks[name]) for run in runs if run.yardsticks.get(name)]
        found[f"of_{name}"] = median(rate / most for rate, most in measured)
        found[f"{name}_beside"] = median(most for _rate, most in measured)
    return found


@dataclass(frozen=True, slots=True)
class Ratio:
    """What one comes to as a share of another: geometric mean of the pairs, its standard error, and the middle one."""

    mean: float
    error: float
    middle: float


def ratio_of(pairs: Iterable[tuple[float, float]]) -> Ratio:
    """Return the second as a share of the first, of two pairs or more, all above nothing.

    By logarithms: half and twice come to the same, so it does not matter which of the two is called the first.
    """
    ratios = [second / first for first, second in pairs]
    logarithms = [math.log(ratio) for ratio in ratios]
    mean = math.exp(fmean(logarithms))
    return Ratio(mean, mean * stdev(logarithms) / math.sqrt(len(logarithms)), median(ratios))


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What a figure of a job has to reach: at least, or at most."""

    job: str
    figure: str
    at_least: float | None = None
    at_most: float | None = None

    def missed(self, figures: Figures) -> str:
        """Say by how much it is missed; empty when it is kept, or when this figure was not measured."""
        value = figures.get(self.figure)
        if value is None:
            return ""
        if self.at_least is not None and not value >= self.at_least:
            return f"{self.job}: {self.figure} {shown(value)}, promised at least {shown(self.at_least)}"
        if self.at_most is not None and not value <= self.at_most:
            return f"{self.job}: {self.figure} {shown(value)}, promised at most {shown(self.at_most)}"
        return ""


def all_missed(jobs: Mapping[str, Figures], promises: Iterable[Promise]) -> list[str]:
    """Return a sentence for each promise that was measured and missed. A wrong answer is always one."""
    found = [f"{job}: {int(figures['faults'])} wrong answers" for job, figures in jobs.items() if figures.get("faults")]
    found += [words for promise in promises if promise.job in jobs and (words := promise.missed(jobs[promise.job]))]
    return found


MOST_GROWTH = 1 / 3
"""No figure may get worse by more than this from the smallest size of the data to the largest."""


def grown(
    small: Mapping[str, Figures], large: Mapping[str, Figures], *, whole_drift: float = 1.0, most: float = MOST_GROWTH
) -> list[str]:
    """Say which jobs are too much worse with the large data than with the small, by rate or by p95.

    `whole_drift` is by how much faster the machine was with the large data, by a yardstick that no data can slow down:
    the signed-in view. Where it was measured beside the job itself, that counts.
    """
    found = []
    for job in sorted(set(small) & set(large)):
        drift = _drift(small[job], large[job]) or whole_drift
        for figure, is_time in (("rate", False), ("p95_ms", True)):
            before, after = small[job].get(figure), large[job].get(figure)
            if not before or not after:
                continue
            growth = (after * drift / before if is_time else before * drift / after) - 1
            if growth > most:
                found.append(f"{job}: {figure} {shown(before)} → {shown(after)}, {growth:.0%} worse with more data")
    return found


def _drift(small: Figures, large: Figures) -> float:
    before, after = small.get("signed_in_beside"), large.get("signed_in_beside")
    return after / before if before and after else 0.0


def shown(value: float) -> str:
    """Return a figure as a person reads it: three digits that count."""
    if value == 0 or not math.isfinite(value):
        return str(value)
    digits = max(2 - math.floor(math.log10(abs(value))), 0)
    return f"{value:,.{digits}f}"
