"""Addresses: canonical lower case inside, EIP-55 checksums outside.

Refused: a mixed-case address whose checksum is wrong, the zero address, names, and anything that is not 0x and 40 hex digits. An address
in one case only carries no checksum, so it is taken as it is.
"""

import re
from typing import Final

from paycorex.errors import InvalidRequest
from paycorex.evm.keccak import keccak256

ZERO: Final = "0x" + "0" * 40
_SHAPE: Final = re.compile(r"0x[0-9a-fA-F]{40}", re.ASCII)


class InvalidAddress(InvalidRequest):
    """Not an address that money could be sent to."""

    def __init__(self, problem: str, field: str) -> None:
        super().__init__(f"{field}: {problem}", details={"field": field})


def checksummed(address: str) -> str:
    """The EIP-55 form of a canonical address."""
    digits = address[2:].lower()
    marks = keccak256(digits.encode()).hex()
    return "0x" + "".join(digit.upper() if int(mark, 16) >= 8 else digit for digit, mark in zip(digits, marks, strict=False))


def canonical(text: str, *, field: str = "address") -> str:
    """The lower-case form of an address from a request. Raises InvalidAddress."""
    if _SHAPE.fullmatch(text) is None:
        raise InvalidAddress("an address is 0x and 40 hexadecimal digits", field)
    lower = text.lower()
    digits = text[2:]
    one_case = digits in {digits.lower(), digits.upper()}
    if not one_case and text != checksummed(lower):
        raise InvalidAddress("the EIP-55 checksum is wrong; a character was probably mistyped", field)
    if lower == ZERO:
        raise InvalidAddress("the zero address has no owner", field)
    return lower


def of_public_key(uncompressed: bytes) -> str:
    """The canonical address of a public key: the last 20 bytes of Keccak-256 over its 64 coordinate bytes."""
    return "0x" + keccak256(uncompressed[1:])[-20:].hex()
