"""Live and test mode: which of the two worlds a merchant is of. It follows from the merchant's id alone.

An id has 26 characters of base32 for 128 bits, so two bits of its last character are free. They say `live` or `test`, or nothing: such an
id is of a merchant of the stage's own mode, live in production and test elsewhere. So the mode of every record is known by the merchant
that it names, without a read and without a field that could differ from it, and it cannot be changed.
"""

from typing import Final, Literal

from paycorex import ids, settings

Mode = Literal["live", "test"]
LIVE: Final = "live"
TEST: Final = "test"
# RFC 4648's alphabet; the two low bits of the last character are padding.
_ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz234567"
_MARKS: Final[dict[int, Mode]] = {1: TEST, 2: LIVE}
_PADDING: Final = 0b11


def of(merchant_id: str) -> Mode:
    """A merchant's mode."""
    marked = _MARKS.get(_ALPHABET.index(merchant_id[-1]) & _PADDING) if ids.is_id("mer", merchant_id) else None
    return marked or of_stage()


def of_stage() -> Mode:
    """The mode of a merchant that was registered without one."""
    return LIVE if settings.current().stage == "prod" else TEST


def marked(merchant_id: str, mode: Mode) -> str:
    """This id, of this mode on every stage."""
    bits = next(bits for bits, named in _MARKS.items() if named == mode)
    return merchant_id[:-1] + _ALPHABET[_ALPHABET.index(merchant_id[-1]) & ~_PADDING | bits]


def test_id(merchant_id: str) -> str:
    """The id of the test merchant beside a live one: there is one, because no other id follows."""
    return marked(ids.derive("mer", merchant_id, TEST), TEST)
