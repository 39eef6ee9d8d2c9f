"""A payment: its contract object, and how its journals are named. `payment_item` has the stored shape."""

from collections.abc import Mapping
from typing import Any, Final

from paycorex import clock, ids, modes
from paycorex.contract import View
from paycorex.ledger import Entry, Reference, ReferenceType
from paycorex.modes import Mode
from paycorex.money import format_minor
from paycorex.records import payment_fee, payment_item, payment_risk, payment_routing
from paycorex.records.hold import Authorization, authorization_view
from paycorex.records.payment_amounts import AUTOMATIC, captured, credited, disputed, is_manual

# Where records and their views are read together, as everywhere, one name is enough.
PaymentItem = payment_item.PaymentItem


def settlement_reference(payment_id: str, reversals: int = 0) -> Reference:
    """The reference of a payment's one settlement journal; of the next one, after so many were taken back."""
    return Reference(ReferenceType.PAYMENT, f"{payment_id}.{reversals}" if reversals else payment_id)


def entry_references(entries: tuple[Entry, ...]) -> list[list[str | int]]:
    """Where a journal's entries are, as records store it."""
    return [[e.account.entity.value, e.account.entity_id, e.account.lane, e.seq] for e in entries]


class EntryReference(View):
    """Where a ledger entry is."""

    entity: str
    entity_id: str
    currency: str
    lane: int
    seq: int


class LedgerReference(View):
    """The journal of a record."""

    journal_id: str
    entries: list[EntryReference]


class TimelineStep(View):
    """A status that the payment reached."""

    status: str
    at: str
    reason: str | None


class Attempt(View):
    """One try at a connector."""

    connector: str
    status: str
    code: str | None
    reason: str | None
    provider_reference: str | None
    started_at: str
    duration_ms: int


class LateMoney(View):
    """Money in suspense.

    `status`: held, accepted (the merchant's, beside the payment), settled (part of the payment), refunding, refunded, or reversed (the
    chain took it back). `status_before`: what it was until it was reversed; `accepted` also when such money is refunding or refunded.
    `reason`, for crypto: underpaid, overpaid, extra, late or wrong_asset.
    `corrections`: by how much the provider changed the amount since; each has a journal of its own. `returned`: how much of it was given
    back; `kept`: how much of it was accepted, where that is not all.
    """

    late_id: str
    status: str
    amount: str
    currency: str
    connector: str
    provider_reference: str | None
    received_at: str
    journal_id: str
    reason: str | None = None
    status_before: str | None = None
    corrections: list[str] | None = None
    returned: str | None = None
    kept: str | None = None


class Dispute(View):
    """A payer's bank asks for money back: `GET /v1/disputes/{id}` has it in full.

    `dispute_id`, `status` and `reason` are the provider's own words, `provider_reference` is its name for the charge.
    """

    id: str
    dispute_id: str
    connector: str
    provider_reference: str
    amount: str
    currency: str
    status: str
    reason: str | None
    at: str


class Review(View):
    """Why a payment waits for an operator: a provider's answer about it contradicts what was asked, and nothing was booked by it.

    `reason`: unreadable_amount, another_object, amount_differs, currency_differs, refund_differs, refund_exceeds,
    disputes_exceed (too many), dispute_exceeds (one is more than the payment; it is booked as it is reported), dispute_not_found (the
    charge was refunded, and the provider does not know the dispute about it), held_twice or
    captured_twice (another attempt's connector holds money, or took it, beside the hold of this payment).
    `detail`: the text of the answer, masked and short.
    """

    reason: str
    detail: str
    connector: str
    provider_reference: str | None
    at: str


class PaymentView(View):
    """The contract's payment object."""

    payment_id: str
    merchant_id: str
    mode: Mode
    amount: str
    currency: str
    method: str
    status: str
    failure_code: str | None
    failure_message: str | None
    user_id: str | None
    wallet_id: str | None
    token_id: str | None
    customer_id: str | None
    session_id: str | None
    # The static code by which it was paid.
    qr_code_id: str | None
    description: str | None
    metadata: dict[str, Any] | None
    provider: str | None
    provider_reference: str | None
    amount_refunded: str
    # What cannot be refunded because a payer's bank asks for it, or has got it.
    amount_disputed: str
    # `manual` when the merchant captures what was authorized; else `automatic`.
    capture_method: str
    amount_captured: str
    # Of a payment that is captured by the merchant; null for any other.
    authorization: Authorization | None
    refund_status: str
    customer_initiated: bool
    network_transaction_id: str | None
    statement_descriptor: str | None
    return_url: str | None
    next_action: dict[str, Any] | None
    attempts: list[Attempt]
    timeline: list[TimelineStep]
    # The first of it; `late_money_count` says how much there is, GET /v1/payments/{payment_id}/late lists all.
    late_money: list[LateMoney]
    late_money_count: int
    review: Review | None
    disputes: list[Dispute]
    # Which risk rule decided about it; null where none did. A payer is not shown it.
    risk: payment_risk.RiskView | None
    # Null where no connector takes part (`wallet`, `crypto`), and for payments of the time before it was noted.
    routing: payment_routing.RoutingView | None
    # What its provider keeps; null while that is not known, and where no provider takes part.
    fee: payment_fee.FeeView | None
    # What the operator of this platform charges for it; null where no plan is for it.
    platform_fee: payment_fee.PlatformFeeView | None
    ledger: LedgerReference | None
    version: int
    created_at: str
    updated_at: str
    expires_at: str | None


def ledger_reference(reference: Reference, currency: str, entries: list[list[Any]] | None) -> LedgerReference | None:
    """The contract's shape of stored entry references."""
    if entries is None:
        return None
    shown = [
        EntryReference(entity=entity, entity_id=entity_id, currency=currency, lane=int(lane), seq=int(seq))
        for entity, entity_id, lane, seq in entries
    ]
    return LedgerReference(journal_id=reference.journal_id, entries=shown)


def dispute_id(merchant_id: str, connector: str, reference: str) -> str:
    """The id of the dispute that a connector calls so."""
    return ids.derive("dsp", merchant_id, connector, reference)


def _dispute_view(item: PaymentItem, entry: dict[str, Any]) -> dict[str, Any]:
    return {**entry, "id": dispute_id(item.merchant_id, entry["connector"], entry["dispute_id"])}


def refund_status(amount: int, refunded: int) -> str:
    """`none`, `partial` or `full`."""
    if refunded == 0:
        return "none"
    return "full" if refunded >= amount else "partial"


def late_number(late_id: str) -> int:
    """Which of its payment's late money this is, from 1."""
    return int(late_id.partition(".")[2])


def late_money_count(item: PaymentItem) -> int:
    """How much late money the payment has had, in rows too."""
    on_payment = (late_number(money["late_id"]) for money in item.late_money or ())
    return max(int(item.late_money_count or 0), *on_payment, 0)


def late_money_view(stored: Mapping[str, Any]) -> LateMoney:
    """The contract object of stored late money."""
    return LateMoney.model_validate({name: value for name, value in stored.items() if name in LateMoney.model_fields})


# What the contract shows as it is stored.
_AS_STORED: Final = [
    "payment_id",
    "merchant_id",
    "currency",
    "method",
    "status",
    "failure_code",
    "failure_message",
    "user_id",
    "wallet_id",
    "token_id",
    "customer_id",
    "session_id",
    "qr_code_id",
    "description",
    "metadata",
    "provider",
    "provider_reference",
    "network_transaction_id",
    "statement_descriptor",
    "return_url",
    "next_action",
    "review",
]


def view(item: PaymentItem) -> PaymentView:
    """The contract object of a stored payment; validated as a whole, because each part alone costs as much."""
    stored = item.attribute_values
    amount, refunded, currency, expires_at = int(item.amount), int(item.amount_refunded), item.currency, item.expires_at
    shown: dict[str, Any] = {name: stored.get(name) for name in _AS_STORED}
    shown |= {
        "mode": modes.of(item.merchant_id),
        "amount": format_minor(amount, currency),
        "amount_refunded": format_minor(refunded, currency),
        "amount_disputed": format_minor(disputed(item), currency),
        "refund_status": refund_status(captured(item), refunded),
        "capture_method": item.capture_method or AUTOMATIC,
        "amount_captured": format_minor(credited(item), currency),
        "authorization": authorization_view(item) if is_manual(item) else None,
        "customer_initiated": stored.get("customer_initiated") is not False,
        "attempts": item.attempts or (),
        "timeline": [
            {"status": step[0], "at": clock.rfc3339(step[1]), "reason": step[2] if len(step) > 2 else None} for step in item.timeline
        ],
        "late_money": [late_money_view(money) for money in item.late_money or () if not money.get("row")],
        "late_money_count": late_money_count(item),
        "disputes": [_dispute_view(item, entry) for entry in item.disputes or ()],
        "risk": payment_risk.view(item),
        "routing": payment_routing.view(item.routing),
        "fee": payment_fee.view(item.fee, credited(item) or amount, currency) if item.fee else None,
        "platform_fee": payment_fee.platform_view(item.fee, currency) if item.fee else None,
        "ledger": ledger_reference(settlement_reference(item.payment_id, int(item.reversals or 0)), currency, item.entries),
        "version": int(item.version),
        "created_at": clock.rfc3339(int(item.created_at)),
        "updated_at": clock.rfc3339(int(item.updated_at)),
        "expires_at": None if expires_at is None else clock.rfc3339(int(expires_at)),
    }
    return PaymentView.model_validate(shown)
