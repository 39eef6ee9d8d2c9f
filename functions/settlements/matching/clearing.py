"""What an entry of a clearing account, or of what is on its way to the bank, is about: the record whose item it changes. Pure.

Every entry changes exactly one item, or belongs to a settlement, whose lines change the items of its clearing account. An entry of a kind
that is not known here has an item of its own, so that no amount is ever left out of the sum.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from paycorex.ledger import Entity, Entry, ReferenceType

SETTLEMENT: Final = "settlement"
RESOLUTION: Final = "resolution"
PAYMENT: Final = "payment"
LATE: Final = "late"
REFUND: Final = "refund"
DISPUTE: Final = "dispute"
# Money in and out of a wallet that no provider reports.
TOPUP: Final = "topup"
# What a provider paid out: on its way to the bank, and where it came back from there.
PAYOUT: Final = "payout"
BANK_LINE: Final = "bank_line"


@dataclass(frozen=True, slots=True)
class Change:
    """What one entry changes. record: key of the item, such as `payment:pay_…`. owed: minor units, + when the provider owes more by it.

    at: milliseconds since the epoch.
    """

    record: str
    owed: int
    at: int

    @property
    def kind(self) -> str:
        """What kind of record it is."""
        return self.record.partition(":")[0]

    @property
    def record_id(self) -> str:
        """The record's id."""
        return self.record.partition(":")[2]


def change_of(entry: Entry) -> Change:
    """What an entry of a clearing account changes."""
    return Change(record_of(entry), entry.debit - entry.credit, entry.created_at)


def record_of(entry: Entry) -> str:
    """The record whose item an entry changes."""
    kind, name = entry.reference.type, entry.reference.id
    base = name.partition(".")[0]
    if entry.account.entity is Entity.BANK_IN_TRANSIT:
        return _on_its_way(kind, name, base)
    if kind is ReferenceType.CAPTURE:
        # All captures of a payment are one charge at its provider: their journals name the payment.
        return f"{PAYMENT}:{entry.description or name}"
    if kind is ReferenceType.SUSPENSE:
        return f"{LATE}:{'.'.join(name.split('.')[:2])}"
    if kind is ReferenceType.REVERSAL:
        return f"{PAYMENT if base.startswith('pay_') else REFUND}:{base}"
    return f"{_NUMBERED[kind]}:{base}" if kind in _NUMBERED else f"{kind.value}:{name}"


def _on_its_way(kind: ReferenceType, name: str, base: str) -> str:
    """A payout comes with its settlement's journals and goes with bank lines, and with what was decided about these."""
    if kind is ReferenceType.SETTLEMENT:
        return f"{PAYOUT}:{base}"
    if kind is ReferenceType.BANK_LINE or (kind is ReferenceType.RESOLUTION and base.startswith("bnk_")):
        return f"{BANK_LINE}:{base}"
    return f"{kind.value}:{name}"


# Kinds whose records may have several journals, which are numbered after a point.
_NUMBERED: Final = {
    ReferenceType.PAYMENT: PAYMENT,
    ReferenceType.REFUND: REFUND,
    ReferenceType.WALLET_REFUND: REFUND,
    ReferenceType.DISPUTE: DISPUTE,
}


@dataclass(slots=True)
class Folded:
    """What some entries of clearing accounts come to. settled, resolved: minor units that settlements and resolutions took out of them."""

    changes: dict[str, Change]
    settled: int = 0
    resolved: int = 0
    balance: int = 0


def fold(entries: Iterable[Entry]) -> Folded:
    """Sum entries of one account by record; of each record the newest time counts."""
    folded = Folded({})
    for entry in entries:
        change = change_of(entry)
        folded.balance += change.owed
        if change.kind == SETTLEMENT:
            folded.settled -= change.owed
        elif change.kind == RESOLUTION:
            folded.resolved -= change.owed
        else:
            before = folded.changes.get(change.record)
            owed, at = (before.owed, before.at) if before else (0, 0)
            folded.changes[change.record] = Change(change.record, owed + change.owed, max(at, change.at))
    return folded
