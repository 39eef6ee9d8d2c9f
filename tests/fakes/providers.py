"""Payment providers on 127.0.0.1 that speak as the real ones do: they check what they are sent, keep books, and fail on demand.

`problems` collects whatever a real provider would not have accepted; a test ends with none.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

from paycorex import clock
from tests.fakes.http_servers import Recorded, RecordingServer
from tests.fakes.receiver_behaviours import Behaviour, Reply
from tests.fakes.stripe_holds import Holds, refused

Route = Callable[[Recorded, dict[str, Any]], tuple[int, dict[str, Any]]]


class Provider(RecordingServer):
    """A provider. `trouble`: what happens to the next request whose path ends so; with `acts`, after it was carried out."""

    def __init__(self, user: str, password: str, webhook_secret: str) -> None:
        self.problems: list[str] = []
        self.trouble: dict[str, Behaviour] = {}
        self.acts = False
        self.webhook_secret = webhook_secret
        self._authorization = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        super().__init__()

    def check(self, ok: bool, problem: str) -> None:
        if not ok:
            self.problems.append(problem)

    def behaviour_for(self, request: Recorded) -> Behaviour:
        path = urlsplit(request.path).path
        ending = next((ending for ending in self.trouble if path.endswith(ending)), None)
        trouble = None if ending is None else self.trouble.pop(ending)
        if trouble is not None and not self.acts:
            return trouble
        if request.headers.get("authorization") != self._authorization:
            return _json(401, {"error": {"message": "Invalid API key"}})
        try:
            answer = self.answer(request, path)
        except (KeyError, ValueError, AssertionError) as error:
            self.problems.append(f"{request.method} {request.path}: {error!r}")
            answer = 400, {"error": {"type": "invalid_request_error", "code": "malformed"}}
        return trouble or _json(*answer)

    def answer(self, request: Recorded, path: str) -> tuple[int, dict[str, Any]]:
        raise NotImplementedError

    def asked(self, ending: str) -> list[Recorded]:
        return [request for request in self.requests if urlsplit(request.path).path.endswith(ending)]


def _json(status: int, content: dict[str, Any]) -> Reply:
    return Reply(status, json.dumps(content).encode(), [("Content-Type", "application/json")])


def _page(every: list[dict[str, Any]], query: dict[str, str]) -> dict[str, Any]:
    """A page of a list of Stripe's, the newest object first."""
    found = every[::-1]
    begin = 1 + next((at for at, one in enumerate(found) if one["id"] == query.get("starting_after")), -1)
    end = begin + int(query["limit"])
    return {"data": found[begin:end], "has_more": len(found) > end}


class FakeStripe(Provider):
    """PaymentIntents and refunds. Cards by number as Stripe documents its test cards."""

    DECLINES: ClassVar[dict[str, str]] = {
        "4000000000000002": "generic_decline",
        "4000000000009995": "insufficient_funds",
        "4000000000000119": "processing_error",
    }

    def __init__(self) -> None:
        super().__init__("sk_test_51", "", "whsec_stripe")
        self.holds = Holds()
        self.intents: dict[str, dict[str, Any]] = {}
        self.refunds: dict[str, dict[str, Any]] = {}
        self.customers: list[str] = []
        # A test that sends another request under a key on purpose.
        self.expects_other_requests = False
        self.methods: dict[str, dict[str, Any]] = {}
        # What it says of every refund, whatever it did.
        self.misreport: dict[str, Any] = {}
        # When its next event was made, in seconds since the epoch; None: now.
        self.event_created: int | None = None
        self._by_key: dict[str, tuple[str, tuple[int, dict[str, Any]]]] = {}

    def change_account(self) -> None:
        """What follows is said by another account: it has nothing of what was made before."""
        self.intents, self.refunds, self._by_key = {}, {}, {}

    def answer(self, request: Recorded, path: str) -> tuple[int, dict[str, Any]]:
        self.check(request.headers.get("stripe-version") == "2024-06-20", "version")
        if request.method == "GET":
            return self._read(path, dict(parse_qsl(urlsplit(request.path).query)))
        self.check(request.headers.get("content-type") == "application/x-www-form-urlencoded", "encoding")
        key, body = request.headers.get("idempotency-key", ""), request.body.decode()
        self.check(len(key) > 10, "no idempotency key")
        if key in self._by_key:
            known, answer = self._by_key[key]
            if known != f"{path} {body}" and self.expects_other_requests:
                return 400, {"error": {"type": "idempotency_error", "message": "Keys for idempotent requests can only be used once."}}
            self.check(known == f"{path} {body}", f"the key {key} with another request")
            return answer
        answer = self._write(path, dict(parse_qsl(body, keep_blank_values=True)))
        self._by_key[key] = (f"{path} {body}", answer)
        return (answer[0], answer[1] | self.misreport) if path == "/v1/refunds" else answer

    def _write(self, path: str, fields: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if path == "/v1/payment_intents":
            return self._create(fields)
        if path == "/v1/refunds":
            return self._refund(fields)
        if path == "/v1/customers":
            return self._customer()
        if path.startswith("/v1/payment_methods/"):
            return self._detach(path.split("/")[3])
        if len(path.split("/")) == 4:
            return self._update(self.intents[path.split("/")[3]], fields)
        _, _, _, intent_id, verb = path.split("/")
        intent = self.intents[intent_id]
        if verb == "confirm":
            answer = self._confirm(intent, fields)
        elif verb == "cancel" and intent["status"] not in {"succeeded", "requires_capture"}:
            intent["status"] = "canceled"
            answer = 200, intent
        else:
            answer = self.holds.act(verb, intent, fields)
        return self._shown(intent, fields) if answer[0] == 200 else answer

    def _shown(self, intent: dict[str, Any], asked: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """An intent, with its charge when that is asked for."""
        if asked.get("expand[]") == "latest_charge" and intent.get("latest_charge"):
            return 200, {**intent, "latest_charge": self.charge(intent)}
        return 200, dict(intent)

    def _create(self, fields: dict[str, str]) -> tuple[int, dict[str, Any]]:
        self.check(int(fields["amount"]) > 0, "amount")
        self.check(fields["currency"].islower() and len(fields["currency"]) == 3, "currency")
        self.check(fields["payment_method_types[]"] == "card", "method types")
        self.check("payment_method_data[card][number]" not in fields, "a card before it may be")
        features = self.holds.ask_features(fields)
        if features is None:
            return refused("payment_intent_invalid_parameter")
        intent: dict[str, Any] = {
            "id": f"pi_{len(self.intents)}",
            "object": "payment_intent",
            "created": int(clock.now_seconds()),
            "amount": int(fields["amount"]),
            "amount_received": 0,
            "amount_capturable": 0,
            "capture_method": fields.get("capture_method", "automatic"),
            "features": sorted(features),
            "number": "",
            "currency": fields["currency"],
            "status": "requires_payment_method",
            "last_payment_error": None,
            "next_action": None,
            "metadata": {name[9:-1]: value for name, value in fields.items() if name.startswith("metadata[")},
            "customer": fields.get("customer"),
        }
        intent["client_secret"] = f"{intent['id']}_secret_{len(self.intents)}"
        self.intents[intent["id"]] = intent
        return 200, dict(intent)

    def _customer(self) -> tuple[int, dict[str, Any]]:
        self.customers.append(f"cus_{len(self.customers)}")
        return 200, {"id": self.customers[-1], "object": "customer"}

    def _update(self, intent: dict[str, Any], fields: dict[str, str]) -> tuple[int, dict[str, Any]]:
        self.check(intent["status"] == "requires_payment_method", "an intent that is confirmed already")
        self.check(fields["setup_future_usage"] in {"", "off_session"}, "setup_future_usage")
        intent |= {"setup_future_usage": fields["setup_future_usage"] or None, "customer": fields.get("customer", intent.get("customer"))}
        return 200, dict(intent)

    def _detach(self, method: str) -> tuple[int, dict[str, Any]]:
        if method not in self.methods:
            return 400, {"error": {"type": "invalid_request_error", "code": "resource_missing"}}
        return 200, self.methods.pop(method) | {"customer": None}

    def pay_in_fields(self, intent: dict[str, Any]) -> None:
        """The payer's browser confirms the intent with a card, which is kept where that was said."""
        method: dict[str, Any] = {"id": f"pm_{intent['id']}", "object": "payment_method", "type": "card", "customer": None}
        method["card"] = {"brand": "visa", "last4": "4242", "exp_month": 8, "exp_year": 2030}
        intent["payment_method"] = method
        if intent.get("setup_future_usage"):
            self.methods[method["id"]] = method | {"customer": intent["customer"]}
            intent["payment_method"] = self.methods[method["id"]]
        self.pay(intent)

    def _confirm_kept(self, intent: dict[str, Any], fields: dict[str, str]) -> tuple[int, dict[str, Any]]:
        method = self.methods.get(fields["payment_method"])
        if method is None:
            return 400, {"error": {"type": "invalid_request_error", "code": "resource_missing", "message": "No such PaymentMethod"}}
        self.check(intent.get("customer") == method["customer"], "the customer of the card")
        self.pay(intent)
        return 200, dict(intent)

    def _confirm(self, intent: dict[str, Any], fields: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if "payment_method" in fields:
            return self._confirm_kept(intent, fields)
        number = fields["payment_method_data[card][number]"]
        self.check(fields["payment_method_data[type]"] == "card", "type")
        self.check(1 <= int(fields["payment_method_data[card][exp_month]"]) <= 12, "month")
        self.check(int(fields["payment_method_data[card][exp_year]"]) > 2025, "year")
        intent["number"] = number
        if number in self.DECLINES:
            code = self.DECLINES[number]
            error = {"type": "card_error", "code": "card_declined", "decline_code": code, "message": "Your card was declined."}
            intent["last_payment_error"] = error
            return 402, {"error": {**error, "payment_intent": dict(intent)}}
        if number == "4000000000003220":
            intent |= {
                "status": "requires_action",
                "next_action": {"type": "redirect_to_url", "redirect_to_url": {"url": "https://hooks.example/3ds"}},
            }
        else:
            self.pay(intent)
        return 200, dict(intent)

    def refuse_in_fields(self, intent: dict[str, Any]) -> None:
        """The payer's card is refused in the browser; the intent waits for another one."""
        error = {"type": "card_error", "code": "card_declined", "decline_code": "generic_decline", "message": "Your card was declined."}
        intent |= {"status": "requires_payment_method", "last_payment_error": error}

    def pay(self, intent: dict[str, Any]) -> None:
        if intent["capture_method"] == "manual":
            self.holds.hold(intent)
            return
        charge = "ch_" + intent["id"].removeprefix("pi_")
        intent |= {"status": "succeeded", "amount_received": intent["amount"], "next_action": None, "latest_charge": charge}

    def _refund(self, fields: dict[str, str]) -> tuple[int, dict[str, Any]]:
        intent = self.intents[fields["payment_intent"]]
        made = (refund for refund in self.refunds.values() if refund["status"] != "failed")
        given = sum(refund["amount"] for refund in made if refund["payment_intent"] == intent["id"])
        if given + int(fields["amount"]) > intent["amount_received"]:
            return 400, {"error": {"type": "invalid_request_error", "code": "charge_already_refunded"}}
        refund = {
            "id": f"re_{len(self.refunds)}",
            "payment_intent": intent["id"],
            "amount": int(fields["amount"]),
            "currency": intent["currency"],
            "status": "succeeded",
            "metadata": {name[9:-1]: value for name, value in fields.items() if name.startswith("metadata[")},
        }
        self.refunds[refund["id"]] = refund
        return 200, refund

    def _read(self, path: str, query: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if path == "/v1/refunds":
            found = [one | self.misreport for one in self.refunds.values() if one["payment_intent"] == query["payment_intent"]]
            return 200, _page(found, query)
        if path == "/v1/payment_intents":
            first, last = (int(query.get(f"created[{edge}]", default)) for edge, default in (("gte", 0), ("lte", 10**12)))
            return 200, _page([one for one in self.intents.values() if first <= one["created"] <= last], query)
        intent = self.intents.get(path.rpartition("/")[2])
        return (404, {"error": {"type": "invalid_request_error"}}) if intent is None else self._shown(intent, query)

    def charge(self, intent: dict[str, Any]) -> dict[str, Any]:
        """The charge of a paid intent, with what was given back of it."""
        given = [one["amount"] for one in self.refunds.values() if one["payment_intent"] == intent["id"] and one["status"] != "failed"]
        names = {"id": intent["latest_charge"], "object": "charge", "payment_intent": intent["id"]}
        sums = {"amount": intent["amount"], "currency": intent["currency"], "amount_refunded": sum(given)}
        more = {"metadata": intent["metadata"], "refunded": sum(given) == intent["amount"], "disputed": False}
        return {**names, **sums, **self.holds.of_charge(intent), **more}

    def refund_externally(self, intent: dict[str, Any], amount: int, status: str = "succeeded") -> dict[str, Any]:
        """A refund made in the provider's dashboard: it carries none of our ids."""
        refund = {"id": f"re_{len(self.refunds)}", "object": "refund", "payment_intent": intent["id"], "charge": intent["latest_charge"]}
        refund |= {"amount": amount, "currency": intent["currency"], "status": status, "metadata": {}, "reason": "requested_by_customer"}
        self.refunds[refund["id"]] = refund
        return refund

    def return_refund(self, refund: dict[str, Any]) -> None:
        """The card's account is closed: what was given back is in the balance again."""
        refund |= {"status": "failed", "failure_reason": "lost_or_stolen_card"}

    def webhook(self, kind: str, subject: dict[str, Any]) -> tuple[list[tuple[str, str]], bytes]:
        created = {} if self.event_created is None else {"created": self.event_created}
        body = json.dumps({"id": "evt_1", "object": "event", "type": kind, **created, "data": {"object": subject}}).encode()
        moment = str(int(clock.now_seconds()))
        signature = hmac.new(self.webhook_secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
        return [("Stripe-Signature", f"t={moment},v1={'0' * 64},v1={signature},v0=x")], body


class FakeRazorpay(Provider):
    """Orders, payments, refunds and QR codes."""

    def __init__(self) -> None:
        super().__init__("rzp_test_1", "secret", "rzp_webhook")
        self.orders: dict[str, dict[str, Any]] = {}
        self.payments: dict[str, dict[str, Any]] = {}
        self.codes: dict[str, dict[str, Any]] = {}
        self.refunds: dict[str, dict[str, Any]] = {}
        self.customers: dict[str, dict[str, Any]] = {}
        self.tokens: dict[str, dict[str, Any]] = {}
        self.with_link = True
        self._refund_keys: dict[str, dict[str, Any]] = {}

    def answer(self, request: Recorded, path: str) -> tuple[int, dict[str, Any]]:
        query = dict(parse_qsl(urlsplit(request.path).query))
        if path.startswith("/v1/customers/"):
            return self._of_customer(request.method, path.split("/"))
        if request.method == "GET":
            return self._read(path, query)
        self.check(request.headers.get("content-type") == "application/json", "encoding")
        body = json.loads(request.body)
        keeping = {"/v1/customers": self._customer, "/v1/payments/create/recurring": self._pay_kept}
        if path in keeping:
            return keeping[path](body)
        return self._write(request, path, body)

    def _write(self, request: Recorded, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if path == "/v1/orders":
            self.check(len(body["receipt"]) <= 40, "receipt")
            self.check(("payment_capture" in body) != ("payment" in body), "how its payment is captured")
            order = {**_money(body), "receipt": body["receipt"], "status": "created", "notes": body["notes"]}
            return 200, self._kept(self.orders, "order", order | {"payment": body.get("payment")})
        if path == "/v1/payments/create/json":
            return self._pay(body)
        if path == "/v1/payments/qr_codes":
            return self._code(body)
        return self._act(path.split("/"), body, request.headers)

    def _act(self, parts: list[str], body: dict[str, Any], headers: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        if parts[-1] == "close":
            self.codes[parts[4]]["status"] = "closed"
            return 200, self.codes[parts[4]]
        if parts[-1] == "capture":
            return self._capture(self.payments[parts[3]], body)
        assert parts[-1] == "refund"
        return self._refund(parts[3], body, headers["x-refund-idempotency"])

    def authorize(self, payment: dict[str, Any]) -> None:
        """The payer has confirmed: what is captured by itself is, the rest is held."""
        order = self.orders[payment["order_id"]]
        status = "authorized" if order["payment"] else "captured"
        payment |= {"status": status, "captured": status == "captured", "created_at": int(clock.now_seconds()), "amount_refunded": 0}

    def expire(self, payment: dict[str, Any]) -> None:
        """What was not captured in time goes back."""
        payment |= {"status": "refunded", "captured": False, "amount_refunded": payment["amount"], "refund_status": "full"}

    def _capture(self, payment: dict[str, Any], body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if payment["status"] != "authorized" or body["currency"] != payment["currency"]:
            return 400, {"error": {"code": "BAD_REQUEST_ERROR", "description": "This payment has already been captured"}}
        if body["amount"] != payment["amount"]:
            words = "Capture amount must be equal to the amount authorized"
            return 400, {"error": {"code": "BAD_REQUEST_ERROR", "description": words, "field": "amount"}}
        payment |= {"status": "captured", "captured": True}
        return 200, dict(payment)

    def _customer(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.check(3 <= len(body["name"]) <= 50, "name")
        return 200, self._kept(self.customers, "cust", body)

    def _of_customer(self, method: str, parts: list[str]) -> tuple[int, dict[str, Any]]:
        if len(parts) == 4:
            return 200, self.customers[parts[3]]
        token = self.tokens.get(parts[5])
        if token is None or token["customer_id"] != parts[3]:
            return 400, {"error": {"code": "BAD_REQUEST_ERROR", "description": "The id provided does not exist"}}
        return 200, token if method == "GET" else {"deleted": bool(self.tokens.pop(parts[5]))}

    def keep_card(self, payment: dict[str, Any], customer: str) -> dict[str, Any]:
        """The payer agreed in checkout.js that the card is kept."""
        card = {"last4": "1111", "network": "Visa", "expiry_month": "2", "expiry_year": "2032", "name": "", "international": False}
        token = self._kept(self.tokens, "token", {"entity": "token", "method": "card", "customer_id": customer, "card": card})
        payment |= {"token_id": token["id"], "customer_id": customer}
        return token

    def _pay_kept(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        token, order = self.tokens.get(body["token"]), self.orders[body["order_id"]]
        self.check((order["amount"], body["recurring"]) == (body["amount"], "1"), "amount of the order")
        if token is None or token["customer_id"] != body["customer_id"]:
            return 400, {"error": {"code": "BAD_REQUEST_ERROR", "description": "The id provided does not exist"}}
        paid = {**_money(body), "order_id": order["id"], "status": "captured", "method": "card", "notes": body["notes"]}
        return 200, {"razorpay_payment_id": self._kept(self.payments, "pay", paid)["id"], "razorpay_order_id": order["id"]}

    def _pay(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        order = self.orders[body["order_id"]]
        self.check((order["amount"], order["currency"]) == (body["amount"], body["currency"]), "amount of the order")
        self.check("@" in body["email"] and len(body["contact"]) >= 10, "contact")
        payment = {**_money(body), "order_id": order["id"], "status": "created", "method": body["method"], "notes": body["notes"]}
        payment = self._kept(self.payments, "pay", payment)
        if body["method"] == "upi":
            self.check(body["upi"]["flow"] == "collect", "flow")
            return 200, {"razorpay_payment_id": payment["id"]}
        card = body["card"]
        self.check(len(card["expiry_month"]) == 2 and len(card["expiry_year"]) == 2, "expiry")
        if card["number"] == "4000000000000002":
            payment |= {
                "status": "failed",
                "error_code": "BAD_REQUEST_ERROR",
                "error_reason": "payment_failed",
                "error_description": "Declined.",
            }
            details = {
                "code": "BAD_REQUEST_ERROR",
                "description": "Declined.",
                "reason": "payment_failed",
                "metadata": {"payment_id": payment["id"]},
            }
            return 400, {"error": details}
        step = {"action": "redirect", "url": f"https://api.razorpay.example/v1/payments/{payment['id']}/authenticate"}
        return 200, {"razorpay_payment_id": payment["id"], "next": [step]}

    def _code(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.check(body["type"] == "upi_qr", "kind of code")
        if body["usage"] == "multiple_use":
            return self._static_code(body)
        self.check((body["usage"], body["fixed_amount"]) == ("single_use", True), "kind of code")
        self.check(body["close_by"] >= int(clock.now_seconds()) + 120, "close_by too soon")
        code = self._kept(self.codes, "qr", {"payment_amount": body["payment_amount"], "status": "active", "notes": body["notes"]})
        if self.with_link:
            code["image_content"] = f"upi://pay?pa=rzr.shop@icic&pn=Shop&tr=RZP{code['id']}&am={body['payment_amount'] / 100:.2f}&cu=INR"
        return 200, code

    def _static_code(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """https://razorpay.com/docs/api/qr-codes: no amount where the payer types it, and no end unless one is asked for."""
        self.check(body["fixed_amount"] == ("payment_amount" in body) and "close_by" not in body, "kind of static code")
        known = {"payment_amount": body.get("payment_amount"), "usage": "multiple_use", "status": "active", "notes": body["notes"]}
        code = self._kept(self.codes, "qr", known)
        if self.with_link:
            code["image_content"] = f"upi://pay?pa=rzr.shop@icic&pn=Shop&tr=RZP{code['id']}&cu=INR"
        return 200, code

    def _refund(self, payment_id: str, body: dict[str, Any], key: str) -> tuple[int, dict[str, Any]]:
        if key in self._refund_keys:
            return 200, self._refund_keys[key]
        payment = self.payments[payment_id]
        given = sum(refund["amount"] for refund in self.refunds.values() if refund["payment_id"] == payment_id)
        if payment["status"] not in {"captured", "refunded"} or given + body["amount"] > payment["amount"]:
            return 400, {"error": {"code": "BAD_REQUEST_ERROR", "reason": "refund_exceeds"}}
        refund = {"payment_id": payment_id, "amount": body["amount"], "currency": "INR", "status": "processed", "receipt": body["receipt"]}
        self._refund_keys[key] = self._kept(self.refunds, "rfnd", {**refund, "notes": body["notes"]})
        return 200, self._refund_keys[key]

    def _read(self, path: str, query: dict[str, str]) -> tuple[int, dict[str, Any]]:
        parts = path.split("/")
        if path == "/v1/orders":
            return 200, {"items": [order for order in self.orders.values() if order["receipt"] == query["receipt"]]}
        if path == "/v1/payments":
            return 200, {"items": []}
        if path.endswith("/refunds"):
            begin, found = int(query["skip"]), [refund for refund in self.refunds.values() if refund["payment_id"] == parts[3]]
            return 200, {"items": found[begin : begin + int(query["count"])]}
        if parts[2] == "orders":
            return 200, {"items": [payment for payment in self.payments.values() if payment.get("order_id") == parts[3]]}
        if parts[3] == "qr_codes":
            return 200, self.codes[parts[4]] if len(parts) == 5 else {"items": self._of_code(parts[4], query)}
        known = self.payments.get(parts[3])
        return (400, {"error": {"code": "BAD_REQUEST_ERROR"}}) if known is None else (200, known)

    def _of_code(self, code: str, query: dict[str, str]) -> list[dict[str, Any]]:
        """Its payments within a time, where one is asked for, the newest first and by pages."""
        paid = [payment for payment in self.payments.values() if payment.get("qr_id") == code]
        if "from" not in query:
            return paid
        wanted = {name: int(value) for name, value in query.items()}
        found = [payment for payment in reversed(paid) if wanted["from"] <= payment["created_at"] <= wanted["to"]]
        return found[wanted["skip"] : wanted["skip"] + wanted["count"]]

    def refund_externally(self, payment: dict[str, Any], amount: int, status: str = "processed") -> dict[str, Any]:
        """A refund made in the provider's dashboard: it carries none of our ids."""
        refund = {"entity": "refund", "payment_id": payment["id"], "amount": amount, "currency": payment["currency"], "status": status}
        payment["amount_refunded"] = payment.get("amount_refunded", 0) + amount
        if payment["amount_refunded"] == payment["amount"]:
            payment["status"] = "refunded"
        return self._kept(self.refunds, "rfnd", {**refund, "receipt": None, "notes": []})

    def check_out(self, order_id: str, status: str = "captured", **more: Any) -> dict[str, Any]:
        """A payer pays an order in the browser, where notes may be written."""
        order = self.orders[order_id]
        payment = {**_money(order), "order_id": order_id, "status": status, "method": "card", "notes": [], **more}
        if status == "failed":
            payment |= {"error_code": "BAD_REQUEST_ERROR", "error_reason": "payment_failed", "error_source": "bank"}
        return self._kept(self.payments, "pay", payment)

    def scan(self, code_id: str, amount: int | None = None) -> dict[str, Any]:
        """A payer pays a code."""
        paid = self.codes[code_id]["payment_amount"] if amount is None else amount
        payment: dict[str, Any] = {"amount": paid, "currency": "INR", "status": "captured", "method": "upi", "qr_id": code_id, "notes": []}
        payment["created_at"] = int(clock.now_seconds())
        return self._kept(self.payments, "pay", payment)

    def _kept(self, where: dict[str, dict[str, Any]], prefix: str, content: dict[str, Any]) -> dict[str, Any]:
        entity = {"id": f"{prefix}_{len(where):014d}", **content}
        where[entity["id"]] = entity
        return entity

    def webhook(self, kind: str, **entities: dict[str, Any]) -> tuple[list[tuple[str, str]], bytes]:
        payload = {name: {"entity": entity} for name, entity in entities.items()}
        body = json.dumps({"entity": "event", "event": kind, "payload": payload}).encode()
        return [("X-Razorpay-Signature", hmac.new(self.webhook_secret.encode(), body, hashlib.sha256).hexdigest())], body


def _money(body: dict[str, Any]) -> dict[str, Any]:
    assert isinstance(body["amount"], int)
    return {"amount": body["amount"], "currency": body["currency"]}
