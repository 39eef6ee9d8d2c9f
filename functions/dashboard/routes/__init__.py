"""Routes of the dashboard that are not in its door."""
