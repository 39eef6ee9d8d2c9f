"""The records of a month for an audit pack: what each says as the contract shows it, and the money that records say moved."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel

from paycorex import storage
from paycorex.ledger.links import Finding
from paycorex.ledger.money_records import MoneyRecord, every_source
from paycorex.ledger.proof import merkle
from paycorex.records import bank_line, capture, dispute, payment, reconciliation_item, refund, settlement, transfer
from paycorex.records.bank_line import BankLineItem
from paycorex.records.capture import CaptureItem
from paycorex.records.dispute import DisputeItem
from paycorex.records.payment import PaymentItem
from paycorex.records.reconciliation_item import ReconciliationItem
from paycorex.records.refund import RefundItem
from paycorex.records.settlement import SettlementItem
from paycorex.records.settlement_line import SettlementLineItem, leaf
from paycorex.records.transfer import TransferItem


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of records: its model, the name of its key, and how the contract shows it."""

    name: str
    model: type[storage.Item]
    key: str
    view: Callable[[Any], BaseModel]


KINDS: Final = (
    Kind("payment", PaymentItem, "payment_id", payment.view),
    Kind("capture", CaptureItem, "capture_id", capture.view),
    Kind("refund", RefundItem, "refund_id", refund.view),
    Kind("dispute", DisputeItem, "dispute_id", dispute.view),
    Kind("transfer", TransferItem, "transfer_id", transfer.view),
    Kind("settlement", SettlementItem, "settlement_id", settlement.view),
    Kind("bank_line", BankLineItem, "bank_line_id", bank_line.view),
    Kind("reconciliation_item", ReconciliationItem, "item_id", reconciliation_item.view),
)


def of_month(kind: Kind, moved: set[str], *, from_ms: int, to_ms: int, merchant_id: str | None) -> Iterator[tuple[str, Any]]:
    """Id and record of each that was made in the month, or whose money moved in it. Reads the whole table. Raises storage.Unavailable."""
    for item in storage.scan_all(kind.model):
        record: Any = item
        if merchant_id not in {None, record.merchant_id}:
            continue
        record_id = str(getattr(record, kind.key))
        if record_id in moved or from_ms <= int(record.created_at) < to_ms:
            yield record_id, kind.view(record).model_dump(mode="json")


def money(journal_ids: Iterable[str]) -> Iterator[MoneyRecord]:
    """What records of all rooms say about these journals. Raises storage.Unavailable, Unreadable."""
    wanted = set(journal_ids)
    for source in every_source():
        for said in source():
            if isinstance(said, Finding):
                raise Unreadable(f"{said.where}: {said.problem}")
            if said.reference.journal_id in wanted and said.amount:
                yield said


def settlement_lines(roots: Mapping[str, set[str]]) -> Iterator[tuple[str, int, list[str]]]:
    """Settlement, place and fields of each line, in the order in which its root covers them. Raises storage.Unavailable.

    roots: of each settlement, what its journals of the month name. One that got lines later has a journal for all of them then, and is in
    that month's pack with its lines.
    """
    found: dict[str, list[SettlementLineItem]] = {}
    for item in storage.scan_all(SettlementLineItem):
        if item.settlement_id in roots:
            found.setdefault(str(item.settlement_id), []).append(item)
    for settlement_id, items in sorted(found.items()):
        leaves = [leaf(item) for item in sorted(items, key=lambda item: item.order_key)]
        if merkle.root([merkle.leaf_hash(each) for each in leaves]).hex() in roots[settlement_id]:
            yield from ((settlement_id, place, each.decode().split("\n")) for place, each in enumerate(leaves))


class Unreadable(Exception):
    """A record cannot be read: `paycorex ledger verify` lists all of them."""
