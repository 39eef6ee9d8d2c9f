"""A payment: stored shape and contract object."""

from collections.abc import Mapping
from typing import Any, Final

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from paycorex import clock
from paycorex.contract import View
from paycorex.ledger import Entry, Reference, ReferenceType
from paycorex.money import format_minor
from paycorex.records.stamps import StampedItem


class PaymentItem(StampedItem):
    """A payment as it is stored. Amounts are minor units, times milliseconds since the epoch. Kept under 1 KiB, one write unit."""

    class Meta:
        """Which table."""

        table_name = "payments"

    payment_id = UnicodeAttribute(hash_key=True)
    merchant_id = UnicodeAttribute()
    amount = NumberAttribute()
    currency = UnicodeAttribute()
    method = UnicodeAttribute()
    status = UnicodeAttribute()
    failure_code = UnicodeAttribute(null=True)
    failure_message = UnicodeAttribute(null=True)
    user_id = UnicodeAttribute(null=True)
    wallet_id = UnicodeAttribute(null=True)
    token_id = UnicodeAttribute(null=True)
    network = UnicodeAttribute(null=True)
    asset = UnicodeAttribute(null=True)
    description = UnicodeAttribute(null=True)
    metadata = JSONAttribute(null=True)
    provider = UnicodeAttribute(null=True)
    provider_reference = UnicodeAttribute(null=True)
    amount_refunded = NumberAttribute(default=0)
    # Refunded plus being refunded: the one number that a refund must get past.
    amount_reserved = NumberAttribute(default=0)
    next_action = JSONAttribute(null=True)
    # What the method needs to go on (deposit address, quote, callback state); never shown.
    method_state = JSONAttribute(null=True)
    # As the contract shows them: the n-th try's id, which is the connector's idempotency key, follows from the payment's.
    attempts = JSONAttribute(null=True)
    # Money that came when the payment was decided already, or not as asked; booked to suspense, in the contract's shape.
    late_money = JSONAttribute(null=True)
    # What payers' banks ask back, in the contract's shape; bounded (see payments.payment.disputes).
    disputes = JSONAttribute(null=True)
    # Set when a provider's answer contradicts what was asked, until one that does not decides the payment; in the contract's shape.
    review = JSONAttribute(null=True)
    # How much of that there has been, once some of it has rows of its own (`payment_overflow`).
    late_money_count = NumberAttribute(null=True)
    # [[status, at, reason?], ...]
    timeline = JSONAttribute()
    # [[entity, entity_id, lane, seq], ...] of the settlement journal; its id follows from the payment's.
    entries = JSONAttribute(null=True)
    # How many settlements were taken back because the chain took the money back; each has its reversal, and the next its own reference.
    reversals = NumberAttribute(default=0)
    lane = NumberAttribute(default=0)
    version = NumberAttribute()
    created_at = NumberAttribute()
    updated_at = NumberAttribute()
    expires_at = NumberAttribute(null=True)
    request_hash = UnicodeAttribute()
    merchant_lane = UnicodeAttribute()
    order_key = UnicodeAttribute()
    # Present only while the payment needs work: the janitor's sparse index.
    due_shard = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)


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
    """A payer's bank asks for money back. `status` and `reason` are the provider's own words. No money is booked for it yet."""

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

    `reason`: unreadable_amount, another_object, amount_differs, currency_differs, refund_differs, refund_exceeds, or disputes_exceed.
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
    amount: str
    currency: str
    method: str
    status: str
    failure_code: str | None
    failure_message: str | None
    user_id: str | None
    wallet_id: str | None
    token_id: str | None
    description: str | None
    metadata: dict[str, Any] | None
    provider: str | None
    provider_reference: str | None
    amount_refunded: str
    refund_status: str
    next_action: dict[str, Any] | None
    attempts: list[Attempt]
    timeline: list[TimelineStep]
    # The first of it; `late_money_count` says how much there is, GET /v1/payments/{payment_id}/late lists all.
    late_money: list[LateMoney]
    late_money_count: int
    review: Review | None
    disputes: list[Dispute]
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
    "description",
    "metadata",
    "provider",
    "provider_reference",
    "next_action",
    "review",
]


def view(item: PaymentItem) -> PaymentView:
    """The contract object of a stored payment; validated as a whole, because each part alone costs as much."""
    stored = item.attribute_values
    amount, refunded, currency, expires_at = int(item.amount), int(item.amount_refunded), item.currency, item.expires_at
    shown: dict[str, Any] = {name: stored.get(name) for name in _AS_STORED}
    shown |= {
        "amount": format_minor(amount, currency),
        "amount_refunded": format_minor(refunded, currency),
        "refund_status": refund_status(amount, refunded),
        "attempts": item.attempts or (),
        "timeline": [
            {"status": step[0], "at": clock.rfc3339(step[1]), "reason": step[2] if len(step) > 2 else None} for step in item.timeline
        ],
        "late_money": [late_money_view(money) for money in item.late_money or () if not money.get("row")],
        "late_money_count": late_money_count(item),
        "disputes": item.disputes or (),
        "ledger": ledger_reference(settlement_reference(item.payment_id, int(item.reversals or 0)), currency, item.entries),
        "version": int(item.version),
        "created_at": clock.rfc3339(int(item.created_at)),
        "updated_at": clock.rfc3339(int(item.updated_at)),
        "expires_at": None if expires_at is None else clock.rfc3339(int(expires_at)),
    }
    return PaymentView.model_validate(shown)
