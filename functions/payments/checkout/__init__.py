"""Checkout: pages on which a payer chooses how to pay. A session makes payments, one at a time; they settle as every payment does."""
