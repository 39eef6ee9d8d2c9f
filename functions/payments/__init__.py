"""Payments: orchestration over methods and connectors, refunds, and the janitor."""
