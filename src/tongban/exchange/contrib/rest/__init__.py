"""The source "rest": a service that answers JSON."""
