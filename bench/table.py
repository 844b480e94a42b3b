"""The short table, and the last line."""

from collections.abc import Mapping, Sequence

from bench.reckoning import Figures, shown

COLUMNS = {
    "rate": "/s",
    "p50_ms": "p50 ms",
    "p95_ms": "p95 ms",
    "of_limit": "of limit",
    "of_empty": "of empty",
    "of_signed_in": "of signed-in",
    "web_cpu_ms": "web ms",
    "postgres_cpu_ms": "db ms",
    "worker_cpu_ms": "worker ms",
    "client_cpu_ms": "client ms",
    "rows": "db rows",
}
FIRST, WIDTH = 14, 13


def table(yardsticks: Mapping[str, float], jobs: Mapping[str, Figures]) -> str:
    """Return all figures, a row a job. `web ms` and so on is processor time for one answer."""
    words = ", ".join(f"{name} {shown(value)}/s" for name, value in yardsticks.items())
    lines = [words, "".join([" " * FIRST, *(f"{title:>{WIDTH}}" for title in COLUMNS.values())])]
    for name, figures in jobs.items():
        cells = [shown(figures[key]) if key in figures else "" for key in COLUMNS]
        others = [f"{key} {shown(value)}" for key, value in figures.items() if _is_own(key)]
        row = f"{name:{FIRST}}" + "".join(f"{cell:>{WIDTH}}" for cell in cells) if any(cells) else f"{name:{FIRST}}"
        lines.append(f"{row}  {', '.join(others)}".rstrip())
    return "\n".join(line for line in lines if line)


def _is_own(key: str) -> bool:
    return key not in COLUMNS and key not in {"answers", "faults"}


def last_line(missed: Sequence[str], *, judged: bool) -> str:
    """Return what everything comes to, in one line."""
    if missed:
        return f"✗ missed: {'; '.join(missed)}"
    return "✓ Every promise that was measured is kept." if judged else "✓ Measured; a quick look is not judged."
