"""The monthly bill of a volume of wallet payments with one webhook each: measured units times the prices of one file."""
