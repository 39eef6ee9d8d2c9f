"""What a user would take instead, measured beside this platform. Started only by hand; no test and no build needs it."""
