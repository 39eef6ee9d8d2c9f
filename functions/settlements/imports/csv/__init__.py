"""Reports as CSV: how a file's columns become lines, in mappings that are stored per connector."""
