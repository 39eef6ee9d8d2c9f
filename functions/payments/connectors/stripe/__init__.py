"""Connector `stripe`: cards through Stripe's PaymentIntents."""
