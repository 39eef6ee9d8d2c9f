"""Whether card numbers may be kept here: a setting of the merchant, with a default that is the deployment's stage.

A number that passes through an API makes its owner assess every system that it touches (PCI DSS SAQ D instead of SAQ A), and neither
merchants nor gateways may store Indian card numbers (RBI, card-on-file tokenisation, since October 2022).
"""

from typing import Final

from paycorex import settings
from paycorex.errors import Refusal
from paycorex.records.merchant_settings import MerchantSettings

PROVIDER_ONLY: Final = "provider_only"
VAULT: Final = "vault"
# Whose issuers' numbers the rule of the Reserve Bank is about.
_INDIAN: Final = "INR"


class CardNumbersRefused(Refusal):
    """The merchant's settings let no card number in, or none of this currency."""

    code = "unsupported_method"


def acting(of: MerchantSettings) -> str:
    """`provider_only` or `vault`: what was set, else by the stage."""
    return of.card_storage or (PROVIDER_ONLY if settings.current().stage == "prod" else VAULT)


def check_kept(of: MerchantSettings, currency: str) -> None:
    """A card's number is to be kept. currency: the merchant's own. Raises CardNumbersRefused."""
    if acting(of) == PROVIDER_ONLY:
        raise CardNumbersRefused(
            "Card numbers are not taken here: create a tokenized payment without token_id, and the payer types the card into fields of the "
            "provider's own. A company that was assessed (PCI DSS) sets card_storage to vault by PATCH /v1/merchants/me.",
            details={"field": "type", "card_storage": PROVIDER_ONLY},
        )
    _check_indian(of, currency)


def check_charged(of: MerchantSettings, currency: str) -> None:
    """A kept card's number is to be sent to a provider. currency: of the payment. Raises CardNumbersRefused."""
    if acting(of) == PROVIDER_ONLY:
        raise CardNumbersRefused(
            "This token keeps a card's number, which goes nowhere while card_storage is provider_only: create a tokenized payment without "
            "token_id, and delete the token.",
            details={"field": "token_id", "card_storage": PROVIDER_ONLY},
        )
    _check_indian(of, currency)


def _check_indian(of: MerchantSettings, currency: str) -> None:
    if of.card_storage == VAULT and currency == _INDIAN and not of.allow_inr_pan:
        raise CardNumbersRefused(
            "Indian card numbers may not be kept here: use the provider's own fields. Who is allowed to sets allow_inr_pan.",
            details={"field": "currency", "card_storage": VAULT},
        )
