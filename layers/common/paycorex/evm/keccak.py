"""Keccak-256 as Ethereum uses it: the original padding, which differs from SHA3-256 of FIPS 202."""


def keccak256(data: bytes) -> bytes:
    """32 bytes."""
    from Crypto.Hash import keccak  # noqa: PLC0415 - 45 ms of a cold start that only crypto payments need

    return keccak.new(digest_bits=256, data=data).digest()
