"""A file for each processor of which more is known than the library knows: `FACTS`, with its sources."""
