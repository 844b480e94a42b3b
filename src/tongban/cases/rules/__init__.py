"""Pure reckoning about cases: their legal life, their clocks, how urgent they are, what papers and messages say."""
