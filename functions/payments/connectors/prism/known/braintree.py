"""Braintree's GraphQL API, https://graphql.braintreepayments.com/reference/.

A card is first kept for one use and then charged by that name. It answers errors with 200 and has no keys; the library does not look for a
payment by our order id.
"""

from typing import Any

from payments.connectors.documents import find
from payments.connectors.prism.processors import Processor, Step, Witness
from payments.connectors.requests import Captures, HoldAbility


def _charge(query: dict[str, Any], message: Any) -> dict[str, Any]:
    """In whose presence it is charged, and no word of who made the request."""
    transaction = query["variables"]["input"]["transaction"]
    transaction.pop("channel", None)
    if not message.off_session:
        transaction.pop("paymentInitiator", None)
    return query


def _get(query: dict[str, Any], _message: Any) -> dict[str, Any]:
    """The library asks for the status alone; its amount and our reference are compared here."""
    return {**query, "query": query["query"].replace("node { id status }", "node { id status orderId amount { value currencyCode } }")}


def _read_charge(answer: dict[str, Any]) -> dict[str, Any]:
    """An authorization is read like a charge."""
    data = answer.get("data") or {}
    held = data.get("authorizeCreditCard")
    if not isinstance(held, dict):
        return answer
    made = {"createdAt": "", **(find(held, "transaction") or {})}
    return {**answer, "data": {"chargeCreditCard": {"transaction": made}}}


def _amount(object_path: str) -> Witness:
    return Witness(f"{object_path}.id", "", f"{object_path}.amount.value", f"{object_path}.amount.currencyCode", in_major=True)


_CHARGED = "data.chargeCreditCard.transaction|data.authorizeCreditCard.transaction"


def _either(field: str) -> str:
    return "|".join(f"{path}.{field}" for path in _CHARGED.split("|"))


_NODE = "data.search.transactions.edges.0.node"

FACTS = Processor(
    before=(Step.TOKENIZE,),
    holds=HoldAbility(Captures.ONE_PART, hold_days=7),
    three_ds=False,
    witnesses={
        "charge": Witness(_either("id"), "", _either("amount.value"), _either("amount.currencyCode"), in_major=True),
        "get": Witness(f"{_NODE}.id", f"{_NODE}.orderId", f"{_NODE}.amount.value", f"{_NODE}.amount.currencyCode", in_major=True),
        "capture": _amount("data.captureTransaction.transaction"),
        "refund": _amount("data.refundTransaction.refund"),
        "refund_get": Witness("data.search.refunds.edges.0.node.id"),
    },
    notes={"refund_get": '{"currency": "USD"}'},
    mends={"charge": _charge, "get": _get},
    reads={"charge": _read_charge},
)
