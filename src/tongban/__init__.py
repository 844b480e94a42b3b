"""Tongban 通办: one network for every government service."""
