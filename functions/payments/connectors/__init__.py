"""Connectors: one module per payment provider, all filling `model.Connector`; `registry` knows them by name."""
