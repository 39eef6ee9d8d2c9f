"""Refunds: reserved, made by the wallet, the provider or the merchant's own wallet, and booked."""
