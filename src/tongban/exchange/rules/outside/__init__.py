"""Outside sources as they are declared: settings, places that the operator allows, paths, values."""
