"""A code is made at the provider that will tell its payments apart, and switched off for good. `active → inactive`."""

from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from paycorex import clock, payment_limits, storage
from paycorex.credentials import Caller
from paycorex.errors import InvalidState, NotFound, ProviderConfiguration, UnsupportedCurrency
from paycorex.idempotency import Claim
from paycorex.money import Money
from paycorex.records.merchant import MerchantItem
from paycorex.records.order import order_key
from paycorex.records.qr_code import ACTIVE, INACTIVE, QrCodeItem
from payments.connectors import calls as calling
from payments.connectors import capabilities, fitness, routing
from payments.connectors.model import Connector
from payments.connectors.results import Declined, Unavailable, Unknown
from payments.connectors.static_codes import Closed, ClosedCode, KnownCode, NewCode, Opened, OpenedCode, StaticCodes
from payments.counter import schedule, store
from payments.methods import first_willing, upi_intent
from payments.methods.upi_links import CURRENCY, Payee, code_link
from payments.payment import due

# By what a route is found for a code whose payers type their amounts.
_ANY_AMOUNT: Final = Money(100, CURRENCY)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a merchant asks for. amount: None where each payer types one."""

    name: str
    amount: Money | None
    metadata: dict[str, Any] | None


def create(caller: Caller, merchant: MerchantItem, wanted: Wanted, claim: Claim) -> QrCodeItem:
    """Make a code at the first provider of the merchant's route that has codes, and store it.

    Raises UnsupportedCurrency, LimitExceeded, InvalidState without a UPI address to pay to, NoConnector, ProviderUnavailable,
    ProviderConfiguration; storage.TransactionRefused when the claim is taken.
    """
    if wanted.amount is not None:
        if wanted.amount.currency != CURRENCY:
            raise UnsupportedCurrency("UPI moves rupees only.", details={"field": "currency"})
        payment_limits.check(caller, "upi_intent", wanted.amount)
    payee, code_id = upi_intent.payee_of(merchant), claim.record_id("qrc")
    name, opened = _opened(merchant, NewCode(code_id, merchant.merchant_id, wanted.name, payee.name, wanted.amount))
    item = _draft(merchant.merchant_id, code_id, wanted, name, opened, payee)
    try:
        storage.transact([store.new_code(item), *claim.rows(reference=code_id)])
    except storage.TransactionRefused:
        # The same request was faster: what this one made is printed on no paper.
        if (found := store.find(code_id)) is None or found.provider_reference != item.provider_reference:
            close(item)
        raise
    return item


def _draft(merchant_id: str, code_id: str, wanted: Wanted, name: str, opened: OpenedCode, payee: Payee) -> QrCodeItem:
    now = clock.now_ms()
    item = QrCodeItem(
        qr_code_id=code_id,
        merchant_id=merchant_id,
        name=wanted.name,
        currency=CURRENCY,
        amount=None if wanted.amount is None else wanted.amount.minor,
        metadata=wanted.metadata,
        status=ACTIVE,
        connector=name,
        provider_reference=opened.reference,
        upi_url=opened.upi_url or code_link(payee, wanted.amount, code_id=code_id, note=wanted.name),
        is_open_there=True,
        listed_until=now,
        version=1,
        created_at=now,
        updated_at=now,
        order_key=order_key(now, code_id),
    )
    due.set_due(item, schedule.next_look_ms(item, now))
    return item


def _opened(merchant: MerchantItem, code: NewCode) -> tuple[str, OpenedCode]:
    route = routing.plan(merchant, fitness.Subject(code.qr_code_id, "upi_intent", code.amount or _ANY_AMOUNT))
    able = [name for name in route.connectors if capabilities.has_static_codes(name)]
    if not able:
        raise routing.NoConnector("None of the connectors for UPI has codes that many pay.", details={"field": "method"})
    refused: list[Declined] = []
    for name in able:
        result = calling.call(merchant.merchant_id, name, partial(_open, code=code))
        if isinstance(result, OpenedCode):
            return name, result
        refused += [result] if isinstance(result, Declined) else []
    if len(refused) == len(able):
        raise ProviderConfiguration(f"The provider refused the request: {refused[-1].reason}", details={"connectors": able})
    raise routing.ProviderUnavailable(first_willing.NONE_REACHED)


def _open(connector: Connector, *, code: NewCode) -> Opened:
    assert isinstance(connector, StaticCodes)
    return connector.open_code(code)


def find(merchant_id: str, qr_code_id: str) -> QrCodeItem:
    """A code of this merchant. Raises NotFound."""
    found = store.find(qr_code_id)
    if found is None or found.merchant_id != merchant_id:
        raise NotFound("QR code")
    return found


def deactivate(before: QrCodeItem, claim: Claim) -> QrCodeItem:
    """Switch a code off, for good. Raises InvalidState when it is off, storage.TransactionRefused when another request was faster.

    The provider is asked to close it, now and by the janitor until it has. What is paid all the same becomes late money.
    """
    if before.status != ACTIVE:
        raise InvalidState("The code is switched off already.", details={"status": before.status})
    after, now = storage.copy_of(before), clock.now_ms()
    after.status, after.closed_at, after.updated_at, after.version = INACTIVE, now, now, int(before.version) + 1
    due.set_due(after, now)
    storage.transact([store.change(before, after), *claim.rows(reference=before.qr_code_id, status=200)])
    close(after)
    return after


def close(code: QrCodeItem) -> bool:
    """Ask the provider to take no payment by it any more; True when it does so."""
    known = known_there(code)
    return isinstance(calling.call(code.merchant_id, code.connector, lambda connector: _close(connector, known)), ClosedCode)


def _close(connector: Connector, code: KnownCode) -> Closed | Unavailable | Unknown:
    assert isinstance(connector, StaticCodes)
    return connector.close_code(code)


def known_there(code: QrCodeItem) -> KnownCode:
    """The code as its provider knows it."""
    return KnownCode(code.qr_code_id, code.merchant_id, code.provider_reference)
