"""Who may call operations of exchange."""

from tongban.base.api.access import Session

STEWARD = Session("official:steward", lambda actor: actor.is_official and actor.has_role("steward"))
"""Data stewards of whatever office."""
