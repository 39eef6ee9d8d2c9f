"""The scanner: one tick reads a chain from its cursor to its head, follows reorganisations, and confirms or reverses transfers."""
