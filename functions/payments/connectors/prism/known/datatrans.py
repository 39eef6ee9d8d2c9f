"""Datatrans, https://api-reference.datatrans.ch and https://docs.datatrans.ch. Keys hold for an hour; a second payment under the same
reference is refused where the account says so.
"""

from payments.connectors.prism.facts import Processor, Witness, as_it_is
from payments.connectors.requests import Captures, HoldAbility

FACTS = Processor(
    idempotency="Idempotency-Key",
    holds=HoldAbility(Captures.ONE_PART, hold_days=7),
    three_ds=False,
    # https://docs.datatrans.ch/docs/redirect-lightbox: a payment on Datatrans' own page, where the bank asks.
    asks=as_it_is,
    # https://docs.datatrans.ch/docs/3d-secure: the bank wants its customer to confirm first.
    confirms_after=frozenset({"SOFT_DECLINED"}),
    witnesses={
        "authorize": Witness("transactionId"),
        "get": Witness("transactionId", "refno", "detail.settle.amount|detail.authorize.amount", "currency"),
        "refund": Witness("transactionId"),
        "refund_get": Witness("transactionId", "refno", "detail.credit.amount", "currency"),
    },
    earlier=frozenset({"DUPLICATE_REFNO"}),
    payers=frozenset(
        {"BLOCKED_CARD", "DECLINED", "EXPIRED_CARD", "INVALID_CARD", "INVALID_CVV", "REFERRAL", "SOFT_DECLINED", "UNSUPPORTED_CARD"}
    ),
)
