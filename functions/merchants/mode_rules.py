"""What a merchant of one mode may not be given: a provider's credentials of the other, and in production places where money is real.

What was stored before merchants had a mode stays as it is, until it is replaced.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from merchants.connector_settings import is_name
from paycorex import modes, settings
from paycorex.connectors import SANDBOXES
from paycorex.errors import Refusal
from paycorex.modes import LIVE, TEST, Mode

# How providers' own keys say their mode. A key that says nothing is taken: a library's processor is asked at its test address for it.
_STATED: Final[tuple[tuple[Mode, re.Pattern[str]], ...]] = (
    # Stripe, Razorpay, Paystack, Authipay and many more: sk_test_, pk_test_, rk_test_, rzp_test_, key_test_; Checkout.com: sk_sbox_.
    (TEST, re.compile(r"(?:[a-z]{2,4}_)?(?:test|sbox|sandbox)_", re.ASCII)),
    (LIVE, re.compile(r"(?:[a-z]{2,4}_)?(?:live|prod)_", re.ASCII)),
    # Xendit, Flutterwave, Cashfree.
    (TEST, re.compile(r"xnd_(?:public_)?development_|FLW(?:SECK|PUBK)_TEST-|cfsk_ma_test_", re.ASCII)),
    (LIVE, re.compile(r"xnd_(?:public_)?production_|FLW(?:SECK|PUBK)-|cfsk_ma_prod_", re.ASCII)),
)
# Chosen by the merchant, whatever it looks like.
_OF_NO_MODE: Final = frozenset({"webhook_secret", "webhook_additional_secret"})
# Where a payer's money would go that no sandbox stands for: an address of a bank, keys of real chains.
_REAL_MONEY: Final = ("payee_vpa", "xpubs")
_ADVICE: Final[Mapping[Mode, str]] = {
    TEST: "give it those of the provider's test mode",
    LIVE: "give it those of the provider's live mode, and the test ones to its test merchant",
}


class WrongMode(Refusal):
    """What moves money of the other mode than the merchant's. details: field, mode (the merchant's), given (what the field is of)."""

    code = "wrong_mode"


def check(merchant_id: str, given: Mapping[str, Any]) -> None:
    """given: what a request sets. Raises WrongMode. No value of a credential is repeated."""
    mode = modes.of(merchant_id)
    for connector, fields in (given.get("connectors") or {}).items():
        if connector not in SANDBOXES and is_name(connector):
            _check_credentials(mode, connector, fields or {})
    if mode == TEST and settings.current().stage == "prod":
        for name in _REAL_MONEY:
            _refuse_real_money(name, given.get(name))


def _check_credentials(mode: Mode, connector: str, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        stated = None if name in _OF_NO_MODE or value is None else mode_of(str(value))
        if stated not in {None, mode}:
            field = f"connectors.{connector}.{name}"
            message = f"{field} is of {stated} mode, and this is a {mode} merchant: {_ADVICE[mode]}."
            raise WrongMode(message, details={"field": field, "mode": mode, "given": stated})


def mode_of(credential: str) -> Mode | None:
    """The mode that a provider's key says of itself; None of one that says nothing."""
    return next((mode for mode, stated in _STATED if stated.match(credential)), None)


def _refuse_real_money(name: str, value: Any) -> None:
    if isinstance(value, Mapping):
        value = next((each for each in value.values() if each is not None), None)
    if value is not None:
        message = f"{name} is where real money goes, and this is a test merchant: leave it out, and the sandbox's stands in for it."
        raise WrongMode(message, details={"field": name, "mode": TEST, "given": LIVE})
