"""What a merchant asks for, and the payment record that it becomes."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from paycorex import clock
from paycorex.credentials import Caller
from paycorex.idempotency import Claim
from paycorex.ledger import Entry
from paycorex.money import Money
from paycorex.records.hold import Hold
from paycorex.records.order import merchant_lane, order_key
from paycorex.records.payment import PaymentItem, entry_references
from paycorex.records.payment_amounts import MANUAL
from paycorex.records.payment_risk import Risk
from paycorex.records.risk_rule import REQUIRE_3DS
from paycorex.records.stamps import stamp
from paycorex.storage import Write

if TYPE_CHECKING:
    # A wallet payment starts without the vault's room.
    from tokens.instruments import Instrument


@dataclass(frozen=True, slots=True)
class Order:
    """A request to pay, validated and in domain terms."""

    caller: Caller
    claim: Claim
    amount: Money
    method: str
    user_id: str | None = None
    wallet_id: str | None = None
    token_id: str | None = None
    # Who the user is, where the merchant keeps its customers here.
    customer_id: str | None = None
    network: str | None = None
    asset: str | None = None
    description: str | None = None
    metadata: dict[str, Any] | None = None
    expires_in_seconds: int | None = None
    # The payer's card may be kept at the provider, should the payer agree.
    saves: bool = False
    # Who pays, for the providers that want to know: for the call of one request, in no record.
    payer: dict[str, Any] | None = field(default=None, repr=False)
    # Of the card, for the call of one request: it is never stored (PCI DSS 4.0 3.3.1).
    security_code: str | None = field(default=None, repr=False)
    # What pays this payment only, and whose token that is: for the call of one request, in no record.
    one_time: "Instrument | None" = field(default=None, repr=False)
    one_time_connector: str | None = None
    # True when the money is held, and captured by later requests; for so long, where nothing else decides.
    is_manual: bool = False
    hold_seconds: int | None = None
    # False: the payer is not there. The first payment of the same card, whose network knows the later ones by it.
    customer_initiated: bool = True
    initial_payment_id: str | None = None
    network_transaction_id: str | None = None
    # What the payer's statement shows.
    statement_descriptor: str | None = None
    # Where the payer goes afterwards.
    return_url: str | None = None
    # The checkout session that it is made for, and the number of its payer's choice.
    session_id: str | None = None
    session_try: int | None = None
    # The static code by which it was paid.
    qr_code_id: str | None = None
    # The address of a payer who begins it on a page of ours; None for a request that the merchant signed. In no record and no log.
    payer_ip: str | None = field(default=None, repr=False)
    # What a risk rule decided about it, where it may go on: held for a review, or confirmed by its payer.
    risk: Risk | None = None
    # Where this API was reached, for the links that a payer follows.
    base_url: str = ""
    # Its body would also do for another route. A v1 signature does not cover the path, so then the signature itself must be claimed where
    # every other route claims it, or a captured top-up could be sent again as a payment.
    body_fits_elsewhere: bool = False

    def claim_writes(self, *, on_a_chain: bool = False) -> list[Write]:
        """The writes that claim what the payment's own record does not.

        on_a_chain: in one transaction with an entry of the payer's wallet. There a v1 signature without a key needs no row: the same
        signature is of the same body, so of the same wallet, and the one that appends second looks after it has read the first one's entry.
        """
        if self.body_fits_elsewhere:
            return self.claim.rows(reference=self.payment_id)
        if on_a_chain and not self.claim.has_key:
            return []
        return self.claim.signature_rows(reference=self.payment_id)

    @property
    def must_confirm(self) -> bool:
        """True when the payer's bank must ask the payer."""
        return self.risk is not None and self.risk.action == REQUIRE_3DS

    @property
    def looks_at_each_try(self) -> bool:
        """True when other uses of the order's signature are looked for at each try to append to the payer's chain (see claim_writes)."""
        return self.claim.single_use and self.method == "wallet" and not self.body_fits_elsewhere

    @property
    def payment_id(self) -> str:
        """The id of the payment that this order becomes: the same for every retry of it."""
        return self.claim.record_id("pay")


@dataclass(frozen=True, slots=True)
class Recorded:
    """A stored payment; `replayed` when an earlier request made it."""

    payment: PaymentItem
    replayed: bool = False


def draft(order: Order, status: str, *, lane: int, now_ms: int, steps: list[list[Any]] | None = None) -> PaymentItem:
    """The first version of the order's payment in this status. Nothing is stored yet."""
    payment_id = order.payment_id
    return PaymentItem(
        payment_id=payment_id,
        merchant_id=order.caller.merchant_id,
        amount=order.amount.minor,
        currency=order.amount.currency,
        method=order.method,
        status=status,
        user_id=order.user_id,
        wallet_id=order.wallet_id,
        token_id=order.token_id,
        customer_id=order.customer_id,
        session_id=order.session_id,
        qr_code_id=order.qr_code_id,
        listed_under=order.qr_code_id,
        network=order.network,
        asset=order.asset,
        description=order.description,
        metadata=order.metadata,
        capture_method=MANUAL if order.is_manual else None,
        risk=None if order.risk is None else order.risk.stored(),
        amount_captured=0 if order.is_manual else None,
        customer_initiated=None if order.customer_initiated else False,
        statement_descriptor=order.statement_descriptor,
        return_url=order.return_url,
        timeline=steps or [[status, now_ms]],
        lane=lane,
        version=1,
        created_at=now_ms,
        updated_at=now_ms,
        request_hash=order.claim.request_hash,
        merchant_lane=merchant_lane(order.caller.merchant_id, lane),
        order_key=order_key(now_ms, payment_id),
        **stamp("payment.created" if status == "pending" else f"payment.{status}", now_ms),
    )


def settled(order: Order, entries: tuple[Entry, ...]) -> PaymentItem:
    """The payment of an order whose money moves in the same transaction."""
    now = clock.now_ms()
    lane = next((entry.account.lane for entry in entries if entry.account.entity == "merchant"), 0)
    item = draft(order, "success", lane=lane, now_ms=now, steps=[["pending", now], ["success", now]])
    item.entries = entry_references(entries)
    return item


def held(order: Order, hold: Hold, *, lane: int) -> PaymentItem:
    """The payment of an order whose money is set aside in the same transaction, until it is captured or released."""
    now = clock.now_ms()
    item = draft(order, "authorized", lane=lane, now_ms=now, steps=[["pending", now], ["authorized", now]])
    item.hold = hold.stored()
    return item


def failed(order: Order, code: str, message: str, *, lane: int) -> PaymentItem:
    """The payment of an order that was refused at once."""
    now = clock.now_ms()
    item = draft(order, "failed", lane=lane, now_ms=now, steps=[["pending", now], ["failed", now, code]])
    item.failure_code, item.failure_message = code, message
    return item
