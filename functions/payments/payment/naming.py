"""How far a payment is whose payer's browser brings a processor's name of the card: part of its `method_state`.

Until a name is claimed nothing is charged: whatever ends the payment before, no money can have moved for it.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from paycorex.idempotency import items
from paycorex.records.payment import PaymentItem
from paycorex.storage import Write, put
from payments.payment.states import Status

# AWAITED: the payer types the card. CLAIMED: one name is this payment's, and was or is being charged.
AWAITED: Final = "awaited"
CLAIMED: Final = "claimed"
_STEP: Final = "card_name"
_OWN: Final = "card_name_is"
_WANTS: Final = "card_name_wants"
_BY: Final = "card_name_claimed_by"
_SIGNED_PARTS: Final = 3


def awaited(state: Mapping[str, Any] | None, own: str | None, wants: Sequence[str] = ()) -> dict[str, Any]:
    """A payment's `method_state` at its beginning. own: the part of its `next_action` that the name has to be, if it has to be one.

    wants: what of the payer has to come with the name.
    """
    more = {**({} if own is None else {_OWN: own}), **({_WANTS: [*wants]} if wants else {})}
    return {**(state or {}), _STEP: AWAITED, **more}


def wants(payment: PaymentItem) -> tuple[str, ...]:
    """What of the payer has to come with the name."""
    return tuple((payment.method_state or {}).get(_WANTS, ()))


def claimed(payment: PaymentItem, claimant: str) -> dict[str, Any]:
    """The same from the claim on. claimant: which request it was, to know it again when its answer was lost."""
    return {**(payment.method_state or {}), _STEP: CLAIMED, _BY: claimant}


def is_awaited(payment: PaymentItem) -> bool:
    """True while no name was claimed, and after that for ever if the payment ended without one."""
    return bool((payment.method_state or {}).get(_STEP) == AWAITED)


def is_claimed(payment: PaymentItem) -> bool:
    """True from the claim on."""
    return bool((payment.method_state or {}).get(_STEP) == CLAIMED)


def may_claim(payment: PaymentItem) -> bool:
    """True for a payment that still waits for its payer."""
    return payment.status == Status.PENDING and is_awaited(payment)


def is_claimed_by(payment: PaymentItem, claimant: str) -> bool:
    """True when this very request claimed the payment's name."""
    return bool((payment.method_state or {}).get(_BY) == claimant)


def own_name(payment: PaymentItem) -> str | None:
    """The only name that may pay it, because its processor made it for this payment; None where any may that no payment has claimed."""
    own = (payment.method_state or {}).get(_OWN)
    return None if own is None else str((payment.next_action or {}).get(own, ""))


def claim_row(payment: PaymentItem, connector: str, name: str) -> Write:
    """The claim of a name, once for all payments of the merchant at this connector. The name itself is not in it."""
    digest = fingerprint(name)
    claim_id = f"card_name#{payment.merchant_id}#{connector}#{digest}"
    row = items.new_row(
        claim_id, payment.merchant_id, digest, reference=payment.payment_id, status=200, refusal=None, kept=items.KEPT_SECONDS
    )
    return put(row, items.free())


def fingerprint(name: str) -> str:
    """Of a name. One that is signed (RFC 7515) is what was signed: its signature has more than one spelling."""
    parts = name.split(".")
    known = ".".join(parts[:2]) if len(parts) == _SIGNED_PARTS else name
    return hashlib.sha256(known.encode()).hexdigest()
