"""Crypto: a payment address per payment, and a monitor that misses nothing."""
