"""Pure reckoning: the table of rules, when a threshold is crossed, what stands against a case."""
