"""Worldpay (Access), https://docs.worldpay.com/access/products/payments. A payment is known by the data of its links, which are long.

It has no keys: a second `transactionReference` is another payment. Its answers state no amount; a capture, a release and a refund are taken
first (202) and made later.
"""

from payments.connectors.one_time import APPLE_PAY, GOOGLE_PAY
from payments.connectors.prism.facts import Processor, Witness
from payments.connectors.requests import Captures, HoldAbility

_LINK = "_links.self.href"

FACTS = Processor(
    one_time=frozenset({APPLE_PAY, GOOGLE_PAY}),
    limits={
        "three_ds": "The payer's browser has to post several forms of the bank in turn; the library shows no link that does it.",
        "increment": "Worldpay knows no key by which the same increment twice is one: after a lost answer more would be held twice.",
    },
    holds=HoldAbility(Captures.ONE_PART, hold_days=7),
    three_ds=False,
    witnesses={
        "authorize": Witness(_LINK, "transactionReference"),
        "capture": Witness(_LINK),
        "refund": Witness(_LINK),
    },
)
