"""Search: what one field finds, by keys and by the terms that the payments' stream is folded into."""
