"""Injected bugs, one for each area that the simulator covers: each disables what one rule depends on."""

from dataclasses import replace
from typing import Any

import pytest

from paycorex import ids, storage
from paycorex.ledger import entry, store
from paycorex.money import Money
from payments.captures import at_provider as captures_at_provider
from payments.captures import bookings as capture_bookings
from payments.captures import closing
from payments.connectors import documents
from payments.connectors.notices import ProviderRefund
from payments.connectors.results import Declined, Released, Unavailable, Unknown
from payments.crypto.state import CryptoState
from payments.methods import tokenized
from payments.payment import states
from payments.payment import store as payments_store
from payments.payment.states import Outcome, Status, Transition
from payments.refunds import at_provider, bookings, external
from payments.refunds import refund as refunds
from payments.refunds import store as refunds_store


def without_overdraft_guard(patch: pytest.MonkeyPatch) -> None:
    """Wallets: anybody may spend what is not there."""
    patch.setattr(entry, "refuse_overdraft", lambda *_arguments: None)


def without_empty_place(patch: pytest.MonkeyPatch) -> None:
    """Ledger: an entry may be written over another."""
    patch.setattr(store, "SLOT_IS_FREE", "attribute_exists(seq) OR attribute_not_exists(seq)")


def without_payment_claim(patch: pytest.MonkeyPatch) -> None:
    """Create: a retry writes a second payment over the first."""
    patch.setattr(payments_store, "new_payment", storage.put)


def failover_after_silence(patch: pytest.MonkeyPatch) -> None:
    """Cards: a connector that did not answer is taken for one that did nothing."""
    patch.setattr(tokenized, "_may_fail_over", lambda result: isinstance(result, Unavailable | Unknown | Declined))


def without_version(patch: pytest.MonkeyPatch) -> None:
    """Callbacks, janitor, requests: the last to write wins."""

    def change(before: Any, after: Any) -> storage.Write:
        key = type(before).wire_key(before.payment_id)
        return storage.update(type(before), key, storage.difference(before, after), None)

    patch.setattr(payments_store, "change_payment", change)


def late_money_dropped(patch: pytest.MonkeyPatch) -> None:
    """Cancel and expiry: money that comes afterwards is lost."""
    patch.setattr(states, "TABLE", {**states.TABLE, (Status.FAILED, Outcome.PAID): Transition.NOTE})


def refunds_without_sum_guard(patch: pytest.MonkeyPatch) -> None:
    """Refunds: nothing looks what is left of the payment."""

    def amount(payment: Any, asked: str | None) -> Money:
        return Money(int(payment.amount), payment.currency) if asked is None else Money.parse(asked, payment.currency)

    patch.setattr(refunds, "refundable_amount", amount)
    reserve = refunds_store.reserve_refund

    def unguarded(payment: Any, minor: int, **more: Any) -> Any:
        return reserve(payment, 0, **more)

    patch.setattr(refunds_store, "reserve_refund", unguarded)


def refunds_under_new_ids(patch: pytest.MonkeyPatch) -> None:
    """Refunds at providers: each try is another refund."""
    original = bookings.refund_request

    def giveback(context: Any) -> Any:
        return replace(original(context), refund_id=ids.new("ref"))

    patch.setattr(at_provider, "refund_request", giveback)


def news_forgets_what_was_booked(patch: pytest.MonkeyPatch) -> None:
    """Crypto: a transfer that is reported again is booked again."""

    def with_record(state: CryptoState, item: Any) -> CryptoState:
        key = item.transfer_id.rpartition(":")[0]
        others = {known: transfer for known, transfer in state.transfers.items() if known != key}
        return original(replace(state, transfers=others), item)

    original = CryptoState.with_record
    patch.setattr(CryptoState, "with_record", with_record)


def reported_amounts_without_a_bound(patch: pytest.MonkeyPatch) -> None:
    """Callbacks: whatever a provider says is an amount."""
    patch.setattr(documents, "amount", lambda minor, currency, _reference=None: Money(minor, currency))


def external_refunds_under_new_ids(patch: pytest.MonkeyPatch) -> None:
    """Refunds made at the provider: reported twice they are two."""
    original = external.apply_report

    def apply_report(merchant_id: str, connector: str, report: ProviderRefund) -> bool:
        return original(merchant_id, connector, replace(report, reference=ids.new("out")))

    patch.setattr(external, "apply_report", apply_report)


def captures_under_new_ids(patch: pytest.MonkeyPatch) -> None:
    """Captures at providers: each try is another capture."""
    original = capture_bookings.request_of

    def request_of(context: Any) -> Any:
        return replace(original(context), capture_id=ids.new("cap"))

    patch.setattr(captures_at_provider, "request_of", request_of)


def holds_that_are_never_released(patch: pytest.MonkeyPatch) -> None:
    """Holds: a payment that ends is taken for one of which nothing is held any more."""
    patch.setattr(closing, "ask", lambda payment: Released(payment.provider_reference or "", int(payment.amount_captured or 0)))


ALL = (
    without_overdraft_guard,
    without_empty_place,
    without_payment_claim,
    failover_after_silence,
    without_version,
    late_money_dropped,
    refunds_without_sum_guard,
    refunds_under_new_ids,
    news_forgets_what_was_booked,
    reported_amounts_without_a_bound,
    external_refunds_under_new_ids,
    captures_under_new_ids,
    holds_that_are_never_released,
)
