"""What all outside sources have in common: a guard before them, and answers that fit the catalogue."""
