"""The page that a payer opens to pay one payment, and what else shows a payer the same things."""
