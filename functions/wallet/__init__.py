"""Wallets: what a user holds with one merchant."""
