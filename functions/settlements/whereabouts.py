"""Where the money of one payment is: authorized, captured, with its provider, paid out, in the bank. What is known, with its dates; nothing
is asked of a provider. A wallet's money and a chain's need no payout: they end where they are captured. What was in a payout that failed is
with its provider again, until another payout brings it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from paycorex import clock
from paycorex.records.hold import hold_of
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_amounts import credited, is_manual
from paycorex.records.settlement import SettlementItem
from paycorex.records.settlement_line import SettlementLineItem
from payments.payment import references
from payments.payment import store as payments
from settlements.matching import due_dates
from settlements.settling.states import GONE
from settlements.stores import bank_lines, lines, settlements

# What was paid in these ways no provider owes.
_WITHOUT_PAYOUT: Final = frozenset({"wallet", "crypto"})
_PAYMENT: Final = "payment"
_RETURNED: Final = "payout_return"
# How often what came back is looked for: a payout that follows a failed one may fail too.
MAX_RETURNS: Final = 5
# Names of a payment at its provider that are looked at; an ordinary payment has one to three.
MAX_REFERENCES: Final = 20


@dataclass(frozen=True, slots=True)
class Step:
    """One place of the money. status: done, waiting, overdue, or failed (a payout that brought nothing). Amounts are minor units.

    at, due_at: milliseconds since the epoch, where they are known; due_at: by when the provider's report of it should be there. day: as
    the bank writes it, `YYYY-MM-DD`.
    """

    step: str
    status: str
    amount: int | None = None
    at: int | None = None
    settlement_id: str | None = None
    reference: str | None = None
    due_at: int | None = None
    day: str | None = None


def find(merchant_id: str, payment_id: str) -> tuple[PaymentItem, list[Step]] | None:
    """A merchant's payment, and the places of its money, in their order; None for no such payment. Raises storage.Unavailable."""
    payment = payments.find(payment_id)
    if payment is None or payment.merchant_id != merchant_id:
        return None
    named = sorted(references.of(payment))[:MAX_REFERENCES]
    about = [line for reference, connector in named for line in lines.of_subject(merchant_id, connector, reference)]
    paid = [line for line in about if line.kind == _PAYMENT and line.settlement_id is not None]
    found = {line.settlement_id: settlements.find(str(line.settlement_id)) for line in paid}
    payouts = [item for item in found.values() if item is not None]
    known = steps(payment, paid, payouts, {item.settlement_id: _followers(item) for item in payouts if item.payout_status in GONE})
    return payment, [_with_day(merchant_id, _due(payment, step)) for step in known]


def _followers(failed: SettlementItem) -> list[SettlementItem]:
    """The payouts in which a failed one's money was sent again, in their order: the last may have failed too."""
    found: list[SettlementItem] = []
    for _payout in range(MAX_RETURNS):
        about = lines.of_subject(failed.merchant_id, failed.connector, failed.provider_reference)
        named = next((line.settlement_id for line in about if line.kind == _RETURNED and line.settlement_id is not None), None)
        payout = None if named is None or any(named == known.settlement_id for known in found) else settlements.find(named)
        if payout is None:
            break
        found.append(payout)
        if payout.payout_status not in GONE:
            break
        failed = payout
    return found


def _with_day(merchant_id: str, step: Step) -> Step:
    """What has arrived, with the bank's day."""
    if (step.step, step.status) != ("in_bank", "done") or step.reference is None:
        return step
    found = bank_lines.find(step.reference)
    return step if found is None or found.merchant_id != merchant_id else replace(step, day=found.valued_on or found.booked_on)


def _due(payment: PaymentItem, step: Step) -> Step:
    """A payout that is waited for, with the time by which the provider should have reported it."""
    taken_at = _when(payment, "success")
    if (step.step, step.status) != ("paid_out", "waiting") or taken_at is None or payment.provider is None:
        return step
    due_at = due_dates.due_ms(payment.merchant_id, payment.provider, taken_at)
    is_overdue = due_at is not None and clock.now_ms() >= due_at
    return replace(step, due_at=due_at, status="overdue" if is_overdue else "waiting")


def steps(
    payment: PaymentItem,
    paid: Iterable[SettlementLineItem],
    payouts: Iterable[SettlementItem],
    followers: Mapping[str, Sequence[SettlementItem]] = MappingProxyType({}),
) -> list[Step]:
    """The places of a payment's money, but for what is due. Pure.

    paid: its lines in payouts. followers: of a payout that failed, those in which its money was sent again.
    """
    ways = {item.settlement_id: [item, *followers.get(item.settlement_id, ())] for item in payouts}
    return [*_at_the_payer(payment), *_at_the_provider(payment, list(paid), ways)]


def _at_the_payer(payment: PaymentItem) -> list[Step]:
    held = hold_of(payment)
    found = [] if held is None else [Step("authorized", "done", held.amount, _when(payment, "authorized"))]
    taken = credited(payment)
    if taken:
        return [*found, Step("captured", "done", taken, _when(payment, "success"))]
    return [*found, Step("captured", "waiting")] if found and payment.status == "authorized" else found


def _when(payment: PaymentItem, status: str) -> int | None:
    return next((int(step[1]) for step in reversed(payment.timeline) if step[0] == status), None)


def _at_the_provider(payment: PaymentItem, paid: list[SettlementLineItem], ways: dict[str, list[SettlementItem]]) -> list[Step]:
    taken = credited(payment)
    if not taken or payment.method in _WITHOUT_PAYOUT:
        return []
    found = [Step("with_provider", "done", taken, _when(payment, "success"), reference=payment.provider_reference)]
    sent = [line for line in paid if str(line.settlement_id) in ways]
    for line in sent:
        found += [step for payout in ways[str(line.settlement_id)] for step in _paid_out(line, payout)]
    brought = [line for line in sent if ways[str(line.settlement_id)][-1].payout_status not in GONE]
    is_all = sum(int(line.gross) for line in brought) >= taken or (is_manual(payment) and sent)
    if not is_all or len(brought) < len(sent):
        found += [Step("paid_out", "waiting"), Step("in_bank", "waiting")]
    return found


def _paid_out(line: SettlementLineItem, payout: SettlementItem) -> list[Step]:
    """A line's way: what is paid out is what the provider's fee leaves. A payout that failed brings nothing to the bank."""
    net, its = int(line.gross) - int(line.fee) - int(line.tax), payout.settlement_id
    at = int(payout.arrival_at or payout.created_at)
    if payout.payout_status in GONE:
        return [Step("paid_out", "failed", net, at, its, payout.provider_reference)]
    sent = Step("paid_out", "done", net, at, its, payout.provider_reference)
    is_received = payout.bank_line_id is not None
    arrived = Step("in_bank", "done" if is_received else "waiting", net, None, its, payout.bank_line_id or payout.bank_reference)
    return [sent, arrived]
