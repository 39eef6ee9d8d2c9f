"""A record by its id: which table each kind of id is in, which scope shows it, and what of it a hit says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from dashboard.search.views import HitView
from paycorex import clock, storage
from paycorex.credentials import Caller
from paycorex.money import format_minor
from paycorex.records.bank_line import BankLineItem
from paycorex.records.blocklist_entry import BlocklistItem
from paycorex.records.capture import CaptureItem
from paycorex.records.checkout_session import SessionItem
from paycorex.records.crypto_address import CryptoAddressItem
from paycorex.records.customer import CustomerItem
from paycorex.records.delivery import DeliveryItem
from paycorex.records.dispute import DisputeItem
from paycorex.records.endpoint import EndpointItem
from paycorex.records.event import EventItem, merchant_shard
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_link import LinkItem
from paycorex.records.qr_code import QrCodeItem
from paycorex.records.reconciliation_item import ReconciliationItem
from paycorex.records.refund import RefundItem
from paycorex.records.settlement import SettlementItem
from paycorex.records.stamps import scope_of
from paycorex.records.token import TokenItem
from paycorex.records.transfer import TransferItem
from paycorex.records.wallet import WalletItem

ID: Final = "id"


@dataclass(frozen=True, slots=True)
class Kind:
    """Where records of a kind are, and what shows them. label: the attribute that people know one by."""

    name: str
    scope: str
    read: Callable[[Caller, str], Any]
    label: str | None = None
    status: str | None = "status"


def _by_id(model: type[storage.Item]) -> Callable[[Caller, str], Any]:
    def read(caller: Caller, identifier: str) -> Any:
        found: Any = storage.get(model, identifier)
        return found if found is not None and found.merchant_id == caller.merchant_id else None

    return read


def _of_merchant(model: type[storage.Item]) -> Callable[[Caller, str], Any]:
    return lambda caller, identifier: storage.get(model, caller.merchant_id, identifier)


def _in_shard(model: type[storage.Item]) -> Callable[[Caller, str], Any]:
    def read(caller: Caller, identifier: str) -> Any:
        found: Any = storage.get(model, merchant_shard(caller.merchant_id, identifier), identifier)
        # An event shows an object, so it takes the scope of that object too.
        return found if found is not None and scope_of(found.event) in caller.scopes else None

    return read


KINDS: Final[Mapping[str, Kind]] = {
    "pay": Kind("payment", "payments:read", _by_id(PaymentItem), "user_id"),
    "ref": Kind("refund", "payments:read", _by_id(RefundItem), "reason"),
    "cap": Kind("capture", "payments:read", _by_id(CaptureItem)),
    "dsp": Kind("dispute", "disputes:read", _by_id(DisputeItem), "reason"),
    "set": Kind("settlement", "settlements:read", _by_id(SettlementItem), "provider_reference", "state"),
    "bnk": Kind("bank_line", "settlements:read", _by_id(BankLineItem), "account", "state"),
    "rcn": Kind("reconciliation_item", "settlements:read", _by_id(ReconciliationItem), "record", "state"),
    "cus": Kind("customer", "customers:read", _by_id(CustomerItem), "reference"),
    "wal": Kind("wallet", "wallet:read", _by_id(WalletItem), "user_id"),
    "trf": Kind("transfer", "wallet:read", _by_id(TransferItem), "user_id"),
    "tok": Kind("token", "tokens:read", _by_id(TokenItem), "user_id"),
    "chk": Kind("session", "checkout:read", _by_id(SessionItem), "description"),
    "qrc": Kind("qr_code", "checkout:read", _by_id(QrCodeItem), "name"),
    "lnk": Kind("link", "checkout:read", _by_id(LinkItem), "name"),
    "adr": Kind("address", "crypto:read", _by_id(CryptoAddressItem), "address"),
    "whe": Kind("endpoint", "webhooks:read", _of_merchant(EndpointItem), "url"),
    "blk": Kind("blocklist_entry", "risk:read", _of_merchant(BlocklistItem), "reason", None),
    "evt": Kind("event", "webhooks:read", _in_shard(EventItem), "event"),
    "whd": Kind("delivery", "webhooks:read", _in_shard(DeliveryItem), "event"),
}


def by_id(caller: Caller, identifier: str) -> HitView | None:
    """The merchant's record with this id, where the caller's scopes show it: one read. None otherwise, and nothing says which it was."""
    return named(caller, identifier, ID)


def named(caller: Caller, identifier: str, found_by: str) -> HitView | None:
    """The same, for an id that follows from what was asked for."""
    kind = KINDS.get(identifier[:3])
    if kind is None or kind.scope not in caller.scopes:
        return None
    item = kind.read(caller, identifier)
    return None if item is None else hit(kind, identifier, item, found_by)


def payment_hit(item: PaymentItem, found_by: str) -> HitView:
    """A payment that was found."""
    return hit(KINDS["pay"], item.payment_id, item, found_by)


def hit(kind: Kind, identifier: str, item: Any, found_by: str) -> HitView:
    """What is said of a record. Amounts are shown where the record has one."""
    currency, minor = getattr(item, "currency", None), getattr(item, "amount", None)
    moment = getattr(item, "created_at", None) or getattr(item, "event_at", None)
    return HitView(
        kind=kind.name,
        id=identifier,
        found_by=found_by,
        payment_id=getattr(item, "payment_id", None),
        label=getattr(item, kind.label) if kind.label else None,
        amount=None if currency is None or minor is None else format_minor(int(minor), currency),
        currency=currency,
        status=getattr(item, kind.status, None) if kind.status else None,
        created_at=None if moment is None else clock.rfc3339(int(moment)),
    )
