"""Pure reckoning about registers: what a value must be like, which stretches of time are left."""
