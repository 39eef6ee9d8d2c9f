"""Connector `sandbox`: a deterministic acquirer inside the stack, with books of its own."""
