"""The two pages that people sign in to: a merchant's console, and the operators' page. What is of one opens nothing on the other."""

from dataclasses import dataclass
from typing import Final

from paycorex.credentials import operators, sessions
from people.records import NEW_PASSKEY, SIGN_IN


@dataclass(frozen=True, slots=True)
class Side:
    """One page. prefix: of its people's ids. sign_in, new_passkey: what its challenges are made for."""

    prefix: str
    cookie: str
    sign_in: str
    new_passkey: str


CONSOLE: Final = Side("usr", sessions.COOKIE, SIGN_IN, NEW_PASSKEY)
OPERATORS: Final = Side("opr", operators.COOKIE, f"operator_{SIGN_IN}", f"operator_{NEW_PASSKEY}")


def side_of(merchant_id: str) -> Side:
    """The page of those who belong to a merchant, or to the operators."""
    return OPERATORS if merchant_id == operators.REALM else CONSOLE
