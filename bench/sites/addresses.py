"""Addresses and headers that only the bench's own sites know."""

QUERIES = "X-Bench-Queries"
"""Header: how many queries an answer took."""
REPORT = "/bench/profile"
"""Tells the profile since the last `?forget`."""
