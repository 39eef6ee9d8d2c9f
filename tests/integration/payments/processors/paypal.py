"""PayPal, as its OpenAPI documents of Orders v2 and https://developer.paypal.com/docs/api/payments/v2/ say."""

import hashlib
import hmac
import json
import zlib
from typing import Any, ClassVar

from tests.fakes.receiver_behaviours import Hang
from tests.integration.payments.processors.fake import REDIRECTED, Answer, Asked, FakeProcessor, Taken, query_of
from tests.support import published

SILENT = Hang()
SELF = {"href": "https://api.sandbox.paypal.com/v1/customer/disputes", "rel": "self", "method": "GET"}
WHEN = {"create_time": "2026-01-01T00:00:00Z", "update_time": "2026-01-01T00:00:00Z"}


class Fake(FakeProcessor):
    """Nothing is found by our reference; callbacks have it, and PayPal says itself whether it sent one."""

    name = "paypal"
    host = "api-m.sandbox.paypal.com"
    credentials: ClassVar = {"client_id": "AXy", "client_secret": "EGn"}
    certifies = frozenset({"authorize", "decline", "timeout", "lookup", "capture", "void", "refund", "callback", "redirect"})
    decline_code = "5120"
    charges_at = "/v2/checkout/orders"

    def __init__(self) -> None:
        self.disputes: dict[str, dict[str, Any]] = {}
        # What was given with each answer, and what may be answered.
        self.evidence: list[tuple[list[dict[str, Any]], list[tuple[str, str | None, str, bytes]]]] = []
        self.due = "2026-01-11T00:00:00Z"
        self.answerable = ("provide-evidence", "accept-claim")
        # Which are held first, which orders were paid by a call, and what the payer's bank says of the payer.
        self.holds: dict[str, bool] = {}
        self.paid: list[str] = []
        self.liability = "POSSIBLE"
        self.refunded_at = WHEN["create_time"]
        # Orders whose card is typed in the payer's browser.
        self.begun: set[str] = set()
        super().__init__()
        # The webhook's id.
        self.webhook_secret = "0EH40505U7160970P"

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/v1/oauth2/token":
            self.check(asked.content["grant_type"] == "client_credentials", "grant")
            return 200, {"scope": "", "access_token": "A21AA", "token_type": "Bearer", "app_id": "APP-1", "expires_in": 31668, "nonce": "n"}
        self.check(asked.headers["authorization"] == "Bearer A21AA", "authorization")
        match asked.path.partition("?")[0].split("/")[2:]:
            case ["customer", "disputes", *name]:
                return self._asked_about_disputes(asked, name)
            case ["checkout", "orders", *named]:
                return self._of_order(named[0], named[1:], asked.content) if named else self._order(asked.content)
            case ["notifications", "verify-webhook-signature"]:
                return self._verify(asked.content)
            case ["payments", "refunds", reference]:
                _, capture, amount = reference.split("-")
                return 200, self._shows("refund", self._refund(self.payments[capture], int(amount)))
            case ["payments", kind, reference, *action]:
                return self._act(self.payments[reference], kind, action, asked.content)
        raise ValueError(asked.path)

    def callback(self, payment: Taken, kind: str) -> tuple[list[tuple[str, str]], bytes]:
        """Captures, authorizations and refunds as PayPal's OpenAPI document of payments has them, disputes as that of disputes."""
        if kind in {"opened", "reviewed", "won", "lost"}:
            return self.event(f"CUSTOMER.DISPUTE.{'CREATED' if kind == 'opened' else 'UPDATED'}", "dispute", self.dispute(payment, kind))
        if kind == "refunded":
            (amount,) = payment.refunds.values()
            return self.event("PAYMENT.CAPTURE.REFUNDED", "refund", self.refund_of(payment, amount))
        if payment.status == "confirmed":
            return self.event("CHECKOUT.ORDER.APPROVED", "checkout-order", self._shown(payment))
        shown = self._payment(payment)
        problem = published.paypal_payment_problem("capture-2", shown)
        self.check(problem is None, str(problem))
        return self.event("PAYMENT.CAPTURE.COMPLETED", "capture", shown)

    def event(self, kind: str, about: str, resource: dict[str, Any]) -> tuple[list[tuple[str, str]], bytes]:
        """Signed over its own id, time, the webhook's id and a checksum of the body; by a key that PayPal alone has."""
        names = {"id": "WH-19973212KP7150742-2JX70297UV7512345", "event_version": "1.0", "create_time": "2026-01-01T00:00:01.000Z"}
        more = {"resource_type": about, "resource_version": "2.0", "event_type": kind, "summary": "said", "links": []}
        body = json.dumps({**names, **more, "resource": resource}).encode()
        sent = {"PAYPAL-TRANSMISSION-ID": "b2384410-f8d2-11e4-8bf3-77339302725b", "PAYPAL-TRANSMISSION-TIME": "2026-01-01T00:00:02Z"}
        signature = _signature(*sent.values(), self.webhook_secret, body)
        cert = {"PAYPAL-CERT-URL": "https://api.paypal.com/v1/notifications/certs/CERT-360caa42", "PAYPAL-AUTH-ALGO": "SHA256withRSA"}
        return [*sent.items(), *cert.items(), ("PAYPAL-TRANSMISSION-SIG", signature)], body

    def _verify(self, wanted: dict[str, Any]) -> Answer:
        problem = published.paypal_webhooks_problem("verify_webhook_signature", wanted)
        self.check(problem is None, str(problem))
        body = json.dumps(wanted["webhook_event"]).encode()
        expected = _signature(wanted["transmission_id"], wanted["transmission_time"], wanted["webhook_id"], body)
        return 200, {"verification_status": "SUCCESS" if wanted["transmission_sig"] == expected else "FAILURE"}

    def refund_of(self, payment: Taken, amount: int) -> dict[str, Any]:
        """A refund with a link to its capture."""
        up = {"href": f"https://api.sandbox.paypal.com/v2/payments/captures/{payment.reference}", "rel": "up", "method": "GET"}
        found = {**self._refund(payment, amount), **WHEN, "create_time": self.refunded_at, "links": [up]}
        problem = published.paypal_payment_problem("refund", found)
        self.check(problem is None, str(problem))
        return found

    def _asked_about_disputes(self, asked: Asked, name: list[str]) -> Answer:
        if not name:
            return 200, self._listed(query_of(asked.path))
        if len(name) == 2:
            return self._answered_to(self.disputes[name[0]], name[1], asked.content["parts"])
        return (200, self.disputes[name[0]]) if name[0] in self.disputes else (404, {"name": "RESOURCE_NOT_FOUND"})

    def _listed(self, query: dict[str, str]) -> dict[str, Any]:
        """Without the transactions, as PayPal lists them."""
        self.check(set(query) == {"disputed_transaction_id", "page_size"}, str(query))
        names = ("dispute_id", "create_time", "update_time", "reason", "status", "dispute_amount", "dispute_life_cycle_stage")
        about = query["disputed_transaction_id"]
        mine = [each for each in self.disputes.values() if each["disputed_transactions"][0]["seller_transaction_id"] == about]
        found = {"items": [{name: each[name] for name in names} for each in mine]} if mine else {"links": [SELF]}
        problem = published.paypal_disputes_problem("dispute_search", found)
        self.check(problem is None, str(problem))
        return found

    def dispute(self, payment: Taken, stage: str) -> dict[str, Any]:
        """A chargeback about this payment, whole."""
        status, outcome, moved = {
            "opened": ("WAITING_FOR_SELLER_RESPONSE", None, ["DEBIT"]),
            "reviewed": ("UNDER_REVIEW", None, ["DEBIT"]),
            "won": ("RESOLVED", "RESOLVED_SELLER_FAVOUR", ["DEBIT", "CREDIT"]),
            "lost": ("RESOLVED", "RESOLVED_BUYER_FAVOUR", ["DEBIT"]),
        }[stage]
        amount = _money(payment.amount, payment.currency)
        move = {"affected_party": "SELLER", "amount": amount, "initiated_time": WHEN["create_time"], "reason": "DISPUTE_SETTLEMENT"}
        about = {"seller_transaction_id": payment.reference, "buyer_transaction_id": "7GT52138", "gross_amount": amount}
        names = {"dispute_id": "PP-D-27803", "create_time": WHEN["create_time"], "update_time": WHEN["update_time"]}
        found = {
            **names,
            "disputed_transactions": [{**about, "custom": payment.ours, "seller": {"merchant_id": "5DUVVFJR", "name": "Chai"}}],
            "reason": "MERCHANDISE_OR_SERVICE_NOT_RECEIVED",
            "status": status,
            "dispute_amount": amount,
            "dispute_life_cycle_stage": "CHARGEBACK",
            "dispute_channel": "EXTERNAL",
            "external_reason_code": "13.1",
            "seller_response_due_date": self.due,
            "money_movements": [{**move, "type": kind} for kind in moved],
            **(
                {"dispute_outcome": {"outcome_code": outcome, **({"amount_refunded": amount} if stage == "lost" else {})}}
                if outcome
                else {}
            ),
            "links": [SELF, *(_link(action) for action in self.answerable if stage == "opened")],
            "allowed_response_options": {"accept_claim": {"accept_claim_types": ["REFUND"]}},
        }
        problem = published.paypal_disputes_problem("dispute", found)
        self.check(problem is None, str(problem))
        self.disputes["PP-D-27803"] = found
        return found

    def _answered_to(self, dispute: dict[str, Any], action: str, parts: list[tuple[str, str | None, str, bytes]]) -> Answer:
        """Taken while a link of the dispute's leads there, each once."""
        (name, _, kind, said), *files = parts
        self.check((name, kind) == ("input", "application/json"), "the first part says what is sent")
        wanted = json.loads(said)
        if not any(link["href"].endswith(f"/{action}") for link in dispute["links"]):
            return 422, {"name": "UNPROCESSABLE_ENTITY", "details": [{"issue": "INVALID_STATE", "description": "Not in this state."}]}
        if action == "provide-evidence":
            for each in wanted["evidences"]:
                problem = published.paypal_disputes_problem("evidence", each)
                self.check(problem is None, str(problem))
            named = [document["name"] for each in wanted["evidences"] for document in each.get("documents", ())]
            self.check(sorted(named) == sorted(str(file[1]) for file in files), "each file is named by an evidence")
            self.evidence.append((wanted["evidences"], files))
            dispute |= {"status": "UNDER_REVIEW"}
        else:
            problem = published.paypal_disputes_problem("accept_claim_type", wanted["accept_claim_type"])
            self.check(problem is None and set(wanted) == {"accept_claim_type"}, str(problem))
            outcome = {"outcome_code": "RESOLVED_BUYER_FAVOUR", "amount_refunded": dispute["dispute_amount"]}
            dispute |= {"status": "RESOLVED", "dispute_outcome": outcome}
        dispute["links"] = [SELF]
        answer = {"links": [SELF]}
        problem = published.paypal_disputes_problem("subsequent_action", answer)
        self.check(problem is None, str(problem))
        return 200, answer

    def _order(self, wanted: dict[str, Any]) -> Answer:
        problem = published.paypal_problem("order_request", wanted)
        self.check(problem is None, str(problem))
        (unit,), later = wanted["purchase_units"], wanted["intent"] == "AUTHORIZE"
        amount, card = unit["amount"], wanted.get("payment_source", {}).get("card")
        if card is None:
            # For the payer's browser: its card comes from there.
            made = self.take(f"{len(self.payments):017d}", unit["custom_id"], _minor(amount), amount["currency_code"], number=REDIRECTED)
            self.holds[made.reference] = later
            self.begun.add(made.reference)
            return 201, self._shown(made)
        reference = f"{len(self.payments):017d}"
        made = self.take(reference, unit["custom_id"], _minor(amount), amount["currency_code"], number=card["number"], later=later)
        self.check(card["attributes"]["verification"]["method"] in {"SCA_WHEN_REQUIRED", "SCA_ALWAYS"}, "confirmed where it must be")
        self.holds[reference] = later
        return 201, self._shown(made)

    def _shown(self, made: Taken) -> dict[str, Any]:
        """An order, as PayPal's OpenAPI document has it."""
        kind = "authorizations" if self.holds[made.reference] else "captures"
        unit: dict[str, Any] = {"reference_id": made.ours, "custom_id": made.ours, "amount": _money(made.amount, made.currency)}
        names = {"id": f"O{made.reference}", "intent": "AUTHORIZE" if self.holds[made.reference] else "CAPTURE"}
        if made.status not in {"redirected", "confirmed"}:
            unit["payments"] = {kind: [self._payment(made)]}
            found: dict[str, Any] = {**names, "status": "COMPLETED", "links": [], "purchase_units": [unit]}
        else:
            waits = "CREATED" if made.reference in self.begun else "PAYER_ACTION_REQUIRED"
            status = waits if made.status == "redirected" else "APPROVED"
            href = f"https://www.sandbox.paypal.com/webapps/helios?action=verify&flow=3ds&cart_id=O{made.reference}"
            links = [{"href": href, "rel": "payer-action", "method": "GET"}] if status == waits != "CREATED" else []
            card: dict[str, Any] = {"last_digits": "3220", "brand": "VISA", "type": "CREDIT"}
            if status == "APPROVED":
                secure = {"authentication_status": "Y", "enrollment_status": "Y"}
                card["authentication_result"] = {"liability_shift": self.liability, "three_d_secure": secure}
            source = {} if status == "CREATED" else {"payment_source": {"card": card}}
            found = {**names, "status": status, "links": links, "purchase_units": [unit], **source}
        problem = published.paypal_problem("order", found)
        self.check(problem is None, str(problem))
        return found

    def _of_order(self, name: str, action: list[str], wanted: dict[str, Any]) -> Answer:
        made = self.payments[name.removeprefix("O")]
        if action:
            self.check(action == ["authorize" if self.holds[made.reference] else "capture"] and not wanted, str(action))
            if made.status == "redirected":
                return 422, {"name": "UNPROCESSABLE_ENTITY", "details": [{"issue": "ORDER_NOT_APPROVED"}]}
            self.paid.append(made.reference)
            made.status = "held" if self.holds[made.reference] else "taken"
            made.captured = 0 if self.holds[made.reference] else made.amount
        return 201 if action else 200, self._shown(made)

    def confirm(self, payment: Taken) -> None:
        payment.status = "confirmed"

    def _payment(self, made: Taken) -> dict[str, Any]:
        status = {"held": "CREATED", "released": "VOIDED", "refused": "DECLINED", "taken": "COMPLETED"}[made.status]
        refused = {"processor_response": {"response_code": "5120", "avs_code": "G"}} if made.status == "refused" else {}
        names = {"id": made.reference, "status": status, "custom_id": made.ours, "invoice_id": made.ours, "final_capture": True}
        order = {"supplementary_data": {"related_ids": {"order_id": f"O{made.reference}"}}}
        return {**names, **refused, **WHEN, **order, "amount": _money(made.captured or made.amount, made.currency), "links": []}

    def _act(self, made: Taken, kind: str, action: list[str], wanted: dict[str, Any]) -> Answer:
        """Each request and each answer as PayPal's OpenAPI document of payments has it."""
        match kind, action:
            case "authorizations", ["capture"]:
                self._fits("capture_request", wanted)
                made.status, made.captured = "taken", int(wanted["amount"]["value"].replace(".", ""))
                return 201, self._shows("capture-2", {**self._payment(made), "id": f"C{made.reference}"})
            case "authorizations", ["void"]:
                self.check(not wanted, "a void has no body")
                made.status = "released"
            case "captures", ["refund"]:
                self._fits("refund_request", wanted)
                self.check(wanted["custom_id"].startswith("ref_"), "our id")
                amount = int(wanted["amount"]["value"].replace(".", ""))
                made.refunds[str(len(made.refunds))] = amount
                return 201, self._shows("refund", self._refund(made, amount))
        return 200, self._shows("capture-2" if kind == "captures" else "authorization-2", self._payment(made))

    def _fits(self, schema: str, document: dict[str, Any]) -> None:
        problem = published.paypal_payment_problem(schema, document)
        self.check(problem is None, str(problem))

    def _shows(self, schema: str, document: dict[str, Any]) -> dict[str, Any]:
        self._fits(schema, document)
        return document

    def _refund(self, made: Taken, amount: int) -> dict[str, Any]:
        return {"id": f"R-{made.reference}-{amount}", "status": "COMPLETED", "amount": _money(amount, made.currency), "links": []}


def _link(action: str) -> dict[str, str]:
    href = f"https://api.sandbox.paypal.com/v1/customer/disputes/PP-D-27803/{action}"
    return {"href": href, "rel": action.replace("-", "_"), "method": "POST"}


def _signature(*said: Any) -> str:
    *names, body = said
    message = "|".join((*names, str(zlib.crc32(body))))
    return "s" + hmac.new(b"PayPal's own key", message.encode(), hashlib.sha256).hexdigest()


def _minor(amount: dict[str, str]) -> int:
    return int(amount["value"].replace(".", ""))


def _money(minor: int, currency: str) -> dict[str, str]:
    return {"currency_code": currency, "value": f"{minor // 100}.{minor % 100:02d}"}
