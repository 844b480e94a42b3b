"""What sharing does on news of other rooms."""
