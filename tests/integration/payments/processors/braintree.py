"""Braintree, as https://graphql.braintreepayments.com/reference/ documents its mutations and searches."""

from typing import Any, ClassVar

from tests.integration.payments.processors.fake import NAMED, Answer, Asked, FakeProcessor, Taken

STATUS = {"taken": "SUBMITTED_FOR_SETTLEMENT", "held": "AUTHORIZED", "released": "VOIDED", "refused": "PROCESSOR_DECLINED"}


class Fake(FakeProcessor):
    """It is asked by its own names, or by our order id; its callbacks name no payment of ours."""

    name = "braintree"
    host = "payments.sandbox.braintree-api.com"
    one_time = frozenset({"processor_token"})
    credentials: ClassVar = {
        "public_key": "pub",
        "private_key": "priv",
        "merchant_account_id": "shop_usd",
        "merchant_config_currency": "USD",
    }
    certifies = frozenset({"authorize", "decline", "timeout", "lookup", "capture", "void", "refund"})
    decline_code = "ProcessorDeclined"
    charges_at = "ChargeCreditCardInput!"

    def __init__(self) -> None:
        self.kept: dict[str, str] = dict(NAMED)
        super().__init__()

    def answer(self, asked: Asked) -> Answer:
        self.check(asked.headers["authorization"] == "Basic cHViOnByaXY=", "authorization")
        query, given = asked.content["query"], asked.content["variables"]["input"]
        if "createClientToken" in query:
            self.check(given == {"clientToken": {"merchantAccountId": "shop_usd"}}, "client token")
            return _said("createClientToken", {"clientToken": "eyJ2ZXJzaW9uIjoyfQ=="})
        if "tokenizeCreditCard" in query:
            name = f"tokencc_{len(self.kept)}"
            self.kept[name] = given["creditCard"]["number"]
            return _said("tokenizeCreditCard", {"clientMutationId": None, "paymentMethod": {"id": name}})
        for mutation, verb in (("chargeCreditCard", "ChargeCreditCard"), ("authorizeCreditCard", "AuthorizeCreditCard")):
            if f"{verb}Input" in query:
                return self._charge(mutation, given)
        return self._act(query, given)

    def _charge(self, mutation: str, given: dict[str, Any]) -> Answer:
        wanted = given["transaction"]
        self.check(wanted["merchantAccountId"] == "shop_usd" and not {"channel", "paymentInitiator"} & set(wanted), "transaction")
        number, minor = self.kept.pop(given["paymentMethodId"]), int(wanted["amount"].replace(".", ""))
        reference = f"dHJhbnNhY3Rpb25f{len(self.payments)}"
        made = self.take(reference, wanted["orderId"], minor, "USD", number=number, later=mutation == "authorizeCreditCard")
        return _said(mutation, {"transaction": self._transaction(made)})

    def _act(self, query: str, given: dict[str, Any]) -> Answer:
        if "TransactionSearchInput" in query:
            made = self._sought(given)
            if made is None:
                return _said("search", {"transactions": {"edges": []}})
            self.check("orderId amount { value currencyCode }" in query, "what is compared is asked for")
            node = {"id": made.reference, "status": STATUS[made.status], "orderId": made.ours, "amount": _money(made.amount)}
            return _said("search", {"transactions": {"edges": [{"node": node}]}})
        if "RefundSearchInput" in query:
            return _said("search", {"refunds": {"edges": [{"node": self._refund_node(given)}] if self._has_refund(given) else []}})
        made = self.payments[given["transactionId"]]
        if "CaptureTransactionInput" in query:
            made.status, made.captured = "taken", int(given["transaction"]["amount"].replace(".", ""))
            return _said("captureTransaction", {"clientMutationId": None, "transaction": self._transaction(made)})
        if "ReverseTransactionInput" in query:
            made.status = "released"
            return _said("reverseTransaction", {"clientMutationId": None, "reversal": self._transaction(made)})
        assert "RefundTransactionInput" in query
        made.refunds[given["refund"]["orderId"]] = int(given["refund"]["amount"].replace(".", ""))
        return _said("refundTransaction", {"clientMutationId": None, "refund": self._refund(made)})

    def _sought(self, given: dict[str, Any]) -> Taken | None:
        """https://developer.paypal.com/braintree/graphql/reference/types/transaction-search-input.md: by id or by orderId."""
        (field,) = given
        assert field in {"id", "orderId"}, field
        wanted = given[field]["is"]
        return next((made for made in self.payments.values() if wanted == (made.reference if field == "id" else made.ours)), None)

    def _has_refund(self, given: dict[str, Any]) -> bool:
        return any(self._is_refund(made, given) for made in self.payments.values())

    def _is_refund(self, made: Taken, given: dict[str, Any]) -> bool:
        (field,) = given
        return given[field]["is"] in (made.refunds if field == "orderId" else ({f"R{made.reference}"} if made.refunds else ()))

    def _refund_node(self, given: dict[str, Any]) -> dict[str, Any]:
        made = next(made for made in self.payments.values() if self._is_refund(made, given))
        return {**self._refund(made), "orderId": list(made.refunds)[-1]}

    def _transaction(self, made: Taken) -> dict[str, Any]:
        names = {"id": made.reference, "legacyId": "1", "createdAt": "2026-01-01T00:00:00Z"}
        return {**names, "amount": _money(made.captured if made.status == "taken" else made.amount), "status": STATUS[made.status]}

    def _refund(self, made: Taken) -> dict[str, Any]:
        amount = list(made.refunds.values())[-1]
        names = {"id": f"R{made.reference}", "legacyId": "2", "createdAt": "2026-01-01T00:00:00Z"}
        return {**names, "amount": _money(amount), "status": "SUBMITTED_FOR_SETTLEMENT"}


def _said(name: str, content: dict[str, Any]) -> Answer:
    return 200, {"data": {name: content}, "extensions": {"requestId": "x"}}


def _money(minor: int) -> dict[str, str]:
    return {"value": f"{minor // 100}.{minor % 100:02d}", "currencyCode": "USD"}
