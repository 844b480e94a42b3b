"""The demo city: an invented place with real kinds of matters, people to sign in as, and cases at every stage."""
