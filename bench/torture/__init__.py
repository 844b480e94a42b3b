"""`make torture`: faults of every kind under load, with nothing lost and nothing doubled."""
