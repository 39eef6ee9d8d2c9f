"""Routes of the statements."""
