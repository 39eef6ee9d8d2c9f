"""What processors can do, found out by asking the library for requests. Nothing is sent: the library makes requests and does no HTTP."""
