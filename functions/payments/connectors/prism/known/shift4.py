"""Shift4, https://dev.shift4.com/docs/api. A hold is released by refunding its charge.

3-D Secure, https://dev.shift4.com/docs/3d-secure: its script in the browser has the payer's bank ask, and makes a token that knows of it
of the card's. What the browser says of that is not read: the charge demands it (`threeDSecure`), and Shift4 refuses any other token.
"""

import json
from typing import Any

from payments.connectors.one_time import PROCESSOR
from payments.connectors.prism.facts import Processor, Witness
from payments.connectors.prism.known import shift4_dispute_answers, shift4_disputes
from payments.connectors.prism.names import Names
from payments.connectors.prism.ways import DisputeAnswers, DisputeCalls
from payments.connectors.requests import Captures, HoldAbility

_CHARGE = Witness("id", "", "amount", "currency")


def _as_documented(charge: dict[str, Any], _message: Any) -> dict[str, Any]:
    """A country has two letters; the address stands in `billing` already, where it has."""
    card = charge.get("card")
    if isinstance(card, dict):
        charge["card"] = {name: value for name, value in card.items() if not name.startswith("address")}
    return charge


def _asking(body: bytes) -> bytes:
    """A charge that fails unless the bank was asked, and took on the loss."""
    demands = ("requireAttempt", "requireEnrolledCard", "requireSuccessfulLiabilityShiftForEnrolledCard")
    return json.dumps({**json.loads(body), "threeDSecure": dict.fromkeys(demands, True)}, ensure_ascii=False).encode()


FACTS = Processor(
    # https://dev.shift4.com/docs/api#token-object: a `tok_…` of its components.
    one_time=frozenset({PROCESSOR}),
    # The library's own token is of Shift4's checkout window, which pays by itself; the components need the public key alone.
    names=Names(lambda _message, _body: {}, flow=None, wants_key=True, asks=_asking),
    limits={
        "callbacks": "What Shift4 reports has no signature: of its events those of disputes are asked for, and no others.",
    },
    callback=shift4_disputes.read_callback,
    disputes=DisputeCalls(
        shift4_disputes.look_up,
        shift4_disputes.listed,
        DisputeAnswers(shift4_dispute_answers.submit, shift4_dispute_answers.accept),
    ),
    hosts=("api.shift4.com", "api.shift4.com"),
    takes_files="uploads.api.shift4.com",
    signs=shift4_disputes.signed,
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
