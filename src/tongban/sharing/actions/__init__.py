"""What may be done about the sharing of data."""
