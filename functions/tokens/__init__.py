"""The vault: payment instruments sealed under keys of their merchant, shown only to a connector, for one call."""
