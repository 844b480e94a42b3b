"""Cases and tasks as JSON."""
