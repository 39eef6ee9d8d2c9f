"""Shift4, https://dev.shift4.com/docs/api. A hold is released by refunding its charge. Confirmation by the payer's bank is a step of its
own in the browser, which is not used here.
"""

from typing import Any

from payments.connectors.one_time import PROCESSOR
from payments.connectors.prism.facts import Processor, Witness
from payments.connectors.prism.names import Names
from payments.connectors.requests import Captures, HoldAbility

_CHARGE = Witness("id", "", "amount", "currency")


def _as_documented(charge: dict[str, Any], _message: Any) -> dict[str, Any]:
    """A country has two letters; the address stands in `billing` already, where it has."""
    card = charge.get("card")
    if isinstance(card, dict):
        charge["card"] = {name: value for name, value in card.items() if not name.startswith("address")}
    return charge


FACTS = Processor(
    # https://dev.shift4.com/docs/api#token-object: a `tok_…` of its components.
    one_time=frozenset({PROCESSOR}),
    # The library's own token is of Shift4's checkout window, which pays by itself; the components need the public key alone.
    names=Names(lambda _message, _body: {}, flow=None, wants_key=True),
    limits={
        "three_ds": "The library makes the same request with and without it. Shift4 asks the bank by a script of its own in the browser.",
    },
    idempotency="Idempotency-Key",
    holds=HoldAbility(Captures.ONE_PART, hold_days=7),
    three_ds=False,
    witnesses={
        **dict.fromkeys(("authorize", "get"), _CHARGE),
        "capture": Witness("id", "", "amount", "currency"),
        **dict.fromkeys(("refund", "refund_get"), Witness("id", "", "amount", "currency", charge="charge")),
    },
    mends={"authorize": _as_documented},
)
