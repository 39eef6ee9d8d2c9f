"""Braintree's GraphQL API, https://graphql.braintreepayments.com/reference/.

A card is first kept for one use and then charged by that name. It answers errors with 200 and has no keys. Payments and refunds are found
by our order id, which the library does not ask for; that one is not found may mean that it is not found yet.
"""

from typing import Any, Final

from payments.connectors.documents import Malformed, find, parse, text
from payments.connectors.one_time import PROCESSOR
from payments.connectors.prism.facts import Processor, Step, Witness
from payments.connectors.prism.known import braintree_callbacks, braintree_dispute_answers, braintree_disputes
from payments.connectors.prism.names import Names
from payments.connectors.prism.ways import DisputeAnswers, DisputeCalls
from payments.connectors.requests import Captures, HoldAbility


def _charge(query: dict[str, Any], message: Any) -> dict[str, Any]:
    """In whose presence it is charged, and no word of who made the request."""
    transaction = query["variables"]["input"]["transaction"]
    transaction.pop("channel", None)
    if not message.off_session:
        transaction.pop("paymentInitiator", None)
    return query


def _by_ours(query: dict[str, Any], ours: str, asked: str) -> dict[str, Any]:
    """A search by our order id, where its own name is not known."""
    return query if asked != ours else {**query, "variables": {"input": {"orderId": {"is": ours}}}}


def _get(query: dict[str, Any], message: Any) -> dict[str, Any]:
    """The library asks for the status alone; its amount and our reference are compared here."""
    named = query["query"].replace("node { id status }", "node { id status orderId amount { value currencyCode } }")
    return _by_ours({**query, "query": named}, message.merchant_transaction_id, message.connector_transaction_id)


def _refund_get(query: dict[str, Any], message: Any) -> dict[str, Any]:
    return _by_ours(query, message.merchant_refund_id, message.connector_refund_id)


# https://graphql.braintreepayments.com/reference/#enum--paymentstatus: what the library knows of a refund's, and what is the same.
_REFUNDED: Final = {"SETTLEMENT_CONFIRMED": "SETTLED"} | dict.fromkeys(
    ("AUTHORIZATION_EXPIRED", "GATEWAY_REJECTED", "PROCESSOR_DECLINED", "SETTLEMENT_DECLINED", "VOIDED"), "FAILED"
)


def _read_refund(answer: dict[str, Any]) -> dict[str, Any]:
    """Raises Malformed for a refund that the search does not find (yet)."""
    node = find(answer, "data", "search", "refunds", "edges", 0, "node")
    if not isinstance(node, dict):
        raise Malformed("no such refund")
    edge = {"node": {**node, "status": _REFUNDED.get(str(node.get("status")), node.get("status"))}}
    return {**answer, "data": {"search": {"refunds": {"edges": [edge]}}}}


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

_REFUND = "data.search.refunds.edges.0.node"


def _client_token(_message: Any, body: bytes) -> dict[str, str]:
    """https://graphql.braintreepayments.com/guides/client_tokens/: what Braintree's script in the browser is set up with."""
    return {"client_token": text(parse(body), "data", "createClientToken", "clientToken")}


FACTS = Processor(
    # https://graphql.braintreepayments.com/guides/hosted_fields/: the single-use name of a card, charged like one that is kept here.
    one_time=frozenset({PROCESSOR}),
    names=Names(_client_token, reads_itself=True),
    limits={
        "three_ds": "The bank is asked by a script of Braintree's own in the browser; the library makes no request for it.",
        # https://developer.paypal.com/braintree/docs/reference/general/webhooks/transaction: of ACH and SEPA Direct Debit only.
        "callbacks": "Braintree sends no webhook about a card payment or its refund; those of disputes are read.",
    },
    callback=braintree_callbacks.read,
    disputes=DisputeCalls(
        braintree_disputes.look_up,
        braintree_disputes.listed,
        DisputeAnswers(braintree_dispute_answers.submit, braintree_dispute_answers.accept),
    ),
    hosts=("payments.sandbox.braintree-api.com", "payments.braintree-api.com"),
    signs=braintree_disputes.signed,
    repeats=True,
    finds=frozenset({"get", "refund_get"}),
    before=(Step.TOKENIZE,),
    holds=HoldAbility(Captures.ONE_PART, hold_days=7),
    three_ds=False,
    witnesses={
        "charge": Witness(_either("id"), "", _either("amount.value"), _either("amount.currencyCode"), in_major=True),
        "get": Witness(f"{_NODE}.id", f"{_NODE}.orderId", f"{_NODE}.amount.value", f"{_NODE}.amount.currencyCode", in_major=True),
        "capture": _amount("data.captureTransaction.transaction"),
        "refund": _amount("data.refundTransaction.refund"),
        "refund_get": Witness(
            f"{_REFUND}.id", f"{_REFUND}.orderId", f"{_REFUND}.amount.value", f"{_REFUND}.amount.currencyCode", in_major=True
        ),
    },
    notes={"refund_get": '{"currency": "{currency}"}'},
    mends={"charge": _charge, "get": _get, "refund_get": _refund_get},
    reads={"charge": _read_charge, "refund_get": _read_refund},
)
