"""Statements and invoices as people and programs read them."""
