"""Braintree, as https://graphql.braintreepayments.com/reference/ documents its mutations and searches."""

import base64
import hashlib
import hmac
import json
from typing import Any, ClassVar
from urllib.parse import urlencode

from tests.integration.payments.processors.fake import NAMED, Answer, Asked, FakeProcessor, Taken

STATUS = {"taken": "SUBMITTED_FOR_SETTLEMENT", "held": "AUTHORIZED", "released": "VOIDED", "refused": "PROCESSOR_DECLINED"}
LEGACY, DISPUTE = "wd7kcx2wr4wjq3d5", "ZGlzcHV0ZV93ZDdrY3gyd3I0d2pxM2Q1"
NOT_OPEN = {
    "message": "Disputes can only be changed when they are open.",
    "extensions": {"errorClass": "VALIDATION", "legacyCode": "95701"},
}


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
        self.disputes: dict[str, dict[str, Any]] = {}
        # Files of evidence, by category, and which disputes were finalized.
        self.files: list[tuple[str, str, bytes]] = []
        self.finalized: list[str] = []
        self.refuses: dict[str, Any] | None = None
        super().__init__()

    def answer(self, asked: Asked) -> Answer:
        self.check(asked.headers["authorization"] == "Basic cHViOnByaXY=", "authorization")
        if "parts" in asked.content or "dispute" in asked.content["query"].lower():
            self.check(asked.headers["braintree-version"] == "2021-06-01", "version")
            return self._about_disputes(asked.content)
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

    def dispute(self, payment: Taken, status: str = "OPEN", kind: str = "CHARGEBACK") -> dict[str, Any]:
        """As https://developer.paypal.com/braintree/graphql/reference/types/dispute has it."""
        about = {"status": status, "type": kind, "amountDisputed": _money(payment.amount), "amountWon": None}
        said = {"processorResponse": {"reason": "FRAUD", "reasonCode": "83"}, "responseDeadline": "2027-01-25T08:00:00Z"}
        self.disputes[DISPUTE] = {"id": DISPUTE, **about, **said, "transaction": {"id": payment.reference}, "evidence": []}
        return self.disputes[DISPUTE]

    def event(self, kind: str) -> tuple[list[tuple[str, str]], bytes]:
        """https://developer.paypal.com/braintree/docs/guides/webhooks/parse, signed as Braintree's own clients check it."""
        about = f"<id>{LEGACY}</id><amount>12.34</amount><kind>chargeback</kind><status>open</status>"
        paid = "<transaction><id>paid0001</id><amount>12.34</amount></transaction>"
        head = f'<notification><timestamp type="datetime">2026-01-01T00:00:00Z</timestamp><kind>{kind}</kind>'
        xml = f"{head}<subject><dispute>{paid}{about}</dispute></subject></notification>"
        payload = base64.encodebytes(xml.encode()).decode()
        key = hashlib.sha1(b"priv", usedforsecurity=False).digest()
        signature = hmac.new(key, payload.encode(), hashlib.sha1).hexdigest()
        body = urlencode({"bt_signature": f"other|0000&pub|{signature}", "bt_payload": payload}).encode()
        return [("Content-Type", "application/x-www-form-urlencoded")], body

    def _about_disputes(self, content: dict[str, Any]) -> Answer:
        if "parts" in content:
            return self._file(content["parts"])
        query, given = content["query"], content["variables"]
        if "idFromLegacyId" in query:
            self.check(given == {"legacyId": LEGACY} and "type: DISPUTE" in query, str(given))
            return 200, {"data": {"idFromLegacyId": DISPUTE}}
        if "DisputeSearchInput" in query:
            return _said("search", {"disputes": {"edges": [{"node": each} for each in self._disputes_of(given["input"])]}})
        return self._mutated(query, given["input"])

    def _disputes_of(self, wanted: dict[str, Any]) -> list[dict[str, Any]]:
        if "id" in wanted:
            return [each for name, each in self.disputes.items() if name == wanted["id"]["is"]]
        about = wanted["transaction"]["transactionId"]["is"]
        return [each for each in self.disputes.values() if each["transaction"]["id"] == about]

    def _mutated(self, query: str, given: dict[str, Any]) -> Answer:
        name = query.partition("{ ")[2].partition("(")[0]
        dispute = self.disputes[given["disputeId"]]
        if self.refuses is not None or dispute["status"] != "OPEN":
            return 200, {"data": {name: None}, "errors": [self.refuses or NOT_OPEN]}
        match name:
            case "createDisputeTextEvidence":
                self.check(set(given) == {"disputeId", "category", "content"}, str(given))
                dispute["evidence"].append({"__typename": "DisputeTextEvidence", **given})
                return _said(name, {"evidence": {"id": "e1"}})
            case "finalizeDispute":
                self.finalized.append(dispute["id"])
                dispute["status"] = "DISPUTED"
            case "acceptDispute":
                dispute["status"] = "ACCEPTED"
            case other:
                raise ValueError(other)
        return _said(name, {"dispute": {"id": dispute["id"], "status": dispute["status"]}})

    def _file(self, parts: list[tuple[str, str | None, str, bytes]]) -> Answer:
        """https://developer.paypal.com/braintree/graphql/integration_guides/uploading_files: one file in a call."""
        (first, _, kind, said), (second, _, _, places), (place, _, file_kind, content) = parts
        operations = json.loads(said)
        self.check((first, kind, second) == ("operations", "application/json", "map"), "parts")
        self.check(json.loads(places) == {place: "variables.file"} and operations["variables"]["file"] is None, "map")
        self.check("createDisputeFileEvidence(input: $input)" in operations["query"], "query")
        self.files.append((operations["variables"]["input"]["category"], file_kind, content))
        return _said("createDisputeFileEvidence", {"evidence": {"id": "e2"}})

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
