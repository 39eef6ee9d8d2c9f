"""Cashfree, UPI, as https://www.cashfree.com/docs/api-reference/payments/previous (2022-09-01) documents orders, sessions and refunds."""

from typing import Any, ClassVar

from tests.integration.payments.processors.fake import Answer, Asked, FakeProcessor, Taken
from tests.support import published

WHEN = "2026-01-01T00:00:00+05:30"


class Fake(FakeProcessor):
    """The library verifies no callbacks of it: what became of a payment is asked by the order's id, which is ours."""

    name = "cashfree"
    host = "sandbox.cashfree.com"
    credentials: ClassVar = {"app_id": "TEST1", "secret_key": "cfsk_1"}
    certifies = frozenset({"authorize", "decline", "timeout", "lookup", "refund", "capture", "void"})
    pays_by = "upi"
    asks_addresses = True
    currency = "INR"
    decline_code = "FAILED"
    charges_at = "/pg/orders"

    def __init__(self) -> None:
        self.mandates: dict[str, dict[str, str]] = {}
        # How an action about a mandate goes.
        self.goes = "SUCCESS"
        super().__init__()

    def answer(self, asked: Asked) -> Answer:
        self.check(asked.headers["x-client-id"] == "TEST1" and asked.headers["x-client-secret"] == "cfsk_1", "credentials")
        match asked.path.split("/")[2:]:
            case ["orders"]:
                return self._judged("CreateOrderRequest", asked.content, "OrderEntity", self._order(asked.content))
            case ["orders", "sessions"]:
                return self._judged("PayOrderRequest", asked.content, "PayOrderEntity", self._session(asked.content))
            case ["orders", ours, *rest]:
                found = next((made for made in self.payments.values() if made.ours == ours), None)
                if found is None:
                    return 404, {"message": "order not found", "code": "order_not_found", "type": "invalid_request_error"}
                return self._about(found, rest, asked.content)
        raise ValueError(asked.path)

    def _judged(self, request: str | None, wanted: dict[str, Any], kind: str, answer: Answer) -> Answer:
        """Both as Cashfree's own client has them."""
        given, said = answer[1], published.cashfree_problem(request, wanted) if request else None
        self.check(said is None, said or "")
        for each in given if isinstance(given, list) else [given]:
            assert isinstance(each, dict)
            problem = published.cashfree_problem(kind, each)
            self.check(problem is None, problem or "")
        return answer

    def _order(self, wanted: dict[str, Any]) -> Answer:
        payer = wanted["customer_details"]
        self.check(payer["customer_phone"] == "9190000900" and bool(payer["customer_id"]), "payer")
        self.check("example.com" not in str(wanted), "an address that is no one's")
        minor = round(wanted["order_amount"] * 100)
        made = self.take(str(len(self.payments)), wanted["order_id"], minor, wanted["order_currency"], number="", later=True)
        names = {"cf_order_id": 2149460581, "order_id": made.ours, "entity": "order", "payment_session_id": f"session_{made.reference}"}
        sums = {"order_amount": wanted["order_amount"], "order_currency": made.currency, "order_status": "ACTIVE"}
        urls = {
            name: {"url": f"https://sandbox.cashfree.com/pg/orders/{made.ours}/{name}"} for name in ("payments", "refunds", "settlements")
        }
        more: dict[str, Any] = {"created_at": WHEN, "order_expiry_time": WHEN, "order_note": None, "order_splits": [], "order_tags": None}
        meta = {"order_meta": {"return_url": None, "notify_url": None, "payment_methods": None}, "customer_details": payer}
        return 200, {**names, **sums, **urls, **more, **meta, "terminal_data": None}

    def _session(self, wanted: dict[str, Any]) -> Answer:
        made = self.payments[wanted["payment_session_id"].removeprefix("session_")]
        if wanted["payment_method"] == {"upi": {"channel": "collect", "upi_id": "asha@okbank"}}:
            data: dict[str, Any] = {"url": None, "payload": None, "content_type": None, "method": None}
            asked = {"payment_method": "upi", "channel": "collect", "action": "custom", "cf_payment_id": 975677711}
            return 200, {**asked, "payment_amount": 12.34, "data": data}
        upi = wanted["payment_method"]["upi"]
        if upi.get("authorize_only"):
            self.mandates[made.ours] = upi["authorization"]
            self.check(set(upi["authorization"]) == {"start_time", "end_time"}, "its days")
            upi = {"channel": upi["channel"]}
        self.check(upi == {"channel": "link"}, "link")
        verb = "mandate" if made.ours in self.mandates else "pay"
        link = f"upi://{verb}?pa=cf.shop@cashfree&pn=Shop&tr={made.reference}&am=12.34&cu=INR"
        data = {"url": None, "payload": {"default": link, "web": link}, "content_type": None, "method": None}
        paying = {"payment_method": "upi", "channel": "link", "action": "custom", "cf_payment_id": 975677711}
        return 200, {**paying, "payment_amount": 12.34, "data": data}

    def _about(self, made: Taken, rest: list[str], wanted: dict[str, Any]) -> Answer:
        match rest:
            case ["payments"]:
                return self._judged(None, {}, "PaymentEntity", (200, [self._payment(made)]))
            case ["authorization"]:
                return self._judged("AuthorizeOrderRequest", wanted, "PaymentEntity", (200, self._end(made, wanted)))
            case ["refunds"]:
                made.refunds[wanted["refund_id"]] = round(float(wanted["refund_amount"]) * 100)
                return self._judged("OrderCreateRefundRequest", wanted, "RefundEntity", (200, self._refund(made, wanted["refund_id"])))
            case ["refunds", ours]:
                return self._judged(None, {}, "RefundEntity", (200, self._refund(made, ours)))
        raise ValueError(rest)

    def _payment(self, made: Taken) -> dict[str, Any]:
        statuses = {"held": "NOT_ATTEMPTED", "blocked": "SUCCESS", "taken": "SUCCESS", "released": "VOID", "refused": "FAILED"}
        status = statuses[made.status]
        names = {"cf_payment_id": 975677711, "order_id": made.ours, "entity": "payment", "payment_group": "upi"}
        sums = {"payment_currency": made.currency, "order_amount": made.amount / 100, "payment_amount": made.amount / 100}
        said: dict[str, Any] = {
            "payment_status": status,
            "payment_message": "said",
            "bank_reference": "1",
            "is_captured": True,
            "payment_time": WHEN,
        }
        if made.ours in self.mandates and made.status != "held":
            said |= {"is_captured": made.status == "taken", "authorization": self._authorization(made), "auth_id": "auth_1"}
        return {**names, **sums, **said, "payment_method": {"upi": {"channel": "link", "upi_id": "x@y"}}, "error_details": None}

    def confirm(self, payment: Taken) -> None:
        if payment.ours in self.mandates:
            payment.status = "blocked"
        else:
            super().confirm(payment)

    def _end(self, made: Taken, wanted: dict[str, Any]) -> dict[str, Any]:
        """A debit of the mandate, once, or its release."""
        self.check(made.status == "blocked", "a mandate that is there")
        if self.goes == "SUCCESS":
            made.status = {"CAPTURE": "taken", "VOID": "released"}[wanted["action"]]
            made.captured = round(wanted.get("amount", 0) * 100)
        answer = self._payment(made)
        answer["authorization"] |= {"action": wanted["action"], "status": self.goes}
        return answer

    def _authorization(self, made: Taken) -> dict[str, Any]:
        action = {"blocked": "AUTHORIZE", "taken": "CAPTURE", "released": "VOID"}[made.status]
        more = {"action_reference": "7525782703466058805917", "action_time": WHEN, "approve_by": None}
        return {"action": action, "status": "SUCCESS", "captured_amount": made.captured / 100, **self.mandates[made.ours], **more}

    def _refund(self, made: Taken, ours: str) -> dict[str, Any]:
        names = {"cf_payment_id": 975677711, "cf_refund_id": "refund_1", "refund_id": ours, "order_id": made.ours, "entity": "refund"}
        sums = {"refund_amount": made.refunds[ours] / 100, "refund_currency": made.currency, "refund_status": "SUCCESS"}
        return {**names, **sums, "created_at": WHEN, "processed_at": WHEN, "refund_note": "Refund", "refund_arn": "1"}
