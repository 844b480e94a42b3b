"""What must agree about cases: the case with the ledger, with its tasks, its clocks, its papers and its process."""

from tongban.cases.books import clocks, states, tasks

__all__ = ["clocks", "states", "tasks"]
