"""Pure reckoning: who is meant, whether a call is allowed, which rows and fields are answered."""
