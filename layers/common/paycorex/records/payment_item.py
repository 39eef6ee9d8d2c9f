"""A payment as it is stored."""

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

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
    # The customer whose `reference` is the user_id; absent where none was named.
    customer_id = UnicodeAttribute(null=True)
    # The checkout session that made it.
    session_id = UnicodeAttribute(null=True)
    # The static code on a counter by which it was paid: the sparse index by which a code's payments are found.
    qr_code_id = UnicodeAttribute(null=True)
    network = UnicodeAttribute(null=True)
    asset = UnicodeAttribute(null=True)
    description = UnicodeAttribute(null=True)
    metadata = JSONAttribute(null=True)
    provider = UnicodeAttribute(null=True)
    provider_reference = UnicodeAttribute(null=True)
    amount_refunded = NumberAttribute(default=0)
    # Refunded plus being refunded: the one number that a refund must get past.
    amount_reserved = NumberAttribute(default=0)
    # What payers' banks ask back, or have got back: it cannot be refunded as well. Absent where there was no dispute.
    amount_disputed = NumberAttribute(null=True)
    # `manual`: the money is held first and captured by requests of the merchant. Absent: it is captured as it is approved.
    capture_method = UnicodeAttribute(null=True)
    # Of a payment that is captured by requests; absent for any other.
    amount_captured = NumberAttribute(null=True)
    # What is authorized and how it stands, as `paycorex.records.hold` has it.
    hold = JSONAttribute(null=True)
    # What it is listed under, in a sparse index: the wallet whose money is held, while it is; the static code that it was paid by; its
    # merchant's review, while a person must decide.
    listed_under = UnicodeAttribute(null=True)
    # False: the merchant charged a stored card without the payer. Absent: the payer did.
    customer_initiated = BooleanAttribute(null=True)
    # By which the card's network knows the payment, where its processor says so.
    network_transaction_id = UnicodeAttribute(null=True)
    statement_descriptor = UnicodeAttribute(null=True)
    # Where the payer goes afterwards, in its normal form.
    return_url = UnicodeAttribute(null=True)
    next_action = JSONAttribute(null=True)
    # What the method needs to go on (deposit address, quote, callback state); never shown.
    method_state = JSONAttribute(null=True)
    # As the contract shows them: the n-th try's id, which is the connector's idempotency key, follows from the payment's.
    attempts = JSONAttribute(null=True)
    # Why it went to its connectors (`paycorex.records.payment_routing`); absent where there is no choice.
    routing = JSONAttribute(null=True)
    # Money that came when the payment was decided already, or not as asked; booked to suspense, in the contract's shape.
    late_money = JSONAttribute(null=True)
    # What payers' banks ask back, in the contract's shape; bounded (see payments.payment.disputes).
    disputes = JSONAttribute(null=True)
    # What it costs, as `paycorex.records.payment_fee` has it; absent while nothing is known.
    fee = JSONAttribute(null=True)
    # Set when a provider's answer contradicts what was asked, until one that does not decides the payment; in the contract's shape.
    review = JSONAttribute(null=True)
    # What a risk rule or the blocklist decided, as `paycorex.records.payment_risk` has it; absent where none did.
    risk = JSONAttribute(null=True)
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
    # Through how many advances of its merchant's test clock it has been (`paycorex.test_clock`); absent: none.
    clock_moves = NumberAttribute(null=True)
