"""What installations know of each other: the directory, keys, and whether one of them answers."""
