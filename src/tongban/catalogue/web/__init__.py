"""Pages of the catalogue: find a matter, understand it."""
