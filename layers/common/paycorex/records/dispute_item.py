"""A dispute as it is stored. `dispute` has its contract object."""

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from paycorex.records.stamps import StampedItem


class DisputeItem(StampedItem):
    """A dispute as it is stored. Amounts are minor units, times milliseconds since the epoch."""

    class Meta:
        """Which table."""

        table_name = "disputes"

    # Follows from merchant, connector and the provider's name for it: reported twice it is one.
    dispute_id = UnicodeAttribute(hash_key=True)
    payment_id = UnicodeAttribute()
    merchant_id = UnicodeAttribute()
    provider = UnicodeAttribute()
    # The provider's names: of the dispute, and of the charge that it is about.
    provider_reference = UnicodeAttribute()
    charge_reference = UnicodeAttribute()
    # As the provider says it, in whichever currency.
    amount = NumberAttribute()
    currency = UnicodeAttribute()
    status = UnicodeAttribute()
    # The provider's own word for the status.
    provider_status = UnicodeAttribute()
    stage = UnicodeAttribute()
    network = UnicodeAttribute(null=True)
    reason_code = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    # Until when the merchant may answer.
    respond_by = NumberAttribute(null=True)
    # When what is stored of it was true at the provider: what is older changes less.
    said_at = NumberAttribute()
    # When the janitor looked at it last.
    looked_at = NumberAttribute(null=True)
    # How often the provider took the money, and gave it back. They only grow.
    withdrawn = NumberAttribute(default=0)
    reinstated = NumberAttribute(default=0)
    # [[from, to, minor, currency], ...]: each is a journal, whose reference follows from its number.
    moves = JSONAttribute()
    # How much of the payment's own amount cannot be refunded because of it.
    counted = NumberAttribute(default=0)
    payment_currency = UnicodeAttribute()
    # How much of the payment was lost twice, as was reported with `dispute.double_loss`.
    double_loss = NumberAttribute(default=0)
    # What the provider reports and cannot be right: an operator looks at the payment.
    review = UnicodeAttribute(null=True)
    # {"text": {kind: text}, "files": [{...}]} as the merchant gave it.
    evidence = JSONAttribute(null=True)
    # What is under way at the provider, until its outcome is known: submit or accept.
    answering = UnicodeAttribute(null=True)
    # Hours before `respond_by` for which the merchant was warned last.
    warned_hours = NumberAttribute(null=True)
    # The provider's name of the refund by which it gave the disputed money back.
    refund_reference = UnicodeAttribute(null=True)
    # That refund as it is stored here, where it was booked before it was known as the dispute's: it counts, and the dispute does not.
    refund_id = UnicodeAttribute(null=True)
    # What the payer got back when it ended, and when that was, as the provider says both.
    returned = NumberAttribute(null=True)
    ended_at = NumberAttribute(null=True)
    # The last status that has an event.
    announced = UnicodeAttribute()
    # [[status, at, reason?], ...]
    timeline = JSONAttribute()
    version = NumberAttribute()
    created_at = NumberAttribute()
    updated_at = NumberAttribute()
    order_key = UnicodeAttribute()
    # Present while the janitor must look at it.
    due_shard = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)
    # Through how many advances of its merchant's test clock it has been (`paycorex.test_clock`); absent: none.
    clock_moves = NumberAttribute(null=True)
