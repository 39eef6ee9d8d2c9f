"""Readers of bank statements: a file in, statements in one shape out. They store nothing and know no table."""
