"""Merchants' endpoints: making and changing them, and how healthy they are."""
