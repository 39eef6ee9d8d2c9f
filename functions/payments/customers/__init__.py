"""Customers: who a merchant's payers are, kept sealed, found by exact e-mail or phone, and erased without a change to the books."""
