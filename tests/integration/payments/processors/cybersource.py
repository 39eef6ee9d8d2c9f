"""CyberSource, as https://developer.cybersource.com/api-reference-assets/ documents payments and what follows them.

Each request's signature is checked as its guide says:
https://developer.cybersource.com/docs/cybs/en-us/payments/developer/all/rest/payments/GenerateHeader.html.
"""

import base64
import hashlib
import hmac
import json
from typing import Any, ClassVar

from tests.integration.payments.processors.fake import NAMED, Answer, Asked, FakeProcessor, Taken

WHEN = "2026-01-01T00:00:00Z"
LIBRARY = "https://testflex.cybersource.com/microform/bundle/v2.0/flex-microform.min.js"
STATUS = {"taken": "TRANSMITTED", "held": "AUTHORIZED", "released": "VOIDED"}


class Fake(FakeProcessor):
    """It is asked by its own names only; an operator finds a lost answer."""

    name = "cybersource"
    host = "apitest.cybersource.com"
    credentials: ClassVar = {"api_key": "08c94330", "merchant_account": "shop", "api_secret": "c2hhcmVkLXNlY3JldA=="}
    certifies = frozenset({"authorize", "decline", "timeout", "lookup", "capture", "void", "refund"})
    decline_code = "204"
    one_time = frozenset({"apple_pay", "google_pay", "processor_token"})
    refers_at = "previousTransactionId"
    charges_at = "/pts/v2/payments/"

    def __init__(self) -> None:
        # Of the script in the payer's browser.
        self.integrity = "sha256-c2hh"
        # Where the payer's page is.
        self.origin = "https://shop.example"
        # Transactions that are authorizations.
        self.held: set[str] = set()
        # Captures, by their names there, with ours.
        self.captures: dict[str, str] = {}
        super().__init__()

    def answer(self, asked: Asked) -> Answer:
        self._check_signature(asked)
        if asked.path == "/microform/v2/sessions":
            self.check(asked.content["targetOrigins"] == [self.origin], "the page's own origin")
            return 201, self._context()
        match asked.path.rstrip("/").split("/")[3:]:
            case ["payments"]:
                return self._charge(asked.content)
            case ["payments", reference, action]:
                return self._act(self.payments[reference], action, asked.content)
            case ["transactions", reference]:
                return 200, self._details(reference)
        raise ValueError(asked.path)

    def _context(self) -> bytes:
        """A signed document: what the script is, and where it comes from."""
        script = {"clientLibrary": LIBRARY, "clientLibraryIntegrity": self.integrity}
        said = json.dumps({"ctx": [{"type": "mf-2.0.0", "data": script}], "exp": 1}).encode()
        return b"eyJraWQiOiJ6dSJ9." + base64.urlsafe_b64encode(said).rstrip(b"=") + b".c2ln"

    def _check_signature(self, asked: Asked) -> None:
        given = dict(part.split("=", 1) for part in asked.headers["signature"].split(", "))
        names = given["headers"].strip('"').split(" ")
        values = {**asked.headers, "host": self.host, "(request-target)": f"{asked.method.lower()} {asked.path}"}
        text = "\n".join(f"{name}: {values[name]}" for name in names)
        secret = base64.b64decode(self.credentials["api_secret"])
        wanted = base64.b64encode(hmac.new(secret, text.encode(), hashlib.sha256).digest()).decode()
        self.check(given["signature"].strip('"') == wanted and given["keyid"] == '"08c94330"', "signature")

    def _number(self, wanted: dict[str, Any]) -> str:
        """Of a wallet: fluidData, with the solution's number (001 Apple Pay, 012 Google Pay)."""
        if "tokenInformation" in wanted:
            self.check("card" not in wanted["paymentInformation"], "a card beside its token")
            return NAMED[wanted["tokenInformation"]["transientTokenJwt"]]
        paying, solution = wanted["paymentInformation"], wanted["processingInformation"]["paymentSolution"]
        if "fluidData" in paying:
            self.check(solution in {"001", "012"}, "paymentSolution")
            return self.number_of(paying["fluidData"]["value"], encoded=True)
        self.check(paying["card"]["type"] == "001", "card type")
        number: str = paying["card"]["number"]
        return number

    def _charge(self, wanted: dict[str, Any]) -> Answer:
        order = wanted["orderInformation"]
        self.check(bool(order["billTo"]["email"]), "payer")
        sums, reference = order["amountDetails"], f"{6104844165346804003007 + len(self.payments)}"
        later = wanted["processingInformation"]["capture"] is False
        ours, number = wanted["clientReferenceInformation"]["code"], self._number(wanted)
        if later:
            self.held.add(reference)
        made = self.take(reference, ours, int(sums["totalAmount"].replace(".", "")), sums["currency"], number=number, later=later)
        names = {"id": reference, "submitTimeUtc": WHEN, "clientReferenceInformation": {"code": ours}}
        if made.status == "refused":
            words = {"reason": "INSUFFICIENT_FUND", "message": "Decline - Insufficient funds in the account."}
            return 201, {**names, "status": "DECLINED", "errorInformation": words, "processorInformation": {"responseCode": "204"}}
        said = {"approvalCode": "888888", "networkTransactionId": "123456789619999", "responseCode": "100"}
        amounts = {"amountDetails": {"authorizedAmount": sums["totalAmount"], "currency": made.currency}}
        return 201, {**names, "status": "AUTHORIZED", "orderInformation": amounts, "processorInformation": said}

    def _act(self, made: Taken, action: str, wanted: dict[str, Any]) -> Answer:
        names = {"submitTimeUtc": WHEN, "clientReferenceInformation": wanted["clientReferenceInformation"]}
        match action:
            case "captures":
                self.check(made.status == "held", "captured twice")
                options = (wanted.get("processingInformation") or {}).get("captureOptions") or {}
                self.check(options == {"captureSequenceNumber": 1, "totalCaptureCount": 1, "isFinal": "true"}, f"captureOptions {options}")
                sums = wanted["orderInformation"]["amountDetails"]
                made.status, made.captured = "taken", int(sums["totalAmount"].replace(".", ""))
                self.captures[f"C{made.reference}"] = wanted["clientReferenceInformation"]["code"]
                return 201, {**names, "id": f"C{made.reference}", "status": "PENDING", "orderInformation": {"amountDetails": sums}}
            case "reversals" if made.status != "held":
                reason = "AUTH_ALREADY_REVERSED" if made.status == "released" else "TRANSACTION_ALREADY_SETTLED"
                words = {"reason": reason, "message": "Decline - The authorization cannot be reversed."}
                return 400, {**names, "status": "INVALID_REQUEST", **words}
            case "reversals":
                made.status = "released"
                return 201, {**names, "id": f"V{made.reference}", "status": "REVERSED", "processorInformation": {"responseCode": "100"}}
            case "refunds":
                sums = wanted["orderInformation"]["amountDetails"]
                made.refunds[wanted["clientReferenceInformation"]["code"]] = int(sums["totalAmount"].replace(".", ""))
                back = {"refundAmount": sums["totalAmount"], "currency": sums["currency"]}
                return 201, {**names, "id": f"R{made.reference}", "status": "PENDING", "refundAmountDetails": back}
        raise ValueError(action)

    def _details(self, reference: str) -> dict[str, Any]:
        made = self.payments[reference.lstrip("CR")]
        ours, minor = list(made.refunds.items())[-1] if reference.startswith("R") else (made.ours, made.amount)
        if reference in self.captures:
            ours, minor = self.captures[reference], made.captured
        # Of this one transaction: a capture and a reversal of it are others.
        state = {
            "status": "AUTHORIZED" if reference in self.held else STATUS[made.status],
            "reasonCode": "100",
            "rCode": "1",
            "rFlag": "SOK",
        }
        sums = {"totalAmount": f"{minor // 100}.{minor % 100:02d}", "currency": made.currency}
        names = {"id": reference, "submitTimeUTC": WHEN, "clientReferenceInformation": {"code": ours}}
        return {**names, "applicationInformation": state, "orderInformation": {"amountDetails": sums}}
