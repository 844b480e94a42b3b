"""Pure reckoning: how an event becomes a leaf, leaves a tree, a tree a signed note, and links a chain."""
