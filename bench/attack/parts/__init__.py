"""The parts of the attack, each by itself: `run(city, bounds) -> Findings`."""
