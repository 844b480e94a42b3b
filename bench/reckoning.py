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


def growth_of(small: Sequence[Run], large: Sequence[Run]) -> dict[str, Ratio]:
    """Return how many times as slow a job was with the large data as with the small, by rate and by p95.

    Of neighbouring turns; one in which there was no answer on either side counts nothing. Empty where fewer than two
    are left.
    """
    pairs = [(one, other) for one, other in zip(small, large, strict=True) if one.took and other.took]
    if len(pairs) < 2:  # noqa: PLR2004 - of one there is no error
        return {}
    return {
        "rate": ratio_of((other.rate, one.rate) for one, other in pairs),
        "p95_ms": ratio_of((percentile(one.took, 0.95), percentile(other.took, 0.95)) for one, other in pairs),
    }


def grown(worse: Mapping[str, Mapping[str, Ratio]], *, most: float = MOST_GROWTH) -> list[str]:
    """Say which jobs are too much worse with the large data than with the small, or could not be compared."""
    found = [f"{job}: too few turns had answers to be compared" for job, figures in worse.items() if not figures]
    for job, figures in worse.items():
        for figure, ratio in figures.items():
            if ratio.mean > 1 + most:
                found.append(f"{job}: {figure} is {ratio.mean - 1:.0%} worse (± {ratio.error:.0%}) with more data")
    return found


def shown(value: float) -> str:
    """Return a figure as a person reads it: three digits that count."""
    if value == 0 or not math.isfinite(value):
        return str(value)
    digits = max(2 - math.floor(math.log10(abs(value))), 0)
    return f"{value:,.{digits}f}"
