"""Supervision 督办: what is watched, what is late, who must act."""
