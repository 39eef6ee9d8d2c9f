"""PayPal, as its OpenAPI documents of Orders v2 and https://developer.paypal.com/docs/api/payments/v2/ say."""

from typing import Any, ClassVar

from tests.integration.payments.processors.fake import Answer, Asked, FakeProcessor, Taken
from tests.support import published

WHEN = {"create_time": "2026-01-01T00:00:00Z", "update_time": "2026-01-01T00:00:00Z"}


class Fake(FakeProcessor):
    """Nothing is found by our reference, and callbacks are verified by a call that is not made here: an operator finds a lost answer."""

    name = "paypal"
    host = "api-m.sandbox.paypal.com"
    credentials: ClassVar = {"client_id": "AXy", "client_secret": "EGn"}
    certifies = frozenset({"authorize", "decline", "timeout", "lookup", "capture", "void", "refund"})
    decline_code = "5120"
    charges_at = "/v2/checkout/orders"

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/v1/oauth2/token":
            self.check(asked.content["grant_type"] == "client_credentials", "grant")
            return 200, {"scope": "", "access_token": "A21AA", "token_type": "Bearer", "app_id": "APP-1", "expires_in": 31668, "nonce": "n"}
        self.check(asked.headers["authorization"] == "Bearer A21AA", "authorization")
        match asked.path.split("/")[2:]:
            case ["checkout", "orders"]:
                return self._order(asked.content)
            case ["payments", "refunds", reference]:
                _, capture, amount = reference.split("-")
                return 200, self._refund(self.payments[capture], int(amount))
            case ["payments", kind, reference, *action]:
                return self._act(self.payments[reference], kind, action, asked.content)
        raise ValueError(asked.path)

    def _order(self, wanted: dict[str, Any]) -> Answer:
        problem = published.paypal_problem("order_request", wanted)
        self.check(problem is None, str(problem))
        (unit,), later = wanted["purchase_units"], wanted["intent"] == "AUTHORIZE"
        amount, card = unit["amount"], wanted["payment_source"]["card"]
        reference = f"{len(self.payments):017d}"
        minor = int(amount["value"].replace(".", ""))
        made = self.take(reference, unit["custom_id"], minor, amount["currency_code"], number=card["number"], later=later)
        paid = {"authorizations" if later else "captures": [self._payment(made)]}
        names = {"id": f"O{reference}", "status": "COMPLETED", "intent": wanted["intent"], "links": []}
        return 201, {**names, "purchase_units": [{"reference_id": made.ours, "custom_id": made.ours, "payments": paid}]}

    def _payment(self, made: Taken) -> dict[str, Any]:
        status = {"held": "CREATED", "released": "VOIDED", "refused": "DECLINED", "taken": "COMPLETED"}[made.status]
        refused = {"processor_response": {"response_code": "5120", "avs_code": "G"}} if made.status == "refused" else {}
        names = {"id": made.reference, "status": status, "custom_id": made.ours, "invoice_id": made.ours, "final_capture": True}
        order = {"supplementary_data": {"related_ids": {"order_id": f"O{made.reference}"}}}
        return {**names, **refused, **WHEN, **order, "amount": _money(made.captured or made.amount, made.currency), "links": []}

    def _act(self, made: Taken, kind: str, action: list[str], wanted: dict[str, Any]) -> Answer:
        match kind, action:
            case "authorizations", ["capture"]:
                made.status, made.captured = "taken", int(wanted["amount"]["value"].replace(".", ""))
                return 201, {**self._payment(made), "id": f"C{made.reference}"}
            case "authorizations", ["void"]:
                made.status = "released"
            case "captures", ["refund"]:
                amount = int(wanted["amount"]["value"].replace(".", ""))
                made.refunds[str(len(made.refunds))] = amount
                return 201, self._refund(made, amount)
        return 200, self._payment(made)

    def _refund(self, made: Taken, amount: int) -> dict[str, Any]:
        return {"id": f"R-{made.reference}-{amount}", "status": "COMPLETED", "amount": _money(amount, made.currency), "links": []}


def _money(minor: int, currency: str) -> dict[str, str]:
    return {"currency_code": currency, "value": f"{minor // 100}.{minor % 100:02d}"}
