"""Routes of settlements. `settlements.door` loads them all."""
