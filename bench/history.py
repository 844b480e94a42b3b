"""One row a release, so that ratios can be compared over the years: `bench/history.csv`."""

import csv
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.installation import Size
from bench.machine import Machine
from bench.reckoning import Figures

PATH = Path(__file__).with_name("history.csv")
KEPT = {
    "submit": ("rate", "p95_ms", "of_limit", "of_signed_in", "done_after_s"),
    "advance": ("rate", "p95_ms", "of_limit", "of_signed_in", "done_after_s"),
    "case_page": ("rate", "p95_ms", "of_signed_in"),
    "follow_page": ("rate", "p95_ms", "of_signed_in"),
    "inbox_first": ("p95_ms", "of_signed_in"),
    "inbox_50th": ("p95_ms", "of_signed_in"),
    "guide_page": ("rate", "p95_ms", "of_empty"),
    "search": ("rate", "p95_ms", "of_empty"),
    "api_list": ("rate", "p95_ms", "of_signed_in"),
    "form_step": ("p95_ms",),
    "memory": ("largest_mb", "grown_mb"),
}
"""Which figures of which job are kept."""
HEAD = ("release", "date", "cores", "items", "cases", "open", "limit", "empty", "signed_in", "missed")


def columns() -> list[str]:
    """Return the names of all columns."""
    return [*HEAD, *(f"{job}.{figure}" for job, figures in KEPT.items() for figure in figures)]


def row(
    size: Size, machine: Machine, yardsticks: Mapping[str, float], jobs: Mapping[str, Figures], missed: int
) -> dict[str, str]:
    """Return a row; what was not measured stays empty."""
    values: dict[str, object] = {
        "release": version("tongban"),
        "date": datetime.now(UTC).date().isoformat(),
        "cores": machine.cores,
        "items": size.items,
        "cases": size.cases,
        "open": size.open_cases,
        "missed": missed,
        **{name: f"{value:.0f}" for name, value in yardsticks.items()},
    }
    for job, figures in KEPT.items():
        for figure in figures:
            value = jobs.get(job, {}).get(figure)
            values[f"{job}.{figure}"] = "" if value is None else f"{value:.4g}"
    return {name: str(values.get(name, "")) for name in columns()}


def record(made: Mapping[str, str], path: Path = PATH) -> None:
    """Add a row to the file."""
    is_new = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns(), lineterminator="\n")
        if is_new:
            writer.writeheader()
        writer.writerow(made)
