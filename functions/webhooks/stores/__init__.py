"""The webhooks' tables: deliveries, events, replays and dispatch windows. They know no rule."""
