"""Order keys: sort keys of list indexes, newest last, unique enough to continue after."""

from typing import Final

# Written out so that every row of an index sorts by time alone: 13 digits of milliseconds reach to the year 2286.
_DIGITS: Final = 13
_ID_CHARACTERS: Final = 10


def order_key(created_at_ms: int, record_id: str) -> str:
    """`<milliseconds>#<start of the id>`."""
    return f"{created_at_ms:0{_DIGITS}d}#{record_id[4 : 4 + _ID_CHARACTERS]}"


def lower_bound(moment_ms: int) -> str:
    """Sorts before every record made at or after this moment."""
    return f"{max(moment_ms, 0):0{_DIGITS}d}"


def merchant_lane(merchant_id: str, lane: int) -> str:
    """The partition of a merchant's list index."""
    return f"{merchant_id}#{lane}"
