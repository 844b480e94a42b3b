"""Three installations on one machine, and a matter that crosses them."""
