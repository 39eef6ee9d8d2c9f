"""PayPal, cards by Orders v2. Keys: https://developer.paypal.com/api/rest/reference/idempotency/. A payment is known by its capture or its
authorization, because the library asks by these.
"""

import json
from typing import Any

from payments.connectors.prism.facts import Processor, Step, Witness
from payments.connectors.prism.known import paypal_callbacks, paypal_dispute_answers, paypal_disputes, paypal_orders
from payments.connectors.prism.names import ORDER_FLOW, Names
from payments.connectors.prism.ways import DisputeAnswers, DisputeCalls
from payments.connectors.requests import Captures, HoldAbility

_PAYMENTS = "purchase_units.0.payments"
_NOTES = '{{"authorize_id": {0}, "capture_id": {1}, "incremental_authorization_id": null, "psync_flow": "{2}", "next_action": null}}'
_HELD = _NOTES.format('"{reference}"', "null", "AUTHORIZE")
_TAKEN = _NOTES.format("null", '"{reference}"', "CAPTURE")


def _either(field: str) -> str:
    return f"{_PAYMENTS}.captures.0.{field}|{_PAYMENTS}.authorizations.0.{field}"


_ITSELF = Witness("id", "custom_id", "amount.value", "amount.currency_code", in_major=True)


def _as_documented(order: dict[str, Any], _message: Any) -> dict[str, Any]:
    """Quantities are texts. The payer confirms where the law wants it."""
    card = order["payment_source"].get("card", {})
    attributes = card.get("attributes") or {}
    if attributes.get("verification"):
        given = {name: value for name, value in attributes.items() if value is not None}
        card["attributes"] = {**given, "verification": {"method": "SCA_WHEN_REQUIRED"}}
    for unit in order["purchase_units"]:
        for item in unit.get("items", ()):
            item["quantity"] = str(item["quantity"])
    return order


def _always(body: bytes) -> bytes:
    """https://developer.paypal.com/docs/checkout/advanced/customize/3d-secure/api/: in any case, and not only where the law wants it."""
    order = json.loads(body)
    order["payment_source"]["card"].setdefault("attributes", {})["verification"] = {"method": "SCA_ALWAYS"}
    return json.dumps(order, ensure_ascii=False).encode()


def _named(refund: dict[str, Any], message: Any) -> dict[str, Any]:
    """With our id, which its webhook repeats."""
    return {**refund, "custom_id": message.merchant_refund_id}


def _for_fields(order: dict[str, Any], message: Any) -> dict[str, Any]:
    """What it is for, and our reference where webhooks repeat it."""
    units = [{**unit, "custom_id": message.merchant_order_id} for unit in order["purchase_units"]]
    return {**order, "intent": json.loads(message.connector_feature_data.value)["intent"], "purchase_units": units}


def _order(message: Any, _body: bytes) -> dict[str, str]:
    return {"order_id": message.connector_order_id}


FACTS = Processor(
    asks=_always,
    idempotency="PayPal-Request-Id",
    before=(Step.ACCESS,),
    # https://developer.paypal.com/sdk/js/reference/#card-fields: the order is made here and approved there.
    names=Names(_order, flow=ORDER_FLOW, own="order_id", wants_key=True, is_order=True),
    holds=HoldAbility(Captures.ONE_PART, hold_days=29),
    witnesses={
        "authorize": Witness(
            _either("id"),
            "purchase_units.0.custom_id|purchase_units.0.reference_id",
            _either("amount.value"),
            _either("amount.currency_code"),
            in_major=True,
        ),
        "create_order": Witness(
            "id",
            "purchase_units.0.custom_id",
            "purchase_units.0.amount.value",
            "purchase_units.0.amount.currency_code",
            in_major=True,
        ),
        "get": _ITSELF,
        "capture": Witness("id", "", "amount.value", "amount.currency_code", in_major=True),
        "refund": Witness("id", "", "amount.value", "amount.currency_code", in_major=True),
        "refund_get": Witness("id", "", "amount.value", "amount.currency_code", in_major=True),
    },
    notes={
        "create_order/automatic": '{"intent": "CAPTURE"}',
        "create_order/manual": '{"intent": "AUTHORIZE"}',
        "get/automatic": _TAKEN,
        "get/manual": _HELD,
        "capture": _HELD,
        "void": _HELD,
        "refund": _TAKEN,
    },
    mends={"authorize": _as_documented, "create_order": _for_fields, "refund": _named},
    callback=paypal_callbacks.read,
    confirmed=paypal_orders.pay,
    # https://developer.paypal.com/docs/api/customer-disputes/v1/#disputes_accept-claim: it refunds the customer by itself.
    disputes=DisputeCalls(
        paypal_disputes.look_up,
        paypal_disputes.listed,
        DisputeAnswers(paypal_dispute_answers.submit, paypal_dispute_answers.accept),
        gives_back_by_refund=True,
    ),
    hosts=("api-m.sandbox.paypal.com", "api-m.paypal.com"),
    earlier=frozenset({"DUPLICATE_INVOICE_ID", "ORDER_ALREADY_CAPTURED", "DUPLICATE_REQUEST_ID"}),
)
