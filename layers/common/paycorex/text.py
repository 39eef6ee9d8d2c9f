"""Text from clients: normalised, bounded, without characters that mislead on a screen or in a log."""

import unicodedata
from collections.abc import Callable
from typing import Annotated, Final

from pydantic import AfterValidator, StringConstraints

MAX_TEXT_CHARACTERS: Final = 255
MAX_REFERENCE_CHARACTERS: Final = 128
# Bidirectional overrides can make a stored description read as something else.
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

# Zero-width non-joiner and joiner.
_JOINERS = frozenset("\u200c\u200d")


def clean(text: str) -> str:
    """NFC; ValueError for control characters, lone surrogates and bidirectional overrides."""
    if text.isascii() and text.isprintable():
        return text
    normal = unicodedata.normalize("NFC", text)
    for character in normal:
        if unicodedata.category(character) in {"Cc", "Cs"} or character in _BIDI_CONTROLS:
            msg = "control characters are not allowed"
            raise ValueError(msg)
    return normal


def at_most(limit: int) -> Callable[[str], str]:
    """A check for text that was cleaned: NFC makes two or three characters of some, so a length that was counted before says little."""

    def check(text: str) -> str:
        if len(text) > limit:
            msg = f"at most {limit} characters"
            raise ValueError(msg)
        return text

    return check


def _unpadded(text: str) -> str:
    if text != text.strip():
        msg = "must not begin or end with space"
        raise ValueError(msg)
    return text


def is_legible(text: str) -> str:
    """A name that payers see; ValueError for characters without a shape of their own (Unicode category Cf, and marks of direction).

    A zero-width joiner is part of names in Indian scripts, and is allowed between letters.
    """
    if any(unicodedata.category(each) == "Cf" and each not in _JOINERS for each in text) or text[0] in _JOINERS or text[-1] in _JOINERS:
        msg = "invisible characters are not allowed"
        raise ValueError(msg)
    return text


Text = Annotated[
    str,
    StringConstraints(min_length=1, max_length=MAX_TEXT_CHARACTERS),
    AfterValidator(clean),
    AfterValidator(at_most(MAX_TEXT_CHARACTERS)),
]
# A merchant's own name for a user or an order: printable, no surrounding space, short enough for every key it becomes part of.
Reference = Annotated[
    str,
    StringConstraints(min_length=1, max_length=MAX_REFERENCE_CHARACTERS),
    AfterValidator(clean),
    AfterValidator(_unpadded),
    AfterValidator(at_most(MAX_REFERENCE_CHARACTERS)),
]
