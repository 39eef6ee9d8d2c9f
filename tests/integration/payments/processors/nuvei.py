"""Nuvei, as https://docs.nuvei.com/api/main/indexMain_v1_0.html documents sessions, payments, settles, voids, refunds and their details."""

import hashlib
from typing import Any, ClassVar

from tests.integration.payments.processors.fake import NAMED as NAMED_CARDS
from tests.integration.payments.processors.fake import Answer, Asked, FakeProcessor, Taken

STATUS = {"taken": "APPROVED", "held": "APPROVED", "refused": "DECLINED", "redirected": "REDIRECT", "released": "APPROVED"}
IDS = ("427583496191624621", "142033")
SECRET = "zzzzTEST0secretTEST0secretTEST0secretTEST0secretTEST0secretTEST0"
# Which fields a checksum covers, in their order; the merchant's secret comes last.
NAMED = ("merchantId", "merchantSiteId")
SIGNED = {
    "getSessionToken": (*NAMED, "clientRequestId", "timeStamp"),
    "payment": (*NAMED, "clientRequestId", "amount", "currency", "timeStamp"),
    "settleTransaction": (*NAMED, "clientRequestId", "clientUniqueId", "amount", "currency", "relatedTransactionId", "timeStamp"),
    "getTransactionDetails": (*NAMED, "transactionId", "clientUniqueId", "timeStamp"),
}


class Fake(FakeProcessor):
    """It finds nothing by our reference alone in the library's requests: an operator finds a lost answer."""

    name = "nuvei"
    host = "ppp-test.nuvei.com"
    credentials: ClassVar = {"merchant_id": IDS[0], "merchant_site_id": IDS[1], "merchant_secret": SECRET}
    certifies = frozenset({"authorize", "decline", "timeout", "lookup", "capture", "void", "refund"})
    decline_code = "-1"
    charges_at = "/payment.do"

    def __init__(self) -> None:
        # Transactions that are authorizations.
        self.held: set[str] = set()
        # Of each payment of ours, by what it was called.
        self.sessions: dict[str, str] = {}
        super().__init__()

    def answer(self, asked: Asked) -> Answer:
        action = asked.path.rpartition("/")[2].removesuffix(".do")
        wanted = asked.content
        covered = SIGNED.get(action, SIGNED["settleTransaction"])
        text = "".join(str(wanted.get(name) or "") for name in covered) + SECRET
        self.check(wanted["checksum"] == hashlib.sha256(text.encode()).hexdigest(), f"{action}: checksum")
        return 200, {
            **self._acted(action, wanted),
            "internalRequestId": 866,
            "status": "SUCCESS",
            "errCode": 0,
            "reason": "",
            "version": "1.0",
        }

    def _acted(self, action: str, wanted: dict[str, Any]) -> dict[str, Any]:
        names = {name: wanted[name] for name in NAMED}
        match action:
            case "getSessionToken":
                ours = wanted["clientRequestId"]
                self.check(ours not in self.sessions, "a second session")
                self.sessions[ours] = f"9610a8f6-44cf-4c4f-976a-{len(self.sessions):012d}"
                return {**names, "sessionToken": self.sessions[ours], "clientRequestId": ours}
            case "payment":
                return {**names, **self._pay(wanted)}
            case "getTransactionDetails":
                return {**names, "transactionDetails": self._details(wanted["transactionId"])}
        made = self.payments[wanted["relatedTransactionId"]]
        match action:
            case "voidTransaction" if 0 < made.captured < made.amount:
                self.problems.append("a void of what was settled in part")
            case "settleTransaction":
                made.status, made.captured = "taken", round(float(wanted["amount"]) * 100)
            case "voidTransaction":
                made.status = "released"
            case "refundTransaction":
                made.refunds[wanted["clientUniqueId"]] = round(float(wanted["amount"]) * 100)
            case _:
                raise ValueError(action)
        ours = {name: wanted[name] for name in ("clientUniqueId", "clientRequestId") if wanted.get(name)}
        return {**names, **ours, **_transaction("APPROVED", f"2{made.reference[1:]}"), "authCode": "111144"}

    def _pay(self, wanted: dict[str, Any]) -> dict[str, Any]:
        self.check(wanted["sessionToken"] == self.sessions[wanted["clientRequestId"]], "the session of this payment")
        number = self._number(wanted["paymentOption"]["card"])
        reference, minor = f"{1110000000004146935 + len(self.payments)}", round(float(wanted["amount"]) * 100)
        later = wanted["transactionType"] == "Auth"
        if later:
            self.held.add(reference)
        made = self.take(reference, wanted["clientUniqueId"], minor, wanted["currency"], number=number, later=later)
        ours = {"clientUniqueId": made.ours, "clientRequestId": wanted["clientRequestId"], "transactionType": wanted["transactionType"]}
        threed = {"threeD": {"acsUrl": "https://acs.example/challenge", "cReq": "eyJ0"}} if made.status == "redirected" else {}
        return {
            **ours,
            **_transaction(STATUS[made.status], reference),
            "orderId": "39272",
            "sessionToken": wanted["sessionToken"],
            "paymentOption": {"userPaymentOptionId": "14958143", "card": {"ccCardNumber": "4****4242", "last4Digits": "4242", **threed}},
        }

    def _number(self, card: dict[str, Any]) -> str:
        """Of the card, or of one that was typed into Nuvei's fields: https://docs.nuvei.com/documentation/accept-payment/web-sdk/."""
        if "ccTempToken" in card:
            self.check(card.keys() == {"ccTempToken", "cardHolderName"} and card["cardHolderName"] == "Asha Rao", "a name of a card alone")
            return NAMED_CARDS[card["ccTempToken"]]
        self.check(len(card["expirationYear"]) == 4 and card["CVV"] == "737", "card")
        number: str = card["cardNumber"]
        return number

    def _details(self, reference: str) -> dict[str, Any]:
        made = self._by(reference)
        is_refund = made.reference != reference
        amount = next(iter(made.refunds.values()), 0) if is_refund else made.amount
        kind = "Credit" if is_refund else "Auth" if reference in self.held else "Sale"
        sums = {"processedAmount": f"{amount / 100:.2f}", "processedCurrency": made.currency}
        ours = next(iter(made.refunds), "") if is_refund else made.ours
        # Of this one transaction: what became of a hold are others.
        status = "Approved" if is_refund or reference in self.held else STATUS[made.status].capitalize()
        return {"transactionId": reference, "transactionStatus": status, "transactionType": kind, "clientUniqueId": ours, **sums}

    def _by(self, reference: str) -> Taken:
        return self.payments.get(reference) or self.payments[f"1{reference[1:]}"]


def _transaction(status: str, reference: str) -> dict[str, Any]:
    refused = status == "DECLINED"
    errors = {"gwErrorCode": -1 if refused else 0, "gwErrorReason": "Insufficient Funds" if refused else "", "gwExtendedErrorCode": 0}
    return {"transactionId": reference, "externalTransactionId": "", "transactionStatus": status, **errors}
