"""Proofs: runs of entries sealed under a signed Merkle root, and the Merkle path from an entry to it."""
