"""Events that happen because something was done: each trigger makes its event happen in the sandbox. Nothing is invented."""

import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final, cast

from paycorex_client import inputs
from paycorex_client.cli import chains, making
from paycorex_client.client import PayCoreX
from paycorex_client.values import NOT_GIVEN, NotGiven

APPROVED, DECLINED, SLOW = "4242424242424242", "4000000000000002", "4000000000003006"
REFUND_FAILS, DISPUTED, SHORT_HOLD = "4000000000005126", "4000000000000259", "4000000000008203"
DISPUTED_TAKEN_LATER, REFUNDED_THERE, SETTLED_TWICE = "4000000000002685", "4000000000005225", "4000000000009607"
CONTRADICTS: Final = "4000000000005233"
AMOUNT: Final = "123.45"
# Whose payer in the sandbox pays less of a UPI link than asked: that is held as late money is.
AMOUNT_PAID_LESS: Final = "123.05"
# A wallet's hold is announced a day before its end: this one at the next look.
HOLD_SECONDS: Final = 24 * 3600 + 60
# A rule that holds no other payment: this much by one e-mail address within a minute. Rules act everywhere within so long.
AMOUNT_REVIEWED: Final = "900001.00"
REVIEWED: Final = inputs.RiskRule(rule_id="pcx-trigger", by="email", max_amount="900000.00", window_seconds=60, then="review")
RULES_SECONDS: Final = 150
RULES_POLL_SECONDS: Final = 15
# A dispute is found by a look at the provider.
DISPUTE_SECONDS: Final = 180
USER: Final = "pcx-trigger"


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
    found = making.until(lambda: client.disputes.list(payment_id=payment_id).first(), DISPUTE_SECONDS, f"a dispute of {payment_id}")
    return found.dispute_id


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


def _expired_checkout(client: PayCoreX) -> str:
    return client.checkout.expire(making.checkout(client, AMOUNT)[0]).session_id


def _reviewed(client: PayCoreX) -> str:
    """A payment that a rule of this trigger's own holds, once the rule acts, and that is declined; the rules of before come back."""
    before = cast("list[inputs.RiskRule]", [each.model_dump() for each in client.merchant.get().risk_rules])
    client.merchant.change(risk_rules=[*before, REVIEWED])
    try:
        payment_id = making.until(lambda: _held_for_review(client), RULES_SECONDS, "a review")
    finally:
        client.merchant.change(risk_rules=before)
    return client.payments.decide_review(payment_id, review="decline").payment_id


def _held_for_review(client: PayCoreX) -> str | None:
    _wait_for_rules()
    payer = inputs.PayerDetails(email=f"{USER}@example.com")
    made = client.payments.create(amount=AMOUNT_REVIEWED, method="tokenized", token_id=_card(client, APPROVED), payer=payer)
    return made.payment_id if made.status == "authorized" else None


def _wait_for_rules() -> None:
    """What each server remembers of a merchant's settings, it remembers for a minute."""
    time.sleep(RULES_POLL_SECONDS)


def make(client: PayCoreX, event: str, *, api_key: str, chain_url: str) -> str:
    """Make an event of TRIGGERS happen; the id of what was made for it.

    api_key: of the profile. chain_url: of a test chain, for crypto's events. Raises what the calls raise, and making.NotHere.
    """
    if event == "apikey.rotated":
        return making.rotated_key(client, api_key)
    if event == "crypto.reorged":
        return chains.reorganised(client, chains.TestChain(chain_url), AMOUNT)
    if event.startswith("crypto."):
        return chains.paid(client, chains.TestChain(chain_url), AMOUNT)[0]
    return BY_CALLS[event](client)


BY_CALLS: Final[Mapping[str, Callable[[PayCoreX], str]]] = {
    "payment.created": _asked,
    "payment.processing": lambda client: _charge(client, SLOW),
    "payment.success": lambda client: _charge(client, APPROVED),
    "payment.failed": _declined,
    "payment.expired": _asked,
    "payment.authorized": lambda client: _charge(client, APPROVED, manual=True),
    "payment.captured": _captured,
    "payment.voided": _voided,
    "payment.released": lambda client: _captured(client, "100.00"),
    "payment.reviewed": _reviewed,
    "payment.disputed": lambda client: _charge(client, DISPUTED),
    "payment.contradicted": lambda client: _charge(client, CONTRADICTS),
    "payment.late_money": lambda client: client.payments.create(amount=AMOUNT_PAID_LESS, method="upi_intent").payment_id,
    "authorization.expiring": _held_wallet_money,
    "authorization.expired": lambda client: _charge(client, SHORT_HOLD, manual=True),
    "refund.created": _refunded,
    "refund.success": _refunded,
    "refund.failed": lambda client: _refunded(client, REFUND_FAILS),
    "refund.external": lambda client: _charge(client, REFUNDED_THERE),
    "dispute.created": lambda client: _charge(client, DISPUTED),
    "dispute.updated": _answered_dispute,
    "dispute.closed": lambda client: client.disputes.accept(_dispute(client, DISPUTED)).dispute_id,
    "dispute.double_loss": lambda client: client.disputes.accept(_dispute(client, DISPUTED_TAKEN_LATER, refund=True)).dispute_id,
    "token.created": _new_card,
    "token.deleted": _deleted_token,
    "wallet.topup": _topped_up,
    "checkout.created": lambda client: making.checkout(client, AMOUNT)[0],
    "checkout.paid": lambda client: making.paid_checkout(client, AMOUNT),
    "checkout.expired": _expired_checkout,
    "settlement.reconciled": lambda client: making.paid_out(client, lambda: _charge(client, APPROVED)),
    "reconciliation.exception": lambda client: making.paid_out(client, lambda: _charge(client, SETTLED_TWICE)),
    "webhook.disabled": lambda client: making.disabled_endpoint(client, "token.created", lambda: _new_card(client)),
    "webhook.test": _tested_endpoint,
}
TRIGGERS: Final = (*BY_CALLS, "apikey.rotated", "crypto.detected", "crypto.confirmed", "crypto.reorged")
# Those that a schedule brings, and how long that takes at most.
SLOW_SECONDS: Final[Mapping[str, int]] = {
    "payment.processing": 60,
    "payment.expired": 180,
    "payment.reviewed": 60,
    "authorization.expired": 480,
    "payment.disputed": 120,
    "payment.contradicted": 180,
    "payment.late_money": 180,
    "refund.external": 120,
    "authorization.expiring": 180,
    "dispute.created": 120,
    "dispute.updated": 60,
    "dispute.closed": 60,
    "dispute.double_loss": 120,
    "crypto.detected": 180,
    "crypto.confirmed": 240,
    "crypto.reorged": 180,
    "settlement.reconciled": 900,
    "reconciliation.exception": 900,
}
# What is said before, and what to do where an event did not come.
_CLOCK: Final = "three days pass on this merchant's test clock: its holds, links and disputes move with it"
NOTES: Final[Mapping[str, str]] = {"settlement.reconciled": _CLOCK, "reconciliation.exception": _CLOCK}
ADVICE: Final[Mapping[str, str]] = {
    "settlement.reconciled": "outside a laptop no bank brings the sandbox's payout: import a statement with it (docs/bank-statements.md)"
}
