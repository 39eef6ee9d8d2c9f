"""All routes of the page that a payer opens."""

from payments.routes import payer_back, payer_fields, payers

__all__ = ["payer_back", "payer_fields", "payers"]
