"""The HTTP routes of payments: they parse, call one function and shape the answer."""
