"""The feed of changes: how a subject is named to a consumer, how a place in it is written, how news are signed."""
