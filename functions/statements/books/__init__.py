"""Journals and balances of a merchant in a period, read from its chains."""
