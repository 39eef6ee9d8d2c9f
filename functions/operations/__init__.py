"""What operators do: the admin door and commands, failed stream records, restore, checkpoints, verification and tamper alarms."""
