"""What runs within the installation under test: preparing through the rooms' actions, and comparing the books."""
