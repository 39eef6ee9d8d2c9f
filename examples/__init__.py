"""Examples that are tested with the rest."""
