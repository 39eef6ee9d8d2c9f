"""Which payouts a bank line brings, and whether all lines of a payout come to it. Pure, and the same in whatever order both became known.

A reference decides (UTR, the provider's name of the payout). Amount and date alone never do: they are proposals for a person.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from paycorex.records.bank_line import AMOUNT_DIFFERS, DUPLICATE, MATCHED, MAX_PROPOSALS

# Shorter names, and such without a digit, may stand in any text.
LEAST_NAME_CHARACTERS: Final = 6
WINDOW_DAYS: Final = 5


@dataclass(frozen=True, slots=True)
class Payout:
    """What is known of a settlement. net: signed minor units, None until it is booked."""

    settlement_id: str
    connector: str
    currency: str
    names: tuple[str, ...]
    net: int | None
    expected_on: date
    is_matched: bool = False


@dataclass(frozen=True, slots=True)
class Credit:
    """What is known of a bank line: signed minor units, + into the account."""

    bank_line_id: str
    currency: str
    amount: int
    booked_on: date
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """State of a line, and by how much all lines bring more than their payouts; the difference stands on one line of them."""

    state: str
    difference: int = 0


def names_of(*references: str | None) -> tuple[str, ...]:
    """The references that say enough to be looked for."""
    return tuple(
        name.casefold() for name in references if name and len(name) >= LEAST_NAME_CHARACTERS and any(each.isdigit() for each in name)
    )


def brought_by(line: Credit, payouts: Iterable[Payout]) -> list[Payout]:
    """The payouts that a line names. None where they are of several connectors: whose money it is a person must say."""
    texts = [reference.casefold() for reference in line.references]
    found = [
        payout
        for payout in payouts
        if payout.currency == line.currency and any(_stands_in(name, text) for name in payout.names for text in texts)
    ]
    return found if len({payout.connector for payout in found}) == 1 else []


def proposed(line: Credit, payouts: Sequence[Payout]) -> list[str]:
    """Payouts of the line's very amount, days apart at most, that no line has brought yet; else a connector's of one day together."""
    near = [
        payout
        for payout in payouts
        if payout.currency == line.currency
        and payout.net is not None
        and not payout.is_matched
        and abs((payout.expected_on - line.booked_on).days) <= WINDOW_DAYS
    ]
    near.sort(key=lambda payout: (abs((payout.expected_on - line.booked_on).days), payout.settlement_id))
    alone = [payout.settlement_id for payout in near if payout.net == line.amount]
    return (alone or _together(line, near))[:MAX_PROPOSALS]


def judge(lines: Sequence[Credit], payouts: Sequence[Payout], decided: int = 0) -> dict[str, Judgement] | None:
    """What each of the lines of some payouts is; None while one of the payouts is not booked.

    decided: by how much a person took the difference out already, in minor units.
    """
    nets = [payout.net for payout in payouts]
    if any(net is None for net in nets):
        return None
    ordered = sorted(lines, key=lambda line: (line.booked_on, line.bank_line_id))
    paid_out = sum(net for net in nets if net is not None)
    off = sum(line.amount for line in lines) - paid_out - decided
    judged = {line.bank_line_id: Judgement(MATCHED) for line in ordered}
    if off == 0 or not ordered:
        return judged
    # What came again went the same way; money that was sent back is no duplicate.
    if len(ordered) > 1 and off == -paid_out:
        # All of it went back to the provider: the payout is on its way again, and no line differs.
        return judged
    again = next((line for line in reversed(ordered[1:]) if line.amount == off and off * paid_out > 0), None)
    judged[(again or ordered[-1]).bank_line_id] = Judgement(DUPLICATE if again else AMOUNT_DIFFERS, off)
    return judged


def is_returned(lines: Sequence[Credit], payouts: Sequence[Payout], decided: int = 0) -> bool:
    """True when the bank sent all that these lines brought back to the provider."""
    paid_out = sum(payout.net or 0 for payout in payouts)
    return len(lines) > 1 and paid_out != 0 and sum(line.amount for line in lines) - decided == 0


def _together(line: Credit, near: Sequence[Payout]) -> list[str]:
    days: dict[tuple[str, date], list[Payout]] = {}
    for payout in near:
        days.setdefault((payout.connector, payout.expected_on), []).append(payout)
    for group in days.values():
        if len(group) > 1 and sum(payout.net or 0 for payout in group) == line.amount:
            return [payout.settlement_id for payout in group]
    return []


def _stands_in(name: str, text: str) -> bool:
    """As a word of its own: not as a part of a longer number or name."""
    return name in text and re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", text) is not None
