"""What may be found about the sharing of data."""
