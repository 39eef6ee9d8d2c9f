"""Idempotency: the names under which a request may have its effect once, and how they are stored."""
