"""What a provider may say, however wrong, with a signature that is right: strategies, and the merchant to whom it is said."""

import json
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from payments.connectors import signatures
from payments.payment import attempts
from tests.fakes.providers import FakeRazorpay, FakeStripe
from tests.support import payments as support
from tests.support.gateway import Reply
from tests.support.world import Signer, World

SECRET = "sandbox-secret"
RAZORPAY = {
    "key_id": "rzp_test_1",
    "key_secret": "secret",
    "webhook_secret": "rzp_webhook",
    "email": "a@b.example",
    "contact": "+919000090000",
}
STRIPE = {"secret_key": "sk_test_51", "webhook_secret": "whsec_stripe"}
RULES = [
    {"when": {"method": "tokenized", "min_amount": "50"}, "use": [{"connector": "sandbox"}]},
    {"when": {"method": "tokenized", "min_amount": "40"}, "use": [{"connector": "razorpay"}]},
    {"when": {"method": "tokenized"}, "use": [{"connector": "stripe"}]},
    {"when": {"min_amount": "20"}, "use": [{"connector": "razorpay"}]},
    {"when": {}, "use": [{"connector": "sandbox"}]},
]

AMOUNTS = st.sampled_from(
    [0, -1, 1, 300, 990, 999, 1000, 1000, 1000, 1001, 1010, 2000, 10**14 - 1, 10**14, 10**40, "1000", True, None, 1.5]
)
CURRENCIES = st.sampled_from(["INR", "INR", "INR", "inr", "USD", "JPY", "XXX", "", "₹", None])
LONG = "x" * 5000
SUFFIXES = st.sampled_from(["_0", "_1", "_00000000000000", "_00000000000001", "_strange", "", " ", "#", LONG])
FLAGS = st.sampled_from([None, 0, 400, 1000, 5000, -1, "full", "partial", True, False])

STRIPE_EVENTS = [
    *("payment_intent.succeeded", "payment_intent.succeeded", "payment_intent.canceled", "refund.created", "refund.updated"),
    *("refund.failed", "charge.refunded", "charge.dispute.created", "charge.dispute.closed", "strange"),
    *("payment_intent.amount_capturable_updated", "payment_intent.amount_capturable_updated", "charge.captured", "charge.expired"),
]
STRIPE_STATUSES = [
    *("succeeded", "succeeded", "pending", "failed", "canceled", "requires_action", "needs_response", "won", "?", None),
    *("requires_capture", "requires_capture"),
]
RAZORPAY_EVENTS = [
    *("payment.captured", "payment.captured", "qr_code.credited", "payment.failed", "refund.created", "refund.processed"),
    *(
        "refund.failed",
        "payment.dispute.created",
        "payment.dispute.lost",
        "payment.authorized",
        "payment.authorized",
        "order.paid",
        "strange",
    ),
]
RAZORPAY_STATUSES = ["captured", "captured", "refunded", "processed", "failed", "authorized", "open", "lost", "?", None]
ACTS = ["tick", "later", "cancel", "refund", "accept", "give_back", "capture", "capture_part", "void"]
HELD = ("10.00", "45.00", "55.00")


@dataclass
class Victim:
    """A merchant with one payment at each provider, and what it does meanwhile."""

    world: World
    who: Signer
    stripe: FakeStripe
    razorpay: FakeRazorpay
    payments: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        connectors = {"stripe": STRIPE, "razorpay": RAZORPAY, "sandbox": {"webhook_secret": SECRET}}
        support.settings(self.world, self.who, connectors=connectors, routing_rules=RULES)
        made = [support.charge(self.world, self.who, support.APPROVE), support.charge(self.world, self.who, support.REDIRECT)]
        made += [support.collect(self.world, self.who, "20.00"), support.collect(self.world, self.who, "10.01")]
        # One hold at each of them.
        made += [support.charge(self.world, self.who, support.APPROVE, amount, capture_method="manual") for amount in HELD]
        self.payments = [reply.body["payment_id"] for reply in made]

    def hear(self, connector: str, said: dict[str, Any]) -> Reply:
        """The webhook, rightly signed."""
        path = f"/v1/callbacks/{connector}/{self.who.merchant_id}"
        if connector == "stripe":
            return self.world.send("POST", path, *self.stripe.webhook(said.pop("event"), said))
        if connector == "razorpay":
            kind = said.pop("event")
            names = ("refund",) if kind.startswith("refund") else ("dispute",) if "dispute" in kind else ("payment", "qr_code", "order")
            return self.world.send("POST", path, *self.razorpay.webhook(kind, **dict.fromkeys(names, said)))
        body = json.dumps(said).encode()
        return self.world.send("POST", path, [("Sandbox-Signature", signatures.timestamped(SECRET, body))], body)

    def act(self, what: str, which: int) -> int:
        """Something that the merchant or the schedule does; the answer's status."""
        payment_id = self.payments[which % len(self.payments)]
        if what in {"tick", "later"}:
            support.tick(self.world, after_seconds=60 if what == "tick" else 4000)
            return 200
        if what == "refund":
            return self.world.call(self.who, "POST", "/v1/payments/refund", {"payment_id": payment_id, "amount": "4.00"}).status
        if what == "cancel":
            return self.world.call(self.who, "POST", f"/v1/payments/{payment_id}/cancel", {}).status
        if what in {"capture", "capture_part", "void"}:
            verb, _, is_part = what.partition("_")
            body = {"amount": "3.00", "final": False} if is_part else {}
            return self.world.call(self.who, "POST", f"/v1/payments/{payment_id}/{verb}", body).status
        action = {"action": "accept" if what == "accept" else "refund"}
        return self.world.call(self.who, "POST", f"/v1/payments/{payment_id}/late", action).status

    def names(self, which: int) -> dict[str, str]:
        """Ours, as a provider has them for one of the payments."""
        payment_id = self.payments[which % len(self.payments)]
        return {"payment_id": payment_id, "attempt_id": attempts.attempt_id(payment_id, 0)}


STRIPE_LIES = st.fixed_dictionaries(
    {
        "event": st.sampled_from(STRIPE_EVENTS),
        "id": SUFFIXES.flatmap(lambda end: st.sampled_from(["pi", "re", "dp", "ch"]).map(lambda kind: kind + end)),
        "status": st.sampled_from(STRIPE_STATUSES),
        "amount": AMOUNTS,
        "amount_received": AMOUNTS,
        "amount_refunded": AMOUNTS,
        "amount_capturable": AMOUNTS,
        "amount_captured": AMOUNTS,
        "capture_method": st.sampled_from(["manual", "automatic", None]),
        "cancellation_reason": st.sampled_from(["automatic", None, LONG]),
        "currency": CURRENCIES.map(lambda name: name and name.lower()),
        "payment_intent": st.sampled_from(["pi_0", "pi_0", "pi_1", "pi_strange", None, LONG]),
        "charge": st.sampled_from(["ch_0", "ch_1", None]),
        "reason": st.sampled_from(["fraudulent", None, LONG]),
        "latest_charge": st.sampled_from(
            [None, "ch_0", {"id": "ch_0", "payment_intent": "pi_1", "currency": "inr", "amount_refunded": 400}]
        ),
    }
)
RAZORPAY_LIES = st.fixed_dictionaries(
    {
        "event": st.sampled_from(RAZORPAY_EVENTS),
        "id": SUFFIXES.flatmap(lambda end: st.sampled_from(["pay", "rfnd", "disp"]).map(lambda kind: kind + end)),
        "status": st.sampled_from(RAZORPAY_STATUSES),
        "amount": AMOUNTS,
        "currency": CURRENCIES,
        "amount_refunded": FLAGS,
        "refund_status": FLAGS,
        "captured": FLAGS,
        "payment_id": st.sampled_from(["pay_0", "pay_1", "pay_00000000000000", "qr_00000000000000", LONG, None]),
        "order_id": st.sampled_from([None, "order_1"]),
        "reason_code": st.sampled_from(["fraud", None, LONG]),
        "receipt": st.sampled_from([None, "#126", LONG]),
        "capture": st.sampled_from([None, "manual", LONG]),
        "created_at": FLAGS,
    }
)
SANDBOX_LIES = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["approved", "approved", "approved", "declined", "held", "held", "maybe", None]),
        "held_until": st.sampled_from([None, 0, -1, 1_800_000_000_000, 10**40, "soon"]),
        "reference": SUFFIXES.map(lambda end: "sbx" + end),
        "amount_minor": AMOUNTS,
        "currency": CURRENCIES,
        "code": st.sampled_from(["no", LONG, None]),
        "reason": st.sampled_from(["No.", LONG, None]),
    }
)
SAYINGS: st.SearchStrategy[tuple[str, dict[str, Any], int]] = st.one_of(
    st.tuples(st.just("stripe"), STRIPE_LIES, st.integers(0, 6)),
    st.tuples(st.just("razorpay"), RAZORPAY_LIES, st.integers(0, 6)),
    st.tuples(st.just("sandbox"), SANDBOX_LIES, st.integers(0, 6)),
    st.tuples(st.sampled_from(ACTS), st.just({}), st.integers(0, 6)),
)
