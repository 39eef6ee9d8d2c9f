"""What a merchant asked of this API: packs of them, made of the functions' log lines and kept for thirty days."""
