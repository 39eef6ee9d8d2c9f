"""What processors document of themselves and the library does not know: how often they do a thing that is asked for twice, by which names
they find it again, and where their answers say what they are about.

Each has a file in `known`, with its sources. One without a file is used with the least that any of them promises.
"""

import importlib
import importlib.util
from functools import cache
from typing import Final

from paycorex.money import Money
from payments.connectors.prism.facts import Processor

# The library counts these otherwise than ISO 4217 does, or as some processors do and others do not.
MISCOUNTED: Final = frozenset({"IQD", "ISK", "LYD", "MGA"})
_KNOWN: Final = "payments.connectors.prism.known"
_DEFAULT: Final = Processor(one_time=None)


@cache
def of(processor: str) -> Processor:
    """What is known of a processor; the least of all for one without a file."""
    name = f"{_KNOWN}.{processor}"
    if not processor.isidentifier() or importlib.util.find_spec(name) is None:
        return _DEFAULT
    facts = importlib.import_module(name).FACTS
    if not isinstance(facts, Processor):
        raise TypeError(name)
    return facts


def ours(known: Processor, payment_id: str) -> str:
    """Our reference at a processor: the payment's id, because a payment is tried once there; what fits of it where less is kept."""
    return payment_id if len(payment_id) <= known.longest_reference else payment_id.removeprefix("pay_")[: known.longest_reference]


def amount_problem(processor: str, amount: Money) -> str | None:
    """Why this processor cannot be asked for exactly this amount; None when it can."""
    if amount.currency in MISCOUNTED | of(processor).refused_currencies:
        return f"{processor} counts {amount.currency} otherwise than ISO 4217 does."
    return None
