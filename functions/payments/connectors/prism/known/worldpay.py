"""Worldpay (Access), https://docs.worldpay.com/access/products/payments. A payment is known by the data of its links, which are long.

It has no keys: a second `transactionReference` is another payment. Its answers state no amount; a capture, a release and a refund are taken
first (202) and made later.
"""

from payments.connectors.prism.processors import Processor, Witness
from payments.connectors.requests import Captures, HoldAbility

_LINK = "_links.self.href"

FACTS = Processor(
    holds=HoldAbility(Captures.ONE_PART, hold_days=7),
    three_ds=False,
    witnesses={
        "authorize": Witness(_LINK, "transactionReference"),
        "capture": Witness(_LINK),
        "refund": Witness(_LINK),
    },
)
