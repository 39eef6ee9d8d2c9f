"""Crypto payments: what a transfer means for a payment, from the first sight to settlement, reversal and expiry."""
