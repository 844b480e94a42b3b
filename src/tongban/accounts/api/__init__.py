"""The session and one's own account as JSON."""
