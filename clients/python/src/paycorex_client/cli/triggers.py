"""Events that happen because something was done: each trigger makes its event happen in the sandbox. Nothing is invented."""

import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

from paycorex_client.client import PayCoreX
from paycorex_client.errors import Unreachable
from paycorex_client.values import NOT_GIVEN, NotGiven

APPROVED, DECLINED, SLOW = "4242424242424242", "4000000000000002", "4000000000003006"
REFUND_FAILS, DISPUTED, SHORT_HOLD = "4000000000005126", "4000000000000259", "4000000000008203"
DISPUTED_TAKEN_LATER = "4000000000002685"
AMOUNT: Final = "123.45"
# Whose payer in the sandbox pays a UPI link after its end.
AMOUNT_PAID_LATE: Final = "123.03"
# A wallet's hold is announced a day before its end: this one at the next look.
HOLD_SECONDS: Final = 24 * 3600 + 60
# A dispute is found by a look at the provider.
DISPUTE_SECONDS, POLL_SECONDS = 180, 1.0
USER: Final = "pcx-trigger"
# Why the others cannot be made to happen at will.
NOT_AT_WILL: Final[Mapping[str, str]] = {
    "apikey.rotated": "it would replace the key of this profile: call POST /v1/merchants/apikey, then pcx login",
    "payment.contradicted": "it needs a provider that contradicts itself",
    "refund.external": "it begins at the provider",
    "webhook.disabled": "it needs an endpoint that fails for five days or answers 410",
    "settlement.": "it needs a report of the sandbox's payouts: ask for one (docs/settlements.md)",
    "reconciliation.": "it needs a report with something wrong in it: the sandbox has cards for that (docs/payment-methods.md)",
    "crypto.": "it needs a transaction on a chain: local.wallet pays one on the local platform",
    "checkout.": "it needs a payer in a browser",
}


def why_not(event: str) -> str | None:
    """Why an event cannot be triggered; None when it can be, or is not known."""
    return NOT_AT_WILL.get(event) or NOT_AT_WILL.get(f"{event.partition('.')[0]}.")


def _card(client: PayCoreX, number: str, user_id: str = USER) -> str:
    return client.tokens.create(user_id=user_id, type="card", number=number, expiry_month=12, expiry_year=2031).token_id


def _new_card(client: PayCoreX) -> str:
    """Of a user without one: a card that a user has already is the same token, and no event."""
    return _card(client, APPROVED, f"{USER}-{secrets.token_hex(4)}")


def _charge(client: PayCoreX, number: str, *, manual: bool = False, hold_for: int | NotGiven = NOT_GIVEN) -> str:
    made = client.payments.create(
        amount=AMOUNT,
        method="tokenized",
        token_id=_card(client, number),
        capture_method="manual" if manual else "automatic",
        hold_for=hold_for,
    )
    return made.payment_id


def _declined(client: PayCoreX) -> str:
    from paycorex_client.error_codes import CardDeclined  # noqa: PLC0415 - a class for one case

    try:
        return _charge(client, DECLINED)
    except CardDeclined as error:
        return str(error.details["payment"]["payment_id"])


def _captured(client: PayCoreX, amount: str = AMOUNT) -> str:
    payment_id = _charge(client, APPROVED, manual=True)
    client.payments.capture(payment_id, amount=amount)
    return payment_id


def _voided(client: PayCoreX) -> str:
    return client.payments.void(_charge(client, APPROVED, manual=True)).payment_id


def _refunded(client: PayCoreX, card: str = APPROVED) -> str:
    return client.refunds.create(payment_id=_charge(client, card), amount="23.45").refund_id


def _dispute(client: PayCoreX, card: str, *, refund: bool = False) -> str:
    """The dispute of a new payment, once it is known. refund: the payment is given back first."""
    payment_id = _charge(client, card)
    if refund:
        client.refunds.create(payment_id=payment_id)
    ends = time.monotonic() + DISPUTE_SECONDS
    while time.monotonic() < ends:
        found = client.disputes.list(payment_id=payment_id).first()
        if found is not None:
            return found.dispute_id
        time.sleep(POLL_SECONDS)
    raise Unreachable(f"no dispute of {payment_id} came within {DISPUTE_SECONDS} seconds", idempotency_key=None)


def _answered_dispute(client: PayCoreX) -> str:
    dispute_id = _dispute(client, DISPUTED)
    client.disputes.add_evidence(dispute_id, text={"explanation": "Handed over, and signed for."})
    return client.disputes.submit(dispute_id).dispute_id


def _held_wallet_money(client: PayCoreX) -> str:
    _topped_up(client)
    return client.payments.create(amount=AMOUNT, method="wallet", user_id=USER, capture_method="manual", hold_for=HOLD_SECONDS).payment_id


def _topped_up(client: PayCoreX) -> str:
    from paycorex_client.error_codes import WalletExists  # noqa: PLC0415 - a class for one case

    with suppress(WalletExists):
        client.wallets.create(user_id=USER)
    return client.wallets.top_up(user_id=USER, amount=AMOUNT).transfer.transfer_id


def _asked(client: PayCoreX) -> str:
    """A card payment that waits for its payer to type the card, and expires after a minute."""
    return client.payments.create(amount=AMOUNT, method="tokenized", expires_in=60).payment_id


def _deleted_token(client: PayCoreX) -> str:
    return client.tokens.delete(_new_card(client)).token_id


def _tested_endpoint(client: PayCoreX) -> str:
    endpoint = client.endpoints.list().first()
    if endpoint is None:
        endpoint_id = client.endpoints.create(url="https://example.com/paycorex").endpoint_id
        client.endpoints.test(endpoint_id)
        return client.endpoints.delete(endpoint_id).endpoint_id
    return client.endpoints.test(endpoint.endpoint_id).delivery_id


TRIGGERS: Final[Mapping[str, Callable[[PayCoreX], str]]] = {
    "payment.created": _asked,
    "payment.processing": lambda client: _charge(client, SLOW),
    "payment.success": lambda client: _charge(client, APPROVED),
    "payment.failed": _declined,
    "payment.expired": _asked,
    "payment.authorized": lambda client: _charge(client, APPROVED, manual=True),
    "payment.captured": _captured,
    "payment.voided": _voided,
    "payment.released": lambda client: _captured(client, "100.00"),
    "payment.disputed": lambda client: _charge(client, DISPUTED),
    "payment.late_money": lambda client: client.payments.create(amount=AMOUNT_PAID_LATE, method="upi_intent", expires_in=60).payment_id,
    "authorization.expiring": _held_wallet_money,
    "authorization.expired": lambda client: _charge(client, SHORT_HOLD, manual=True),
    "refund.created": _refunded,
    "refund.success": _refunded,
    "refund.failed": lambda client: _refunded(client, REFUND_FAILS),
    "dispute.created": lambda client: _charge(client, DISPUTED),
    "dispute.updated": _answered_dispute,
    "dispute.closed": lambda client: client.disputes.accept(_dispute(client, DISPUTED)).dispute_id,
    "dispute.double_loss": lambda client: client.disputes.accept(_dispute(client, DISPUTED_TAKEN_LATER, refund=True)).dispute_id,
    "token.created": _new_card,
    "token.deleted": _deleted_token,
    "wallet.topup": _topped_up,
    "webhook.test": _tested_endpoint,
}
# Those that a schedule brings, and how long that takes at most.
SLOW_SECONDS: Final[Mapping[str, int]] = {
    "payment.processing": 60,
    "payment.expired": 180,
    "authorization.expired": 480,
    "payment.disputed": 120,
    "payment.late_money": 3600,
    "authorization.expiring": 180,
    "dispute.created": 120,
    "dispute.updated": 60,
    "dispute.closed": 60,
    "dispute.double_loss": 120,
}
