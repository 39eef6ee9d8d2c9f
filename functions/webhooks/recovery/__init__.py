"""Recovery of deliveries: sweeper, lost messages, replays, dead letters and their redrive."""
