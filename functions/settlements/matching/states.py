"""In which state an item is, whose turn it is, and what may be decided about it. Pure tables, each with a test per cell."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """How an item stands, as the contract has it.

    EXPECTED: we have it, and the provider's report is not due yet. MISSING: it is overdue. UNEXPECTED: the provider has it and we have not.
    """

    MATCHED = "matched"
    EXPECTED = "expected"
    MISSING = "missing"
    UNEXPECTED = "unexpected"
    AMOUNT_DIFFERS = "amount_differs"
    FEE_DIFFERS = "fee_differs"
    DUPLICATE = "duplicate"


# What an operator or the merchant should look at.
EXCEPTIONS: Final = frozenset({State.MISSING, State.UNEXPECTED, State.AMOUNT_DIFFERS, State.FEE_DIFFERS, State.DUPLICATE})


class Responsible(StrEnum):
    """Whose turn it is."""

    US = "us"
    PROVIDER = "provider"
    BANK = "bank"


RESPONSIBLE: Final = {
    State.MATCHED: None,
    State.EXPECTED: Responsible.PROVIDER,
    State.MISSING: Responsible.PROVIDER,
    State.UNEXPECTED: Responsible.US,
    State.AMOUNT_DIFFERS: Responsible.PROVIDER,
    State.FEE_DIFFERS: Responsible.PROVIDER,
    State.DUPLICATE: Responsible.PROVIDER,
}


def responsible_for(state: State, *, is_at_the_bank: bool, is_on_chain: bool = False) -> Responsible | None:
    """Whose turn it is about an item. is_at_the_bank: it is about what a provider has paid out. is_on_chain: there is no one to ask."""
    usual = RESPONSIBLE[state]
    if is_on_chain and usual is not None:
        return Responsible.US
    return Responsible.BANK if is_at_the_bank and usual is Responsible.PROVIDER else usual


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a record of ours, in signed minor units, + for what the provider owes.

    booked: by our journals. reported: by the lines that count, whose number is `lines`. decided: by resolutions. is_due: its report should
    have come. fee_differs: by more than a minor unit from what was known, and not accepted.
    """

    booked: int
    reported: int
    decided: int = 0
    lines: int = 0
    is_due: bool = False
    fee_differs: bool = False

    @property
    def open(self) -> int:
        """What of it is in the clearing account."""
        return self.booked - self.reported - self.decided


def judge(standing: Standing) -> State:
    """The state of a record of ours.

    | open | lines | due | state |
    | --- | --- | --- | --- |
    | nothing | any | any | matched, or fee_differs |
    | something | none | no | expected |
    | something | none | yes | missing |
    | the provider pays less than is booked so far | some | no | expected: the rest may be in the next report |
    | the same | some | yes | amount_differs |
    | the provider pays more | some, and we booked something | any | amount_differs |
    | the provider pays, and we booked nothing | some | any | unexpected |
    """
    if standing.open == 0:
        return State.FEE_DIFFERS if standing.fee_differs else State.MATCHED
    if standing.lines == 0:
        return State.MISSING if standing.is_due else State.EXPECTED
    if standing.booked == 0:
        return State.UNEXPECTED
    is_short = standing.open * standing.booked > 0
    return State.EXPECTED if is_short and not standing.is_due else State.AMOUNT_DIFFERS


class Action(StrEnum):
    """What a person decides about an item."""

    WRITE_OFF = "write_off"
    CORRECT = "correct"
    CLAIM = "claim"
    ACCEPT = "accept"


class Effect(StrEnum):
    """What a decision does. TO_COST: what is open is the cost of providers. TO_MERCHANT: the merchant's balance follows the provider.

    NOTE: it is remembered that it was asked for, and the item stays open. CLOSE: the item is closed, nothing is booked.
    """

    TO_COST = "to_cost"
    TO_MERCHANT = "to_merchant"
    NOTE = "note"
    CLOSE = "close"
    REFUSE = "refuse"


_OPEN_AMOUNT: Final = {
    Action.WRITE_OFF: Effect.TO_COST,
    Action.CORRECT: Effect.TO_MERCHANT,
    Action.CLAIM: Effect.NOTE,
    Action.ACCEPT: Effect.REFUSE,
}
_NOTHING_TO_DECIDE: Final = dict.fromkeys(Action, Effect.REFUSE)

# Of a chain's transfer that is booked nowhere: the payments' own service books it, or a person says that it is none of the platform's.
OF_TRANSFERS: Final = {
    Action.WRITE_OFF: Effect.REFUSE,
    Action.CORRECT: Effect.REFUSE,
    Action.CLAIM: Effect.NOTE,
    Action.ACCEPT: Effect.CLOSE,
}

EFFECTS: Final[dict[State, dict[Action, Effect]]] = {
    State.MATCHED: _NOTHING_TO_DECIDE,
    # The provider's report is not due: what it says is waited for.
    State.EXPECTED: _NOTHING_TO_DECIDE,
    State.MISSING: _OPEN_AMOUNT,
    State.UNEXPECTED: _OPEN_AMOUNT,
    State.AMOUNT_DIFFERS: _OPEN_AMOUNT,
    State.DUPLICATE: _OPEN_AMOUNT,
    # The fee that the provider kept is booked already; what is open is whether it was right.
    State.FEE_DIFFERS: {
        Action.WRITE_OFF: Effect.REFUSE,
        Action.CORRECT: Effect.REFUSE,
        Action.CLAIM: Effect.NOTE,
        Action.ACCEPT: Effect.CLOSE,
    },
}
