"""Words of sharing in templates."""
