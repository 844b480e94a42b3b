"""How we reach neighbours and the services behind our door."""
