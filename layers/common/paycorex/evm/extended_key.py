"""BIP-32 extended public keys: read, checked and derived from, in public only.

An xpub yields every receive address of a wallet and can spend from none. A private key (xprv) is refused with an
error of its own, because its owner has exposed it and must replace it.
"""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Final, Self

from paycorex.errors import InvalidRequest
from paycorex.evm import address as addresses

HARDENED: Final = 0x80000000
# m/44'/60'/0': purpose, coin, account. BIP-44 puts the external chain and the index below it.
ACCOUNT_DEPTH: Final = 3
EXTERNAL_CHAIN: Final = 0
_PUBLIC_VERSION: Final = bytes.fromhex("0488b21e")
_PRIVATE_VERSIONS: Final = frozenset({bytes.fromhex("0488ade4"), bytes.fromhex("04358394")})
_ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_PAYLOAD_BYTES: Final = 78
_MAX_CHARACTERS: Final = 120
_PRIVATE_PREFIXES: Final = ("xprv", "tprv", "yprv", "zprv", "uprv", "vprv")


class InvalidExtendedKey(InvalidRequest):
    """Not an extended public key that receive addresses can be derived from."""

    def __init__(self, problem: str, field: str) -> None:
        super().__init__(f"{field}: {problem}", details={"field": field})


class PrivateKeyRefused(InvalidExtendedKey):
    """A private key was sent where a public one belongs. Its text is in no answer, log or item."""

    def __init__(self, field: str) -> None:
        super().__init__(
            "THIS IS A PRIVATE KEY. It was refused and not stored, but it has left your wallet: move the funds of that wallet to a new "
            "one. PayCoreX needs the account's extended PUBLIC key, which begins with xpub.",
            field,
        )


@dataclass(frozen=True, slots=True)
class ExtendedPublicKey:
    """A point and its chain code. depth: 0 for a master key, 3 for a BIP-44 account."""

    public_key: bytes
    chain_code: bytes
    depth: int
    parent_fingerprint: bytes
    child_number: int

    @classmethod
    def parse(cls, text: str, *, field: str = "xpub") -> Self:
        """Raises PrivateKeyRefused or InvalidExtendedKey; neither repeats the text."""
        if text.strip()[:4] in _PRIVATE_PREFIXES:
            raise PrivateKeyRefused(field)
        payload = _base58check(text, field)
        if payload[:4] in _PRIVATE_VERSIONS:
            raise PrivateKeyRefused(field)
        if payload[:4] != _PUBLIC_VERSION:
            raise InvalidExtendedKey("the key's version is not that of an xpub", field)
        depth, fingerprint, child = payload[4], payload[5:9], int.from_bytes(payload[9:13], "big")
        if depth == 0 and (fingerprint != bytes(4) or child != 0):
            raise InvalidExtendedKey("a master key has neither parent nor number", field)
        if payload[45] not in {2, 3}:
            raise InvalidExtendedKey("the key is not a compressed public key", field)
        key = cls(payload[45:], payload[13:45], depth, fingerprint, child)
        key._check_point(field)
        return key

    def __str__(self) -> str:
        head = _PUBLIC_VERSION + bytes([self.depth]) + self.parent_fingerprint + self.child_number.to_bytes(4, "big")
        payload = head + self.chain_code + self.public_key
        number = int.from_bytes(payload + _checksum(payload), "big")
        digits = ""
        while number:
            number, digit = divmod(number, 58)
            digits = _ALPHABET[digit] + digits
        return digits

    @property
    def fingerprint(self) -> bytes:
        """The first four bytes of HASH160 of the public key, by which BIP-32 names a parent."""
        from Crypto.Hash import RIPEMD160  # noqa: PLC0415 - not every OpenSSL still offers it to hashlib

        return RIPEMD160.new(hashlib.sha256(self.public_key).digest()).digest()[:4]

    @property
    def identity(self) -> str:
        """Hex that names the key by what it derives, so two spellings of one key share it."""
        return hashlib.sha256(self.public_key + self.chain_code).hexdigest()

    def child(self, number: int) -> Self:
        """CKDpub of BIP-32. Raises ValueError for hardened numbers and, once in 2^127 tries, for a number that BIP-32 skips."""
        from coincurve import PublicKey  # noqa: PLC0415 - libsecp256k1, loaded by crypto payments only

        if not 0 <= number < HARDENED:
            raise ValueError("hardened children cannot be derived in public")
        left_right = hmac.digest(self.chain_code, self.public_key + number.to_bytes(4, "big"), "sha512")
        point = PublicKey(self.public_key).add(left_right[:32])
        return type(self)(point.format(compressed=True), left_right[32:], self.depth + 1, self.fingerprint, number)

    def address(self) -> str:
        """The canonical address of this key itself."""
        from coincurve import PublicKey  # noqa: PLC0415

        return addresses.of_public_key(PublicKey(self.public_key).format(compressed=False))

    def receive_address(self, index: int) -> str:
        """The canonical address at <this account>/0/index."""
        return self.child(EXTERNAL_CHAIN).child(index).address()

    def _check_point(self, field: str) -> None:
        from coincurve import PublicKey  # noqa: PLC0415

        try:
            PublicKey(self.public_key)
        except ValueError as error:
            raise InvalidExtendedKey("the key is not a point of the curve", field) from error


def parse_account(text: str, *, field: str = "xpub") -> ExtendedPublicKey:
    """The extended public key of a BIP-44 account. Raises PrivateKeyRefused or InvalidExtendedKey.

    Another depth would derive addresses that the merchant's wallet does not look at, and the money would seem lost.
    """
    key = ExtendedPublicKey.parse(text, field=field)
    if key.depth != ACCOUNT_DEPTH or key.child_number < HARDENED:
        raise InvalidExtendedKey("this is not the key of an account, m/44'/60'/0'; export the account's xpub from the wallet", field)
    return key


def _base58check(text: str, field: str) -> bytes:
    if not text or len(text) > _MAX_CHARACTERS:
        raise InvalidExtendedKey("an xpub has 111 characters", field)
    number = 0
    for character in text:
        digit = _ALPHABET.find(character)
        if digit < 0:
            raise InvalidExtendedKey("the key has a character outside base58", field)
        number = number * 58 + digit
    if number.bit_length() > 8 * (_PAYLOAD_BYTES + 4):
        raise InvalidExtendedKey("the key is too long", field)
    raw = number.to_bytes(_PAYLOAD_BYTES + 4, "big")
    payload, checksum = raw[:-4], raw[-4:]
    if checksum != _checksum(payload):
        raise InvalidExtendedKey("the key's checksum is wrong; a character was probably mistyped", field)
    return payload


def _checksum(payload: bytes) -> bytes:
    return hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
