"""Length-prefixed encoding of text fields: no two lists of fields have the same bytes, so no two hash alike."""

from collections.abc import Iterable


def length_prefixed(fields: Iterable[str]) -> bytes:
    """Each field as UTF-8 after its length in four bytes, big-endian."""
    return b"".join([len(raw).to_bytes(4, "big") + raw for raw in [field.encode() for field in fields]])
