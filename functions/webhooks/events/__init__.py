"""From a stream record to an event, its deliveries and their messages."""
