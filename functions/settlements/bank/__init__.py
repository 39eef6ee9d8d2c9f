"""The bank: statements as the merchant's bank writes them, and the lines that are booked from them."""
