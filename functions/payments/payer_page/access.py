"""Access to a payment without a key: by its link, while the shop is open and the payment ended a day ago at most."""

import hashlib
from collections.abc import Callable
from typing import Final

from paycorex import client_networks, clock, credentials
from paycorex.errors import Forbidden, NotFound, Refusal
from paycorex.rate_limits import Limit
from paycorex.records.checkout_session import SessionItem
from paycorex.records.merchant import MerchantItem
from paycorex.records.payment import PaymentItem
from payments.payer_page import links
from payments.payment import store
from payments.payment.states import OPEN, Status

# For so long after a payment ended its link shows its outcome; then it shows nothing of it.
SHOWN_AFTER_END_MS: Final = 24 * 3600 * 1000
# Wrong tokens for one payment from one address. A token has 96 bits; this keeps a guesser from costing much.
GUESSES: Final = Limit("payer_guess", 10)
# Wrong tokens from one address for whatever ids: who tries many payments or checkouts, a few times each, is stopped too.
GUESSES_IN_ALL: Final = Limit("payer_guess_in_all", 30, window_seconds=3600)
_UNKNOWN_MERCHANTS_KEY: Final = hashlib.sha256(b"unknown").hexdigest()[:32]
_ACTIVE: Final = "active"


class ShopClosed(Forbidden):
    """The merchant is suspended. Money that still arrives is booked all the same."""

    def __init__(self) -> None:
        super().__init__("This merchant takes no payments at the moment.")


class LinkOver(Refusal):
    """What the link shows ended too long ago. noun: what that is."""

    code = "not_found"

    def __init__(self, noun: str) -> None:
        super().__init__(f"This {noun} ended a day ago or earlier: its link no longer shows it.")


def opened(payment_id: str, token: str, source_ip: str) -> tuple[PaymentItem, MerchantItem]:
    """The payment that a token opens, and its merchant. Raises what `entered` raises, and LinkOver."""
    payment, merchant = entered(payment_id, token, source_ip, find=store.find, guesses=GUESSES, noun="payment")
    show_until(ended_at(payment), "payment")
    return payment, merchant


def entered[Held: (PaymentItem, SessionItem)](
    object_id: str, token: str, source_ip: str, *, find: Callable[[str], Held | None], guesses: Limit, noun: str
) -> tuple[Held, MerchantItem]:
    """What a token opens of this id, and its merchant. guesses: of wrong tokens for one id from one address.

    The same NotFound, at the same cost, for a wrong token and for an id that is none; only the right token shows more. Raises
    RateLimited after too many wrong tokens, ShopClosed.
    """
    guesser = f"{object_id}#{source_ip}"
    guesses.refuse_if_spent(guesser)
    GUESSES_IN_ALL.refuse_if_spent(client_networks.counted(source_ip))
    held = find(object_id)
    merchant = None if held is None else credentials.find_merchant(held.merchant_id)
    genuine = links.is_token_of(token, object_id, merchant.cursor_key if merchant else _UNKNOWN_MERCHANTS_KEY)
    if held is None or merchant is None or not genuine:
        guesses.take(guesser)
        GUESSES_IN_ALL.take(client_networks.counted(source_ip))
        raise NotFound(noun)
    if merchant.status != _ACTIVE:
        raise ShopClosed
    return held, merchant


def show_until(ended_ms: int | None, noun: str) -> None:
    """Refuse what ended a day ago or earlier (milliseconds since the epoch; None while it is open). Raises LinkOver."""
    if ended_ms is not None and clock.now_ms() - ended_ms >= SHOWN_AFTER_END_MS:
        raise LinkOver(noun)


def ended_at(payment: PaymentItem) -> int | None:
    """When the payment came to where its payer has nothing left to do (milliseconds since the epoch); None while it is open."""
    if Status(payment.status) in OPEN:
        return None
    ended = int(payment.updated_at)
    for step in reversed(payment.timeline):
        if step[0] != payment.status:
            break
        ended = int(step[1])
    return ended
