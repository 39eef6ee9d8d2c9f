"""Imports: reports on their way into the books, in slices that keep their place."""
