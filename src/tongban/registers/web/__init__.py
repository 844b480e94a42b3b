"""Pages of registers: which there are, how one is made, one subject looked up and kept."""
