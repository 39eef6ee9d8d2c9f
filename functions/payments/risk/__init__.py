"""Risk: what a merchant blocks, and how often one payer may try."""
