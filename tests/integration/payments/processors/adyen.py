"""Adyen, as https://docs.adyen.com/api-explorer/Checkout/68 documents payments, captures, cancels, refunds, and its webhooks."""

import base64
import hashlib
import hmac
import json
from typing import Any, ClassVar
from urllib.parse import urlsplit

from tests.integration.payments.processors.fake import APPROVED, Answer, Asked, FakeProcessor, Taken, query_of
from tests.support import published

DISPUTES = {
    "asked": "REQUEST_FOR_INFORMATION",
    "notified": "NOTIFICATION_OF_CHARGEBACK",
    "charged_back": "CHARGEBACK",
    "supplied": "INFORMATION_SUPPLIED",
    "reversed": "CHARGEBACK_REVERSED",
    "ended": "DISPUTE_DEFENSE_PERIOD_ENDED",
}
# What is asked of the Disputes API, and what it answers.
ANSWERED = {
    "retrieveApplicableDefenseReasons": ("DefenseReasonsRequest", "DefenseReasonsResponse"),
    "supplyDefenseDocument": ("SupplyDefenseDocumentRequest", "SupplyDefenseDocumentResponse"),
    "defendDispute": ("DefendDisputeRequest", "DefendDisputeResponse"),
    "acceptDispute": ("AcceptDisputeRequest", "AcceptDisputeResponse"),
}
# What is asked of Checkout, and what it answers, by the last part of the address.
CHECKOUT = {
    "payments": ("PaymentRequest", "PaymentResponse"),
    "details": ("PaymentDetailsRequest", "PaymentDetailsResponse"),
    "sessions": ("CreateCheckoutSessionRequest", "CreateCheckoutSessionResponse"),
    "captures": ("PaymentCaptureRequest", "PaymentCaptureResponse"),
    "cancels": ("PaymentCancelRequest", "PaymentCancelResponse"),
    "refunds": ("PaymentRefundRequest", "PaymentRefundResponse"),
}
# The items of webhooks, by their event.
ITEMS = {
    "AUTHORISATION": "AuthorisationNotificationRequestItem",
    "CAPTURE": "CaptureNotificationRequestItem",
    "CANCELLATION": "CancellationNotificationRequestItem",
    "REFUND": "RefundNotificationRequestItem",
    **dict.fromkeys(DISPUTES.values(), "DisputesNotificationRequestItem"),
}
RESULT = {"taken": "Authorised", "held": "Authorised", "refused": "Refused", "redirected": "RedirectShopper"}


class Fake(FakeProcessor):
    """It has no question about a payment: what became of one is said by its webhooks."""

    name = "adyen"
    host = "checkout-test.adyen.com"
    other_hosts = frozenset({"ca-test.adyen.com"})
    credentials: ClassVar = {"api_key": "AQE1", "merchant_account": "ShopECOM"}
    certifies = frozenset({"authorize", "decline", "timeout", "capture", "void", "refund", "callback", "redirect"})
    decline_code = "51"
    one_time = frozenset({"apple_pay", "google_pay"})
    charges_at = "/v68/payments"

    def __init__(self) -> None:
        # What was supplied by type, what each dispute was answered with, and what Adyen says against it.
        self.supplied: dict[str, bytes] = {}
        self.answered: list[str] = []
        self.refuses: str | None = None
        self.ends_at = "2027-01-25T08:00:00+00:00"
        self.status = "Undefended"
        # Sessions by their names, our references of those whose money is held, and how one stands in which nothing was paid.
        self.sessions: dict[str, Taken] = {}
        self.manual: set[str] = set()
        self.session_status = "active"
        # Shoppers whose cards may be kept, who ticked that they are, and the cards: by their names, whose.
        self.shoppers: set[str] = set()
        self.ticked: set[str] = set()
        self.kept: dict[str, str] = {}
        super().__init__()

    def answer(self, asked: Asked) -> Answer:
        self.check(asked.headers["x-api-key"] == "AQE1", "credentials")
        if asked.path.startswith("/ca/services/DisputeService/v30/"):
            return self._of_dispute(asked.path.rpartition("/")[2], asked.content)
        if asked.method in {"GET", "DELETE"}:
            # The result of a session and kept cards, which are asked about by an address alone.
            return self._of_checkout(asked)
        request, response = CHECKOUT[asked.path.rpartition("/")[2]]
        self._fits(published.adyen_problem(request, asked.content))
        self.check(asked.path.endswith("/details") or asked.content["merchantAccount"] == "ShopECOM", "account")
        status, found = self._of_checkout(asked)
        self._fits(published.adyen_problem(response, found))
        return status, found

    def _fits(self, problem: str | None) -> None:
        self.check(problem is None, str(problem))

    def _of_checkout(self, asked: Asked) -> Answer:
        match asked.path.split("/")[2:]:
            case ["payments"]:
                return self._charge(asked.content)
            case ["payments", "details"]:
                return self._details(asked.content)
            case ["sessions"]:
                return self._session(asked.content)
            case [kept, *named] if kept.startswith("storedPaymentMethods"):
                return self._of_kept(asked, named)
            case ["sessions", named]:
                return self._result(urlsplit(named).path, query_of(named)["sessionResult"])
            case ["payments", reference, action]:
                return self._modify(self.payments[reference], action, asked.content)
        raise ValueError(asked.path)

    def _of_dispute(self, name: str, wanted: dict[str, Any]) -> Answer:
        request, response = ANSWERED[name]
        self._fits(published.adyen_dispute_problem(request, wanted))
        self.check((wanted["merchantAccountCode"], wanted["disputePspReference"]) == ("ShopECOM", "DSP0000000000001"), "the dispute")
        found: dict[str, Any] = {"disputeServiceResult": {"success": self.refuses is None}}
        if self.refuses is not None:
            found["disputeServiceResult"]["errorMessage"] = self.refuses
        elif name == "retrieveApplicableDefenseReasons":
            found = published.adyen_defense_reasons()
        elif name == "supplyDefenseDocument":
            self.supplied |= {each["defenseDocumentTypeCode"]: base64.b64decode(each["content"]) for each in wanted["defenseDocuments"]}
        else:
            self.answered.append(wanted.get("defenseReasonCode", "accepted"))
        self._fits(published.adyen_dispute_problem(response, found))
        return 200, found

    def _details(self, wanted: dict[str, Any]) -> Answer:
        reference, _, outcome = wanted["details"]["redirectResult"].partition("!")
        made = self.payments[reference]
        if outcome == "confirmed":
            self.confirm(made)
        names = {"pspReference": reference, "merchantReference": made.ours}
        if outcome != "confirmed":
            return 200, {**names, "resultCode": "Refused", "refusalReason": "3D Not Authenticated", "refusalReasonCode": "11"}
        return 200, {**names, "resultCode": "Authorised", "amount": {"currency": made.currency, "value": made.amount}}

    def _session(self, wanted: dict[str, Any]) -> Answer:
        self.check((wanted["channel"], wanted["allowedPaymentMethods"]) == ("Web", ["scheme"]), "cards in a browser")
        amount, reference = wanted["amount"], f"CS{len(self.payments):016d}"
        made = self.take(reference, wanted["reference"], amount["value"], amount["currency"], number="", later=True)
        made.status, self.sessions[reference] = "begun", made
        if wanted.get("enableOneClick"):
            self.check(wanted["recurringProcessingModel"] == "CardOnFile", "what it is kept for")
            self.shoppers.add(wanted["shopperReference"])
        if wanted.get("additionalData") == {"manualCapture": "true"}:
            self.manual.add(made.ours)
        return 201, {**wanted, "id": reference, "expiresAt": "2026-01-11T13:53:18+02:00", "sessionData": "Ab02b4c0!BQABAgBfYI29"}

    def confirm(self, payment: Taken) -> None:
        """Of a session: its payment has a name of its own."""
        super().confirm(payment)
        if self.sessions.get(payment.reference) is payment:
            del self.payments[payment.reference]
            payment.reference = f"PSP{len(self.payments):013d}"
            self.payments[payment.reference] = payment
        if payment.ours in self.ticked & self.shoppers:
            self.kept[f"M5N7TQ4TG5PFWR{len(self.kept)}"] = payment.ours
        if payment.ours in self.manual:
            payment.status, payment.captured = "held", 0

    def _of_kept(self, asked: Asked, named: list[str]) -> Answer:
        last = named[0] if named else asked.path
        given = query_of(last)
        self.check(given["merchantAccount"] == "ShopECOM", "account")
        if asked.method == "DELETE":
            is_known = self.kept.get(urlsplit(last).path) == given["shopperReference"]
            self.kept.pop(urlsplit(last).path, None)
            return (204, b"") if is_known else (422, {"status": 422, "errorCode": "800", "message": "Contract not found"})
        example = published.adyen_example("get-storedPaymentMethods-success-200")
        (card,) = example["storedPaymentMethods"]
        mine = [{**card, "id": name, "shopperReference": whose} for name, whose in self.kept.items() if whose == given["shopperReference"]]
        return 200, {"merchantAccount": "ShopECOM", "shopperReference": given["shopperReference"], "storedPaymentMethods": mine}

    def _result(self, session: str, said: str) -> Answer:
        self.check(said == f"result-of-{session}", "the session's result")
        made = self.sessions[session]
        found: dict[str, Any] = {"id": session, "reference": made.ours, "status": self.session_status}
        if made.status != "begun":
            amount = {"currency": made.currency, "value": made.amount}
            found |= {"status": "completed", "payments": [{"pspReference": made.reference, "resultCode": "Authorised", "amount": amount}]}
        problem = published.adyen_problem("SessionResultResponse", found)
        self.check(problem is None, str(problem))
        return 200, found

    def _charge(self, wanted: dict[str, Any]) -> Answer:
        later = wanted.get("additionalData", {}).get("manualCapture") == "true"
        amount, reference = wanted["amount"], f"PSP{len(self.payments):013d}"
        card = self._number(wanted["paymentMethod"])
        if "storedPaymentMethodId" in wanted["paymentMethod"]:
            whose = self.kept.get(wanted["paymentMethod"]["storedPaymentMethodId"])
            self.check((wanted["shopperReference"], wanted["shopperInteraction"]) == (whose, "ContAuth"), "whose card")
        made = self.take(reference, wanted["reference"], amount["value"], amount["currency"], number=card, later=later)
        if made.status == "redirected":
            return 200, {**published.adyen_example("post-payments-card-3d-secure-redirect-200"), "pspReference": reference}
        names = {"pspReference": reference, "resultCode": RESULT[made.status], "merchantReference": made.ours}
        if made.status == "refused":
            words = {"refusalReason": "Not enough balance", "refusalReasonCode": "12"}
            return 200, {**names, **words, "additionalData": {"refusalReasonRaw": "51 : Insufficient funds"}}
        return 200, {**names, "amount": amount, "additionalData": {"networkTxReference": "MCC000000000355"}}

    def _number(self, paying: dict[str, Any]) -> str:
        if "storedPaymentMethodId" in paying:
            self.check(paying["storedPaymentMethodId"] in self.kept, "the card")
            return APPROVED
        match paying["type"]:
            case "applepay":
                # https://docs.adyen.com/payment-methods/apple-pay/api-only: in base64.
                return self.number_of(paying["applePayToken"], encoded=True)
            case "googlepay":
                return self.number_of(paying["googlePayToken"])
            case _:
                number: str = paying["number"]
                return number

    def _modify(self, made: Taken, action: str, wanted: dict[str, Any]) -> Answer:
        self.asked_for = wanted["reference"]
        names = {"merchantAccount": "ShopECOM", "paymentPspReference": made.reference, "status": "received"}
        match action:
            case "captures":
                made.status, made.captured = "taken", made.captured + wanted["amount"]["value"]
            case "cancels":
                made.status = "released"
            case "refunds":
                made.refunds[wanted["reference"]] = wanted["amount"]["value"]
            case _:
                raise ValueError(action)
        sums = {"amount": wanted["amount"]} if "amount" in wanted else {}
        return 201, {**names, **sums, "reference": wanted["reference"], "pspReference": f"MOD{wanted['reference'][4:17]}"}

    def callback(self, payment: Taken, kind: str) -> tuple[list[tuple[str, str]], bytes]:
        codes = {"refunded": "REFUND", "captured": "CAPTURE", "released": "CANCELLATION", **DISPUTES}
        code = codes.get(kind, "AUTHORISATION")
        success = "false" if kind == "refused" else "true"
        ours, amount = next(iter(payment.refunds.items())) if kind == "refunded" else (payment.ours, payment.amount)
        ours = self.asked_for if kind in {"captured", "released"} else ours
        amount = payment.captured if kind == "captured" else amount
        reference, original = (
            ("DSP0000000000001", payment.reference)
            if kind in DISPUTES
            else (f"MOD{ours[4:17]}", payment.reference)
            if kind in codes
            else (payment.reference, "")
        )
        signed = ":".join([reference, original, "ShopECOM", ours, str(amount), payment.currency, code, success])
        signature = base64.b64encode(hmac.new(bytes.fromhex(self.webhook_secret), signed.encode(), hashlib.sha256).digest()).decode()
        item = {
            "amount": {"currency": payment.currency, "value": amount},
            "eventCode": code,
            "eventDate": "2026-01-01T00:00:00+01:00",
            "merchantAccountCode": "ShopECOM",
            "merchantReference": ours,
            "pspReference": reference,
            "reason": "Refused" if kind == "refused" else "",
            "success": success,
            "paymentMethod": "visa",
            "additionalData": {"hmacSignature": signature, **(self._about_dispute(code) if kind in DISPUTES else {})},
            **({"originalReference": original} if original else {}),
        }
        self._fits(published.adyen_webhook_problem(ITEMS[code], item))
        return [], json.dumps({"live": "false", "notificationItems": [{"NotificationRequestItem": item}]}).encode()

    def _about_dispute(self, code: str) -> dict[str, str]:
        status = {"INFORMATION_SUPPLIED": "Pending", "CHARGEBACK_REVERSED": "Won"}.get(code, self.status)
        found = {"chargebackReasonCode": "13.1", "chargebackSchemeCode": "visa", "disputeStatus": status}
        found |= {"defensePeriodEndsAt": self.ends_at, "defendable": "true"}
        self._fits(published.adyen_webhook_problem("DisputesNotificationAdditionalData", found))
        return found
