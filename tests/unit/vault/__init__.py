"""The token vault."""
