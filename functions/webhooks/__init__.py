"""The webhook engine: endpoints, events to deliveries, deliveries to merchants, and what happens when that fails."""
