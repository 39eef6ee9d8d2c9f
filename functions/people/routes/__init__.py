"""Routes of the people: signing in, what is one's own, and the people of a merchant."""
