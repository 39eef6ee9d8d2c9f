"""What brings back a delivery that was lost: sweeper, redrive, replays and dead letters."""
