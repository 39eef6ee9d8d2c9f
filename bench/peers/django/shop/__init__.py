"""Merchants, wallets, payments, a ledger and an outbox of webhooks."""
