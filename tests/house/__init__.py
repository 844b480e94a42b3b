"""Tests of the house itself: what docs/map.md says is so."""
