"""The catalogue, grants and look-ups as JSON."""
