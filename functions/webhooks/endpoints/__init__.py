"""Merchants' endpoints: creating and changing them, and their health."""
