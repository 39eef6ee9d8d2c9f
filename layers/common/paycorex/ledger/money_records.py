"""Amounts and entries of records, for the verification. Read one by one: an unreadable record is a finding and does not stop the walk."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from paycorex import installed, storage
from paycorex.currencies import EXPONENTS
from paycorex.ledger.account import Account
from paycorex.ledger.journal import MAX_POSTING, Reference
from paycorex.ledger.links import Finding


@dataclass(frozen=True, slots=True)
class MoneyRecord:
    """What a record says about its money: minor units that moved, 0 when none should have."""

    name: str
    reference: Reference
    merchant_id: str
    currency: str
    amount: int
    # [[entity, entity_id, lane, seq], ...] where the record says that its entries are.
    entries: tuple[tuple[str, str, int, int], ...] = ()

    def problems(self) -> list[str]:
        """What is wrong with the record itself, without the ledger."""
        odd = {
            f"says {self.amount} minor units moved, which is no amount that is booked": not 0 <= self.amount <= MAX_POSTING,
            f"its currency {self.currency!r} is none that is booked": self.currency not in EXPONENTS,
        }
        return [problem for problem, is_odd in odd.items() if is_odd]

    def accounts(self) -> Iterator[tuple[Account, int]]:
        """Account and sequence number of its entries. Raises ValueError for one that cannot be read."""
        for entity, entity_id, lane, seq in self.entries:
            yield Account.from_key(f"{self.merchant_id}#{entity}#{entity_id}#{self.currency}#{lane}"), seq


# Rooms that own records with money say in one of these how to read them.
RecordSource = Callable[[], Iterable[MoneyRecord | Finding]]
# They name it among the entry points of this group (pyproject.toml), so that the ledger need not know them.
SOURCES_GROUP = "paycorex.money_records"


def every_source() -> list[RecordSource]:
    """How to read the records of every room: a ledger is verified against all of them, or a journal seems to have no record."""
    return [point.load() for point in installed.points(SOURCES_GROUP)]


def of_each[M: storage.Item](model: type[M], said_by: Callable[[M], Iterable[MoneyRecord]]) -> Iterator[MoneyRecord | Finding]:
    """What every item of a table says about its money, and a finding for each that cannot be read. Raises storage.Unavailable."""
    noun = model.Meta.table_name.removesuffix("s")
    for wire in storage.scan_wire(model):
        try:
            yield from list(said_by(model.load(wire)))
        except Exception as error:  # noqa: BLE001 - whatever a stored item makes happen is what is found
            yield Finding(f"{noun} {model.key_text(wire)}", f"cannot be read: {type(error).__name__}")


def whole(value: object) -> int:
    """A stored amount. Raises ValueError for a number that is not whole (PynamoDB reads a fraction as one)."""
    if not isinstance(value, int):
        msg = "an amount is a whole number of minor units"
        raise ValueError(msg)  # noqa: TRY004 - of the stored value, not of the caller's type
    return value
