"""Operators as people: who manages them, and the way in for the first one, or for one who has lost every passkey."""

from dataclasses import dataclass

from paycorex.credentials import Caller
from paycorex.credentials.operators import REALM
from people import people
from people.people import Invited


@dataclass(frozen=True, slots=True)
class Administrator:
    """An operator who manages operators. Their routes ask for the role that may give every role."""

    caller: Caller

    def check(self, role: str) -> None:
        """Every role may be given and taken; that one admin is left, the roster demands."""


def invite(*, email: str, name: str, role: str, by: str) -> Invited:
    """A ticket for an operator: a new one, or the one with this address, whose role and status it sets and whose passkeys stay.

    Raises InvalidState when no admin would be left, Conflict, TooMany, storage.TransactionRefused.
    """
    return people.let_in(REALM, "opr", email=email, name=name, role=role, by=by)
