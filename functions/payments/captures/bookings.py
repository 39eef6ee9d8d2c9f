"""What an answer about a capture does to the books: ledger, capture and payment in one transaction, or none of them. Pure.

Made: what was held, or what the provider holds, becomes the merchant's. Failed: it may be captured again. Each is a version of the payment,
so two that know the same can not both be written.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from paycorex import clock, storage
from paycorex.ledger import Account, Journal
from paycorex.money import Money
from paycorex.records.capture import CaptureItem, capture_reference
from paycorex.records.hold import Ending, Hold
from paycorex.records.order import order_key
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_amounts import captured
from payments.captures import abilities, store
from payments.connectors.requests import CaptureRequest
from payments.connectors.results import Contradicts
from payments.payment import fees, holding, references, reviewing, versions
from payments.payment import store as payment_store
from payments.payment.commit import Step

PENDING: Final = "pending"
PROCESSING: Final = "processing"
MADE: Final = "success"
FAILED: Final = "failed"
WALLET: Final = "wallet"


@dataclass(frozen=True, slots=True)
class CaptureContext:
    """A capture with its payment, as both were read. is_stored: False for one that is stored for the first time."""

    capture: CaptureItem
    payment: PaymentItem
    is_stored: bool = True

    @property
    def asked(self) -> Money:
        """The capture's amount."""
        return Money(int(self.capture.amount), self.capture.currency)

    @property
    def room(self) -> int:
        """The most that this capture can be, in minor units."""
        return abilities.most(self.payment, holding.of(self.payment)) - captured(self.payment)


@dataclass(frozen=True, slots=True)
class CaptureStep(Step[CaptureItem]):
    """A capture's next version. review: what of the provider's answer an operator must look at."""

    review: Contradicts | None = None


def draft(payment: PaymentItem, capture_id: str, amount: Money, *, is_final: bool, status: str, origin: str | None = None) -> CaptureItem:
    """The first version of a capture. Nothing is stored yet."""
    now = clock.now_ms()
    return CaptureItem(
        capture_id=capture_id,
        payment_id=payment.payment_id,
        merchant_id=payment.merchant_id,
        amount=amount.minor,
        currency=payment.currency,
        status=status,
        final=is_final,
        origin=origin,
        version=1,
        created_at=now,
        updated_at=now,
        order_key=order_key(now, capture_id),
    )


def request_of(context: CaptureContext) -> CaptureRequest:
    """The capture as its connector knows it."""
    capture, payment = context.capture, context.payment
    return CaptureRequest(
        capture_id=capture.capture_id,
        payment_id=payment.payment_id,
        merchant_id=payment.merchant_id,
        amount=context.asked,
        authorization_reference=payment.provider_reference or "",
        captured_minor=captured(payment),
        is_final=bool(capture.final),
        provider_reference=capture.provider_reference,
    )


def reserved(context: CaptureContext, decision: str | None = None) -> CaptureStep:
    """Stored before its provider is asked, so that a capture that was asked for is never forgotten; no other can begin beside it.

    decision: of the payment's review, where this is what it comes to.
    """
    capture, payment = context.capture, context.payment
    hold = replace(holding.of(payment), under_way=capture.capture_id, under_way_minor=int(capture.amount), looks=0)
    after = holding.changed(payment, hold, clock.now_ms())
    return _step(context, capture, after if decision is None else reviewing.decided(after, decision))


def made(context: CaptureContext, amount: Money, reference: str | None = None) -> CaptureStep:
    """The money is the merchant's.

    amount: as the provider captured it. The payment stays authorized: what ends with the last capture is `closing`'s.
    """
    payment, now = context.payment, clock.now_ms()
    after = _decided(context, MADE)
    after.provider_reference, after.first = reference, captured(payment) == 0 or None
    if amount != context.asked:
        after.amount, after.amount_requested = amount.minor, int(context.capture.amount)
    total = captured(payment) + amount.minor
    hold = _after(holding.of(payment), after)
    if total >= hold.amount:
        hold = hold.ends(Ending.FINAL)
    changed = holding.with_hold(payment, hold, now)
    changed.amount_captured = total
    fees.captured_first(payment, changed)
    versions.set_event(changed, "payment.captured", now)
    journal = Journal.transfer(
        source=_source(payment),
        target=Account.of_merchant(payment.merchant_id, payment.currency),
        amount=amount,
        reference=capture_reference(after.capture_id),
        # Covered by the entries' hashes: a proof shows by it whose capture it is.
        description=payment.payment_id,
    )
    return replace(_step(context, after, versions.next_revision(payment, changed, now)), journal=journal, keeps_entries=True)


def failed(context: CaptureContext, code: str, reason: str) -> CaptureStep:
    """The amount may be captured again, if it is still held: that is looked at soon."""
    after = _decided(context, FAILED)
    after.failure_code, after.failure_message = code, reason
    hold = replace(holding.of(context.payment), under_way=None, under_way_minor=0, looks=0)
    return _step(context, after, _looked_at_now(context.payment, hold))


def waiting(context: CaptureContext, status: str, reference: str | None = None, problem: str | None = None) -> CaptureStep:
    """Its provider has not decided, or did not say: asked again later, each time twice as much later."""
    now = clock.now_ms()
    after = storage.copy_of(context.capture)
    after.status, after.failure_message, after.updated_at = status, problem, now
    after.provider_reference = reference or after.provider_reference
    after.version = int(after.version) + 1
    hold = holding.of(context.payment)
    return _step(context, after, holding.changed(context.payment, replace(hold, looks=hold.looks + 1), now))


def _looked_at_now(payment: PaymentItem, hold: Hold) -> PaymentItem:
    """The hold's end may be why its provider refused: the janitor asks."""
    now = clock.now_ms()
    after = holding.with_hold(payment, hold, now)
    holding.look_now(after, now)
    return versions.next_revision(payment, after, now)


def _after(hold: Hold, capture: CaptureItem) -> Hold:
    hold = replace(hold, under_way=None, under_way_minor=0, captures=hold.captures + 1, looks=0)
    return hold.ends(Ending.FINAL) if capture.final else hold


def _source(payment: PaymentItem) -> Account:
    """Where the money is: set aside out of the wallet, or at the provider."""
    if payment.method == WALLET:
        return Account.of_hold(payment.merchant_id, payment.payment_id, payment.currency)
    return Account.clearing(payment.merchant_id, payment.provider or "", payment.currency)


def _decided(context: CaptureContext, status: str) -> CaptureItem:
    after = storage.copy_of(context.capture)
    after.status, after.failure_message, after.updated_at = status, None, clock.now_ms()
    if context.is_stored:
        after.version = int(after.version) + 1
    return after


def _step(context: CaptureContext, after: CaptureItem, payment: PaymentItem) -> CaptureStep:
    before = context.capture if context.is_stored else None
    return CaptureStep(before, after, lambda: _writes(context, after, payment))


def _writes(context: CaptureContext, after: CaptureItem, payment: PaymentItem) -> Sequence[storage.Write]:
    row = store.change_capture(context.capture, after) if context.is_stored else store.new_capture(after)
    named = [references.row(payment, after.provider_reference, payment.provider or "")] if _has_own_name(after, payment) else []
    return [*payment_store.changes(context.payment, payment), row, *named]


def _has_own_name(after: CaptureItem, payment: PaymentItem) -> bool:
    return after.provider_reference is not None and after.provider_reference != payment.provider_reference
