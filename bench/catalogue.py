"""All jobs by name, in the order in which they are measured."""

from bench import measuring
from bench.jobs import Job
from bench.jobs.gate import Gate
from bench.jobs.reading import READING
from bench.jobs.writing import Advance, Submit
from bench.memory import memory
from bench.queries import queries

_JOBS: tuple[type[Job], ...] = (*READING, Submit, Advance, Gate)
UNDER_LOAD = {job.name: job for job in _JOBS}
"""Measured over HTTP; what changes the books comes last."""
AFTERWARDS: dict[str, measuring.Special] = {
    "form_step": measuring.form_step,
    "queries": queries,
    "memory": memory,
}
"""Measured in a way of their own."""
NAMES = (*UNDER_LOAD, *AFTERWARDS)
