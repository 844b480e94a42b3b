"""Pages of data stewards: the catalogue, grants, the log of look-ups."""
