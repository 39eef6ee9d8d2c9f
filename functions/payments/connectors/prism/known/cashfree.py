"""Cashfree, UPI. Orders and payments are found by the order's id, which is ours; https://www.cashfree.com/docs/api-reference/payments/previous
(2022-09-01). Keys: https://www.cashfree.com/docs/api-reference/payments/overview#idempotency.

Where no payer is given the library would invent one: then the order is not made.
"""

import json
from typing import Any

from payments.connectors.prism.processors import Processor, Step, Witness
from payments.connectors.prism.translation import Untranslatable


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


_PAYMENT = Witness("", "0.order_id", "0.payment_amount", "0.payment_currency", in_major=True)

FACTS = Processor(
    idempotency="x-idempotency-key",
    finds=frozenset({"get", "refund_get"}),
    before=(Step.ORDER,),
    witnesses={
        "get": _PAYMENT,
        "refund": Witness("refund_id", "refund_id", "refund_amount", "refund_currency", in_major=True),
        "refund_get": Witness("refund_id", "refund_id", "refund_amount", "refund_currency", in_major=True),
    },
    mends={"create_order": _order, "refund": _refund},
    reads={"create_order": _read_order},
    unknown=frozenset({"order_not_found", "refund_not_found"}),
)
