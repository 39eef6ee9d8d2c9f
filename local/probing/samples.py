"""A payment with everything that a processor may want to know, in the library's own JSON form, and credentials for any processor."""

from typing import Any, Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

Document = dict[str, Any]
# Names that occur nowhere else: a request that has one in it asks by it.
OUR_REFERENCE: Final = "OURREF27182818"
OTHER_REFERENCE: Final = "OURREF16180339"
PROVIDER_REFERENCE: Final = "3141592653"
# Right wherever hexadecimal digits, base64 or letters and digits are wanted.
_ANY_CREDENTIAL: Final = "0123456789abcdef0123456789abcdef"


def money(minor: int, currency: str) -> Document:
    """An amount as the library writes it."""
    return {"minor_amount": minor, "currency": currency}


def _hidden(text: str) -> Document:
    return {"value": text}


_ADDRESS: Final = {
    "first_name": _hidden("Jo"),
    "last_name": _hidden("Doe"),
    "line1": _hidden("1 Main Street"),
    "line2": _hidden("Flat 2"),
    "city": _hidden("Seattle"),
    "state": _hidden("WA"),
    "zip_code": _hidden("98101"),
    "country_alpha2_code": "US",
    "email": _hidden("jo@example.com"),
    "phone_number": _hidden("4155552671"),
    "phone_country_code": "+1",
}
_BROWSER: Final = {
    "color_depth": 24,
    "screen_height": 900,
    "screen_width": 1440,
    "java_enabled": False,
    "java_script_enabled": True,
    "language": "en-US",
    "time_zone_offset_minutes": 0,
    "accept_header": "*/*",
    "accept_language": "en",
    "user_agent": "Mozilla/5.0",
    "ip_address": "192.0.2.1",
}
CARD: Final = {
    "card_number": _hidden("4111111111111111"),
    "card_exp_month": _hidden("03"),
    "card_exp_year": _hidden("2030"),
    "card_cvc": _hidden("737"),
    "card_holder_name": _hidden("Jo Doe"),
    "card_network": "VISA",
}


def payment(currency: str = "USD", minor: int = 1000) -> Document:
    """Fields of every flow's request. A request takes those that it has."""
    return {
        **{f"merchant_{of}_id": OUR_REFERENCE for of in ("transaction", "order", "capture", "void", "refund", "request", "authorization")},
        **{f"merchant_{of}_id": OUR_REFERENCE for of in ("recurring_payment", "charge", "dispute", "client_session")},
        **{f"connector_{of}_id": PROVIDER_REFERENCE for of in ("transaction", "order", "refund")},
        "connector_order_reference_id": PROVIDER_REFERENCE,
        "refund_id": PROVIDER_REFERENCE,
        "dispute_id": PROVIDER_REFERENCE,
        **dict.fromkeys(("amount", "amount_to_capture", "refund_amount", "original_payment_authorized_amount"), money(minor, currency)),
        "payment_amount": minor,
        "payment_method": {"card": CARD},
        "payment_method_type": "CREDIT",
        "capture_method": "AUTOMATIC",
        "auth_type": "NO_THREE_DS",
        "customer": {"id": "customer", "name": "Jo Doe", "email": _hidden("jo@example.com"), "phone_number": "4155552671"},
        "customer_id": "customer",
        "connector_customer_id": "customer",
        "email": _hidden("jo@example.com"),
        "address": {"billing_address": _ADDRESS, "shipping_address": _ADDRESS},
        "browser_info": _BROWSER,
        "state": {"access_token": {"token": _hidden(_ANY_CREDENTIAL), "expires_in_seconds": 3600, "token_type": "Bearer"}},
        "session_token": _ANY_CREDENTIAL,
        "return_url": "https://shop.example/back",
        "complete_authorize_url": "https://shop.example/back",
        "continue_redirection_url": "https://shop.example/back",
        "webhook_url": "https://pay.example/hook",
        "description": "Order",
        "reason": "asked for",
        "cancellation_reason": "asked for",
        "reason_code": "asked_for",
        "locale": "en-US",
        "order_category": "pay",
        "order_details": [{"product_name": "Tea", "quantity": 1, "amount": minor}],
        "connector_token": _hidden("token"),
        "card_proxy": CARD,
        "connector_recurring_payment_id": {"connector_mandate_id": {"connector_mandate_id": "mandate"}},
        "customer_acceptance": {"acceptance_type": "ONLINE", "accepted_at": 0},
        "payment": {"amount": money(minor, currency)},
    }


def credential(name: str, currency: str = "USD") -> str:
    """A value for a credential of this name that looks right."""
    if name.endswith("currency"):
        return currency
    return _PRIVATE_KEY if "private_key" in name else _ANY_CREDENTIAL


def _new_private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain).decode()


_PRIVATE_KEY: Final = _new_private_key()
