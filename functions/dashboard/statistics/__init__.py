"""Statistics: rollups kept up to date from the streams, and the answer for a period."""
