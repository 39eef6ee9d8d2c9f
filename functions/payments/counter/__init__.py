"""Static codes on a counter: one code, many payments, each booked once and kept apart by its provider's name of it."""
