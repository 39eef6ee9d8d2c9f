"""A payment's life: orders, states, versions, attempts, settlement, suspense, and its table."""
