"""Wallets' payloads as the library's messages. What is encrypted in them stays so."""

import base64
import json
from typing import Any, Final

from payments.connectors import documents
from payments.connectors.one_time import ApplePay, GooglePay, OneTime

_UNSAID: Final = "Card"


def fill_apple(message: Any, given: ApplePay) -> None:
    """Apple's paymentData goes in base64, with the transaction's id that its header has."""
    message.payment_data.encrypted_data = base64.b64encode(given.payload.encode()).decode()
    message.payment_method.display_name = _name_of(given)
    message.payment_method.network = _network_of(given)
    message.payment_method.type = "debit"
    message.transaction_identifier = str(documents.find(json.loads(given.payload), "header", "transactionId") or "")


def fill_google(message: Any, given: GooglePay) -> None:
    """Google's token goes as it came."""
    message.type = "CARD"
    message.description = _name_of(given)
    message.info.card_network = _network_of(given).upper()
    message.info.card_details = given.last4 or ""
    message.tokenization_data.encrypted_data.token_type = "PAYMENT_GATEWAY"  # noqa: S105 - a kind of token
    message.tokenization_data.encrypted_data.token = given.payload


def _network_of(given: OneTime) -> str:
    return (given.brand or _UNSAID).capitalize()


def _name_of(given: OneTime) -> str:
    return f"{_network_of(given)} {given.last4 or ''}".strip()
