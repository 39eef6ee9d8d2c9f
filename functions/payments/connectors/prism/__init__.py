"""Connectors `prism:<processor>`: what many processors have in common is translated by one library, loaded on first use."""
