"""Datatrans, https://api-reference.datatrans.ch and https://docs.datatrans.ch. Keys hold for an hour; a second payment under the same
reference is refused where the account says so.
"""

from payments.connectors.prism.facts import Processor, Witness, as_it_is
from payments.connectors.prism.known import datatrans_fields
from payments.connectors.prism.names import Names
from payments.connectors.requests import Captures, HoldAbility

FACTS = Processor(
    # https://docs.datatrans.ch/docs/secure-fields: the transaction is made here, and its card is typed there.
    names=Names(datatrans_fields.begun, own="transaction_id", is_order=True, reads_itself=True, pays=datatrans_fields.pay),
    signs=datatrans_fields.signed,
    hosts=("api.sandbox.datatrans.com", "api.datatrans.com"),
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
    payers=datatrans_fields.PAYERS,
)
