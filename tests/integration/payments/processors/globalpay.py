"""Global Payments (Unified Payments API), as https://developer.globalpayments.com/api documents access tokens and transactions."""

import hashlib
import json
from typing import Any, ClassVar

from tests.integration.payments.processors.fake import APPROVED, DECLINED, NAMED, Answer, Asked, FakeProcessor, Taken

APP_ID, APP_KEY, ACCOUNT = "app_1", "appkey_1", "transaction_processing"
WHEN = "2026-01-01T00:00:00.000Z"
TOKEN = "r1SzGAx2K9z5FNiMHkrapfRh8BC8"
# It gives cards names, and can do nothing else.
BROWSERS_TOKEN = "kRqo3vXn1sPzT0yUeW9mBd2LcAfH"


class Fake(FakeProcessor):
    """Amounts are digits of the smallest unit; a declined card is a transaction that was declined, not an error."""

    name = "globalpay"
    host = "apis.sandbox.globalpay.com"
    one_time = frozenset({"processor_token"})
    credentials: ClassVar = {"app_id": APP_ID, "app_key": APP_KEY, "account_name": ACCOUNT}
    certifies = frozenset({"authorize", "decline", "timeout", "lookup", "capture", "void", "refund", "callback"})
    decline_code = "DECLINED"
    charges_at = "/ucp/transactions"

    def __init__(self) -> None:
        super().__init__()
        # What notifications are signed with.
        self.webhook_secret = APP_KEY

    def answer(self, asked: Asked) -> Answer:
        self.check(asked.headers["x-gp-version"] == "2021-03-22", "version")
        if asked.path == "/ucp/accesstoken":
            return self._token(asked.content)
        self.check(asked.headers["authorization"] == f"Bearer {TOKEN}", "token")
        match asked.path.split("/")[3:]:
            case []:
                return self._sale(asked.content)
            case [reference]:
                return 200, self._shown(reference)
            case [reference, action]:
                return 200, self._changed(self.payments[reference], action, asked.content)
        raise ValueError(asked.path)

    def _token(self, wanted: dict[str, Any]) -> Answer:
        secret = hashlib.sha512(f"{wanted['nonce']}{APP_KEY}".encode()).hexdigest()
        self.check((wanted["app_id"], wanted["secret"], wanted["grant_type"]) == (APP_ID, secret, "client_credentials"), "credentials")
        is_browsers = "permissions" in wanted
        if is_browsers:
            self.check(wanted["permissions"] == ["PMT_POST_Create_Single"] and wanted["interval_to_expire"] == "1_HOUR", "permissions")
        account = {"id": "TRA_1", "name": ACCOUNT, "permissions": ["TRN_POST_Authorize"]}
        scope = {"merchant_id": "MER_1", "merchant_name": "Chai", "accounts": [account]}
        names = {
            "token": BROWSERS_TOKEN if is_browsers else TOKEN,
            "type": "Bearer",
            "app_id": APP_ID,
            "app_name": "chai",
            "email": "books@chai.example",
        }
        return 200, {**names, "scope": scope, "time_created": WHEN, "seconds_to_expire": 86399}

    def _sale(self, wanted: dict[str, Any]) -> Answer:
        self.check((wanted["account_name"], wanted["type"], wanted["channel"]) == (ACCOUNT, "SALE", "CNP"), "a sale without the card there")
        self.check("/v1/callbacks/prism:globalpay/" in wanted["notifications"]["status_url"], "where it is notified")
        self.check(wanted["payment_method"]["entry_mode"] == "ECOM" and wanted["payment_method"]["name"] == "Asha Rao", "payer, as given")
        number = self._number(wanted["payment_method"])
        self.check(number in {APPROVED, DECLINED} and wanted["amount"].isdecimal(), "card number, amount in digits")
        reference = f"TRN_BHZ1whvNJnMvB6dPwf3znwWTsPjCn{len(self.payments)}"
        later = wanted["capture_mode"] == "LATER"
        made = self.take(reference, wanted["reference"], int(wanted["amount"]), wanted["currency"], number=number, later=later)
        return 200, self._transaction(made, "AUTHORIZE")

    def _number(self, paying: dict[str, Any]) -> str:
        """Of the card, or of the one that was typed into hosted fields."""
        if "id" in paying:
            return NAMED[paying["id"]]
        card = paying["card"]
        expiry = (card["expiry_month"], card["expiry_year"], card["cvv"], card["cvv_indicator"])
        self.check(expiry == ("12", "31", "737", "PRESENT"), "card")
        number: str = card["number"]
        return number

    def callback(self, payment: Taken, kind: str) -> tuple[list[tuple[str, str]], bytes]:
        """The transaction, signed as `GenerationUtils.generateXGPSignature` of its own clients does."""
        said = self._refunded(payment, next(iter(payment.refunds))) if kind == "refunded" else self._transaction(payment, "AUTHORIZE")
        body = json.dumps(said).encode()
        return [("X-GP-Signature", hashlib.sha512(body + self.webhook_secret.encode()).hexdigest())], body

    def _shown(self, reference: str) -> dict[str, Any]:
        if reference in self.payments:
            return self._transaction(self.payments[reference], "AUTHORIZE")
        made, ours = next((made, ours) for made in self.payments.values() for ours in made.refunds if _name(ours) == reference)
        return self._refunded(made, ours)

    def _changed(self, made: Taken, action: str, wanted: dict[str, Any]) -> dict[str, Any]:
        amount = int(wanted["amount"])
        match action:
            case "capture":
                self.check(made.status == "held" and amount <= made.amount, "what is held, at most")
                made.status, made.captured = "taken", amount
                return {**self._transaction(made, "CAPTURE"), "amount": wanted["amount"]}
            case "reversal":
                self.check(made.status == "held" and amount == made.amount, "all that is held")
                made.status = "released"
                return self._transaction(made, "REVERSE")
            case "refund":
                self.check(made.status == "taken" and amount <= made.captured, "what was taken, at most")
                made.refunds[wanted["reference"]] = amount
                return self._refunded(made, wanted["reference"])
        raise ValueError(action)

    def _transaction(self, made: Taken, action: str) -> dict[str, Any]:
        status = {"taken": "CAPTURED", "held": "PREAUTHORIZED", "refused": "DECLINED", "released": "REVERSED"}[made.status]
        refused = made.status == "refused"
        card = {
            "brand": "VISA",
            "masked_number_last4": "XXXXXXXXXXXX4242",
            "authcode": "" if refused else "12345",
            "brand_reference": "ab1",
        }
        method = {"result": "51" if refused else "00", "message": "DECLINED" if refused else "SUCCESS", "entry_mode": "ECOM", "card": card}
        more = {"type": "SALE", "amount": str(made.amount), "reference": made.ours, "payment_method": method}
        return {**_common(made, status, action, refused=refused), **more, "id": made.reference}

    def _refunded(self, made: Taken, ours: str) -> dict[str, Any]:
        more = {
            "type": "REFUND",
            "amount": str(made.refunds[ours]),
            "reference": ours,
            "payment_method": {"result": "00", "message": "SUCCESS"},
        }
        return {**_common(made, "CAPTURED", "REFUND", refused=False), **more, "id": _name(ours)}


def _name(refund_id: str) -> str:
    return f"TRN_{refund_id[-20:]}"


def _common(made: Taken, status: str, action: str, *, refused: bool) -> dict[str, Any]:
    done = {"id": "ACT_1", "type": action, "time_created": WHEN, "result_code": "DECLINED" if refused else "SUCCESS", "app_id": APP_ID}
    names = {"merchant_id": "MER_1", "merchant_name": "Chai", "account_id": "TRA_1", "account_name": ACCOUNT, "country": "IN"}
    return {
        "time_created": WHEN,
        "status": status,
        "channel": "CNP",
        "capture_mode": "AUTO",
        "currency": made.currency,
        **names,
        "action": done,
    }
