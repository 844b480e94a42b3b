"""JSON of sharing."""
