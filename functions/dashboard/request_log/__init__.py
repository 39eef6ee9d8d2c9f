"""What a merchant asked of this API: one row a request, made of the functions' log lines and kept for thirty days."""
