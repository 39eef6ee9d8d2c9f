"""What providers paid out, what banks received, and whether both agree with the ledger."""
