"""Merchants: accounts, API keys and settings."""
