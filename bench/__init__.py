"""Measures the main job against the limit of the machine: `make bench`, read by `docs/operate/measuring.md`."""
