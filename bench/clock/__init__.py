"""Every time limit against a count day by day: `make clock`, read by `docs/operate/measuring.md`."""
