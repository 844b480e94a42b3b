"""What has to be reached on two cores with eight clients and the full data: floors, not aims."""

from bench.reckoning import Promise

CLIENTS = 8
MOST_GROWN_MB = 2.0
"""What the allocator may give or take within the second half of the long run; more is a leak."""
MOST_SCANNED = 1_000
"""Rows of large tables that were read from end to end, for one answer. The worker's housekeeping stays far below;
a page without its index reads a whole table each time."""
PAGES = ("guide_page", "search", "case_page", "follow_page", "inbox_first", "inbox_50th", "api_list")

PROMISES = (
    Promise(job="submit", figure="rate", at_least=150),
    Promise(job="submit", figure="p95_ms", at_most=100),
    Promise(job="submit", figure="of_limit", at_least=0.03),
    Promise(job="advance", figure="rate", at_least=120),
    Promise(job="advance", figure="p95_ms", at_most=120),
    Promise(job="case_page", figure="rate", at_least=150),
    Promise(job="case_page", figure="p95_ms", at_most=80),
    Promise(job="follow_page", figure="rate", at_least=150),
    Promise(job="follow_page", figure="p95_ms", at_most=80),
    Promise(job="inbox_first", figure="p95_ms", at_most=60),
    Promise(job="inbox_50th", figure="p95_ms", at_most=60),
    Promise(job="queries", figure="more_on_50th", at_most=0),
    Promise(job="guide_page", figure="rate", at_least=600),
    *(Promise(job=job, figure="scanned_rows", at_most=MOST_SCANNED) for job in (*PAGES, "submit", "advance")),
    Promise(job="search", figure="rate", at_least=200),
    Promise(job="search", figure="p95_ms", at_most=60),
    Promise(job="form_step", figure="p95_ms", at_most=30),
    Promise(job="gate", figure="rate", at_least=400),
    Promise(job="gate", figure="p99_ms", at_most=50),
    Promise(job="api_list", figure="rate", at_least=60),
    Promise(job="api_list", figure="p95_ms", at_most=150),
    Promise(job="memory", figure="largest_mb", at_most=250),
    Promise(job="memory", figure="grown_mb", at_most=MOST_GROWN_MB),
    Promise(job="memory", figure="replaced", at_most=0),
    *(
        promise
        for job in ("submit", "advance")
        for promise in (
            Promise(job=job, figure="done_after_s", at_most=10),
            Promise(job=job, figure="failed_jobs", at_most=0),
        )
    ),
)
