"""Cashfree, UPI. Orders and payments are found by the order's id, which is ours; https://www.cashfree.com/docs/api-reference/payments/previous
(2022-09-01). Keys: https://www.cashfree.com/docs/api-reference/payments/overview#idempotency.

Where no payer is given the library would invent one: then the order is not made.
"""

import json
from typing import Any, Final

from paycorex import clock
from payments.connectors import documents
from payments.connectors.documents import Malformed
from payments.connectors.prism.facts import Held, Processor, Step, Witness
from payments.connectors.prism.translation import Untranslatable
from payments.connectors.requests import Captures, HoldAbility


def _order(order: dict[str, Any], message: Any) -> dict[str, Any]:
    """With the payer as given, and the addresses of this payment."""
    phone, email = message.customer.phone_number.value, message.customer.email.value
    if not phone:
        raise Untranslatable("missing_required_field", "Cashfree wants the payer's phone: give it as payer.phone.")
    names = {"customer_id": message.merchant_order_id, "customer_name": message.customer.name}
    payer = {**names, "customer_phone": phone, "customer_email": email}
    urls = {"notify_url": message.webhook_url} if message.webhook_url.startswith("https://") else {}
    given = {name: value for name, value in order.items() if value is not None}
    return {**given, "customer_details": {name: text for name, text in payer.items() if text}, "order_meta": urls}


def _read_order(order: dict[str, Any]) -> dict[str, Any]:
    """The library reads no address that is null."""
    given = {name: value for name, value in (order.get("order_meta") or {}).items() if value is not None}
    return {**order, "order_meta": {"return_url": "", "notify_url": "", **given}}


def _refund(refund: dict[str, Any], _message: Any) -> dict[str, Any]:
    """Its amount as JSON's number of the same digits; fourteen are exact in one."""
    return {**refund, "refund_amount": json.loads(refund["refund_amount"])}


# A mandate that is not debited ends by itself: https://www.cashfree.com/docs/payments/features/pre-authorisation.
_MANDATE_DAYS: Final = 7
# What `authorization` says of a mandate, by what was done last and how that went.
_HELD: Final = {
    ("AUTHORIZE", "SUCCESS"): "AUTHORIZED",
    ("CAPTURE", "SUCCESS"): "CHARGED",
    ("CAPTURE", "PENDING"): "CAPTURE_INITIATED",
    ("CAPTURE", "FAILED"): "AUTHORIZED",
    ("VOID", "SUCCESS"): "VOIDED",
    ("VOID", "PENDING"): "VOID_INITIATED",
    ("VOID", "FAILED"): "AUTHORIZED",
}


def _pay(session: dict[str, Any], message: Any) -> dict[str, Any]:
    """What is captured later is a mandate of its days: https://www.cashfree.com/docs/payments/subscription/upi-otm."""
    methods = message.DESCRIPTOR.fields_by_name["capture_method"].enum_type.values_by_number
    if methods[message.capture_method].name != "MANUAL":
        return session
    now = clock.now_ms()
    until = {"start_time": clock.rfc3339(now), "end_time": clock.rfc3339(now + _MANDATE_DAYS * 86_400_000)}
    upi = {**session["payment_method"]["upi"], "authorize_only": True, "authorization": until}
    return {**session, "payment_method": {"upi": upi}}


def _held(answer: Any) -> Held | None:
    """Of a payment, or of the last one of an order. Raises Malformed for what is not documented."""
    payment = answer[0] if isinstance(answer, list) and answer else answer
    said = documents.find(payment, "authorization")
    if not isinstance(said, dict) or documents.find(payment, "payment_status") not in {"SUCCESS", "VOID"}:
        return None
    done = str(said.get("action") or "AUTHORIZE"), str(said.get("status") or "SUCCESS")
    if done not in _HELD:
        raise Malformed(f"authorization {done}")
    status = _HELD[done]
    return Held(status, said.get("captured_amount") if status == "CHARGED" else None)


_PAYMENT = Witness("", "0.order_id", "0.payment_amount", "0.payment_currency", in_major=True)

FACTS = Processor(
    idempotency="x-idempotency-key",
    finds=frozenset({"get", "refund_get"}),
    before=(Step.ORDER,),
    witnesses={
        "get": _PAYMENT,
        "capture": Witness("", "order_id", "authorization.captured_amount", "payment_currency", in_major=True),
        "refund": Witness("refund_id", "refund_id", "refund_amount", "refund_currency", in_major=True),
        "refund_get": Witness("refund_id", "refund_id", "refund_amount", "refund_currency", in_major=True),
    },
    mends={"create_order": _order, "authorize": _pay, "refund": _refund},
    mandates=HoldAbility(Captures.ONE_PART, hold_days=_MANDATE_DAYS),
    held=_held,
    reads={"create_order": _read_order},
    unknown=frozenset({"order_not_found", "refund_not_found"}),
)
