"""Disputes: opened by a provider's report, booked, answered with evidence, and closed."""
