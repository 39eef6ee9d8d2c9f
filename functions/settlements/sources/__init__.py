"""Reports that a provider's own API gives: what is asked for, by whom or every day, and how it is read."""
