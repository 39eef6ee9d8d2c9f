"""What other rules would have done with payments that were made. Nothing is written and no provider is asked."""
