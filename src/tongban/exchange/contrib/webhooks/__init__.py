"""Messages with changes, on their way to those who follow them."""
