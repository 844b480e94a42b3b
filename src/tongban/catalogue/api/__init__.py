"""Matters as JSON: search, guides, themes, departments."""
