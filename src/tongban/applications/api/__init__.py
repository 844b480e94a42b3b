"""Drafts, their submission, and answers to supplements as JSON."""
