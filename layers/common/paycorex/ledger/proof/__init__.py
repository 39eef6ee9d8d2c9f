"""Proofs: runs of entries sealed under a signed Merkle root, and the way from an entry to it."""
